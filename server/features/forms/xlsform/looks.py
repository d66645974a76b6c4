"""Columns that say how a question looks and where its answer comes from: appearance, parameters, fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from pyxform.errors import PyXFormError
from pyxform.parsing import parameters as pyxform_parameters

from server.features.forms.xlsform.outline import Node
from server.features.forms.xlsform.problems import Cell, Findings

_LOOKS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "multiline": ("multiline", frozenset({"text"})),
    "numbers": ("numbers", frozenset({"text", "barcode"})),
    "tel": ("tel", frozenset({"text"})),
    "email": ("email", frozenset({"text"})),
    "minimal": ("minimal", frozenset({"select_one", "select_multiple"})),
    "autocomplete": ("minimal", frozenset({"select_one", "select_multiple"})),
    "search": ("minimal", frozenset({"select_one", "select_multiple"})),
    "likert": ("likert", frozenset({"select_one"})),
    "horizontal": ("horizontal", frozenset({"select_one", "select_multiple"})),
    "horizontal-compact": ("horizontal", frozenset({"select_one", "select_multiple"})),
    "columns-pack": ("horizontal", frozenset({"select_one", "select_multiple"})),
    "new": ("new", frozenset({"image", "audio", "file"})),
}
"""What we show for an appearance of ODK's, and the types for which it means something."""
_LIKE_INPUT: Final = frozenset({"text", "barcode"})
_REFUSED: Final = re.compile(r"ex:|search\(|pulldata\(|printer:|bearing$|signature$|draw$|annotate$|month-year$|year$")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_FILL: Final = re.compile(r"(person|card)/[a-z][a-z0-9_]*|last/[a-z0-9]+(-[a-z0-9]+)*/[a-z][a-z0-9_]*")
_DETAILS: Final = ("name", "number", "old_number", "birth_date", "sex", "address", "issued")
FILLS: Final = tuple(f"{source}/{detail}" for source in ("person", "card") for detail in _DETAILS)
"""What is known of a person beside their earlier forms (`known/sources.ts`)."""

_PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "range": frozenset({"start", "end", "step"}),
    "image": frozenset({"max-pixels"}),
}
_KNOWN_TO_ODK: Final[Mapping[str, frozenset[str]]] = {
    "select_one": frozenset({"randomize", "seed"}),
    "select_multiple": frozenset({"randomize", "seed"}),
    "rank": frozenset({"randomize", "seed"}),
    "range": frozenset({"tick_interval", "placeholder", "tick_labelset"}),
    "image": frozenset({"app"}),
    "audio": frozenset({"quality"}),
    "text": frozenset({"rows"}),
    "geopoint": frozenset({"allow-mock-accuracy", "capture-accuracy", "warning-accuracy", "reference-geometry"}),
}
_RANGE: Final = {"start": 1, "end": 10, "step": 1}  # pyxform's defaults


def appearance(cell: Cell | None, kind: str, findings: Findings) -> str | None:
    """Return the one appearance that we show; those that only decorate are told to be left out."""
    shown: str | None = None
    for word in cell.text.split() if cell is not None else ():
        assert cell is not None
        look = _LOOKS.get(word.lower())
        if look is not None and kind in look[1] and shown is None:
            shown = look[0]
        elif _REFUSED.match(word):
            findings.error("appearance_refused", cell.place, got=word, type=kind)
        elif look is None or look[0] != shown:
            findings.warn("appearance_ignored", cell.place, got=word, type=kind)
    return shown


def parameters(cell: Cell | None, node: Node, findings: Findings) -> dict[str, str | int] | None:
    """Return what `parameters` sets; a range has all three of its own, whether written or not."""
    found: dict[str, str | int] = dict(_RANGE) if node.kind == "range" else {}
    if cell is None:
        return found or None
    try:
        given = pyxform_parameters.parse(cell.text, row_number=cell.place.row)
    except PyXFormError:
        findings.error("parameters_shape", cell.place, got=cell.text)
        return found or None
    known = _PARAMETERS.get(node.kind, frozenset())
    for key, value in given.items():
        if key in known:
            found[key] = _number(key, value, cell, findings)
        elif key in _KNOWN_TO_ODK.get(node.kind, frozenset()):
            findings.warn("parameter_ignored", cell.place, name=f"{key}={value}")
        else:
            findings.error("parameter_unknown", cell.place, name=key, type=node.kind, known=", ".join(sorted(known)))
    if node.kind == "range":
        _check_range(found, cell, findings)
    pixels = found.get("max-pixels")
    if isinstance(pixels, int) and not 16 <= pixels <= 16_384:
        findings.error("parameter_pixels", cell.place, got=pixels)
    return found or None


def fill(cell: Cell | None, findings: Findings) -> str | None:
    """Return the sources of a known answer, apart by single spaces."""
    if cell is None:
        return None
    sources = cell.text.split()
    for source in sources:
        if not _FILL.fullmatch(source) or (not source.startswith("last/") and source not in FILLS):
            close = get_close_matches(source, FILLS, n=1, cutoff=0.5)
            findings.error("fill_unknown", cell.place, got=source, close=close[0] if close else "person/name")
    return " ".join(sources)


def _number(key: str, value: str, cell: Cell, findings: Findings) -> str | int:
    if not _NUMBER.fullmatch(value):
        findings.error("parameter_number", cell.place, name=key, got=value)
        return _RANGE.get(key, 1)
    return int(value) if "." not in value else value


def _check_range(found: Mapping[str, str | int], cell: Cell, findings: Findings) -> None:
    start, end, step = (float(found[key]) for key in ("start", "end", "step"))
    if step <= 0:
        findings.error("range_step", cell.place, got=found["step"])
    elif start >= end:
        findings.error("range_ends", cell.place, start=found["start"], end=found["end"])
    elif step > end - start:
        findings.error("range_step", cell.place, got=found["step"])
