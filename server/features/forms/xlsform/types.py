"""What the column `type` says: a kind of question, the begin or end of a group or repeat, or what we don't offer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT

_FROM_PYXFORM: Final[Mapping[tuple[str | None, str | None], str]] = {
    ("input", "string"): "text",
    ("input", "int"): "integer",
    ("input", "decimal"): "decimal",
    ("input", "date"): "date",
    ("input", "time"): "time",
    ("input", "dateTime"): "datetime",
    ("input", "geopoint"): "geopoint",
    ("input", "barcode"): "barcode",
    ("trigger", "string"): "acknowledge",
    ("trigger", None): "acknowledge",
    ("range", "int"): "range",
    (None, "string"): "calculate",
}
_UPLOADS: Final = {"image/*": "image", "application/*": "file", "audio/*": "audio"}
_SELECTS: Final = {"select one": "select_one", "select all that apply": "select_multiple", "rank": "rank"}

LEFT_OUT: Final = frozenset({"audit", "background-audio", "start-geopoint", "background-geopoint"})
"""Recorded by a phone beside the form; nobody misses them. Types with a `jr:preload` are left out too."""

REFUSED: Final = frozenset(
    {"video", "geotrace", "geoshape", "osm", "csv-external", "xml-external", "hidden", "cascading_select", "include"}
)


@dataclass(frozen=True, slots=True)
class Type:
    """`kind` is a question's type, `begin group`, `begin repeat`, `end group` or `end repeat`, or what is wrong:
    `left_out`, `refused` or `unknown`, of which `name` says more. `choices` is the list's name."""

    kind: str
    name: str = ""
    choices: str = ""
    or_other: bool = False


def parse(text: str) -> Type:
    """Read the cell `type`."""
    text = " ".join(text.split())
    begin, end = RE_BEGIN_CONTROL.search(text), RE_END_CONTROL.search(text)
    if begin or end:
        found = begin or end
        assert found is not None
        control = aliases.control[found["type"]]
        if begin and (control == "loop" or begin["list_name"]):
            return Type("refused", "begin loop")
        return Type(f"{'begin' if begin else 'end'} {control}")
    select = RE_SELECT.search(text)
    if select:
        return _select(select)
    if re.match(r"select|rank\b|add select", text):
        return Type("list", text)
    return _plain(text)


def _select(match: re.Match[str]) -> Type:
    command, choices = match["select_command"], match["list_name"]
    if command in aliases.select_from_file or command == "select_one_external" or "${" in choices:
        return Type("refused", command if "${" not in choices else f"{command} ${{...}}")
    return Type(_SELECTS[aliases.select[command]], choices=choices, or_other=match["specify_other"] is not None)


def _plain(text: str) -> Type:
    """Read a type without a list: pyxform's dictionary says what it asks for."""
    known = QUESTION_TYPE_DICT.get(aliases._type_alias_map.get(text, text))
    if text.partition(" ")[0] in REFUSED or text in aliases.settings_header:
        return Type("refused", text)
    if known is None:
        close = get_close_matches(text.lower(), _SIMPLE, n=1, cutoff=0.6)
        return Type("unknown", close[0] if close else "")
    bind, control = known.get("bind", {}), known.get("control", {})
    if "jr:preload" in bind or text in LEFT_OUT:
        return Type("left_out", text)
    if "constraint" in bind:
        return Type("refused", text)
    if "readonly" in bind:
        return Type("note")
    asked = _UPLOADS.get(control.get("mediatype")) or _FROM_PYXFORM.get((control.get("tag"), bind.get("type")))
    return Type(asked or "refused", text)


_SIMPLE: Final = (
    *("text", "integer", "decimal", "date", "time", "dateTime", "calculate", "note", "image", "file", "audio"),
    *("geopoint", "barcode", "acknowledge", "range", "rank", "select_one", "select_multiple"),
    *("begin group", "end group", "begin repeat", "end repeat"),
)
