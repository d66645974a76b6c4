"""Literals in `default`, as answers of their question's type."""

from __future__ import annotations

import re
from datetime import date, time
from difflib import get_close_matches
from typing import Final

from server.features.forms.xlsform.choices import List
from server.features.forms.xlsform.outline import Node
from server.features.forms.xlsform.problems import Cell, Findings

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_POINT: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?( -?[0-9]+(\.[0-9]+)?){3}")
_EXAMPLES: Final = {
    "integer": "3",
    "decimal": "2.5",
    "range": "3",
    "date": "2026-11-25",
    "time": "08:30",
    "datetime": "2026-11-25T08:30",
    "geopoint": "10.77 106.70 0 0",
    "acknowledge": "OK",
}


def static_default(cell: Cell, node: Node, choices: List | None, findings: Findings) -> str | int | list[str] | None:
    """Return the literal as an answer, or None with an error when it is none of the type."""
    if choices is not None:
        return _chosen(cell, node, choices, findings)
    answer = _literal(node.kind, cell.text)
    if answer is None and node.kind in _EXAMPLES:
        findings.error("default_shape", cell.place, got=cell.text, type=node.kind, example=_EXAMPLES[node.kind])
    return answer


def _literal(kind: str, text: str) -> str | int | None:
    answer: str | int | None = None
    if kind in ("integer", "range") and _INTEGER.fullmatch(text):
        answer = int(text)
    elif kind in ("decimal", "range") and _DECIMAL.fullmatch(text):
        answer = _canonical(text)
    elif kind in ("text", "barcode"):
        answer = text if kind == "text" else " ".join(text.split())
    elif kind in ("date", "time", "datetime"):
        answer = _moment(kind, text) or None
    elif kind == "acknowledge" and text.upper() == "OK":
        answer = "OK"
    elif kind == "geopoint" and _POINT.fullmatch(text):
        answer = text
    return answer


def _chosen(cell: Cell, node: Node, choices: List, findings: Findings) -> str | list[str] | None:
    names = cell.text.split()
    for name in names:
        if name not in choices.names:
            close = get_close_matches(name, sorted(choices.names), n=1, cutoff=0.5)
            some = close[0] if close else ", ".join(choice.name for choice in choices.choices[:5])
            findings.error("default_choice", cell.place, got=name, list=choices.name, close=some)
            return None
    if node.kind == "select_one":
        if len(names) != 1:
            findings.error("default_choice", cell.place, got=cell.text, list=choices.name, close=names[0])
            return None
        return names[0]
    ordered = [choice.name for choice in choices.choices if choice.name in names]
    if node.kind == "rank":
        if set(names) != choices.names:
            findings.error("default_rank", cell.place, list=choices.name)
            return None
        return names
    return ordered


def _canonical(text: str) -> str:
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _moment(kind: str, text: str) -> str:
    """Return a date or time as answers have it, or an empty text."""
    day, _, clock = text.replace(" ", "T").partition("T")
    if kind == "time":
        day, clock = "", text
    try:
        days = date.fromisoformat(day).isoformat() if day else ""
        hours = time.fromisoformat(clock[:5]).isoformat(timespec="minutes") if clock else ""
    except ValueError:
        return ""
    if kind == "date":
        return days
    if kind == "time":
        return hours
    return f"{days}T{hours or '00:00'}"
