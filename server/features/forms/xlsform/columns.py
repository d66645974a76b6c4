"""What the columns of each sheet are: pyxform knows their aliases; what it would pass over in silence is told here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyxform import aliases
from pyxform.parsing.sheet_headers import process_header, to_snake_case

from server.features.forms.xlsform.problems import Cell, Findings
from server.features.forms.xlsform.workbook import Row, Sheet

_TEXTS: Final = frozenset({"label", "hint", "guidance_hint", "required_message", "constraint_message"})
_OFFICE_TEXTS: Final = frozenset({"title", "summary", "fee_note", "days_note", "result", "authority", "search"})

KNOWN: Final[Mapping[str, frozenset[str]]] = {
    "survey": _TEXTS
    | {"type", "name", "required", "relevant", "constraint", "calculation", "default", "read_only", "choice_filter"}
    | {"appearance", "parameters", "repeat_count", "fill", "register", "disabled"},
    "choices": frozenset({"list_name", "name", "label"}),
    "settings": _OFFICE_TEXTS
    | {"form_id", "version", "unit", "fee", "days", "signer", "default_language", "instance_name"}
    | {"allow_choice_duplicates", "public_key"},
    "bring": frozenset({"label"}),
    "notes": frozenset({"note"}),
}
"""The columns that mean something to us; all others are refused or told to be left out."""

_REFUSED: Final = frozenset({"trigger", "save_to", "intent", "query", "entities:saveto"})
"""Columns without which a form would do something else than its author meant."""

_NAMED: Final[Mapping[tuple[str, ...], str]] = {
    ("bind", "relevant"): "relevant",
    ("bind", "required"): "required",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("bind", "readonly"): "read_only",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
    ("bind", "entities:saveto"): "save_to",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
    ("list name",): "list_name",
    ("id_string",): "form_id",
    ("guidance",): "guidance_hint",
}
_ALIASES: Final[Mapping[str, Mapping[str, str | tuple[str, ...]]]] = {
    "survey": aliases.survey_header,
    "choices": aliases.list_header,
    "settings": aliases.settings_header,
}
_LANGUAGES: Final[Mapping[str, str]] = {
    "vi": "vi",
    "vietnamese": "vi",
    "tiếng việt": "vi",
    "tieng viet": "vi",
    "en": "en",
    "english": "en",
    "tiếng anh": "en",
    "tieng anh": "en",
}
_CODE: Final = re.compile(r"\(\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)?\s*\)\s*$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its `key` in `KNOWN`, or what its author called it; the language of its texts, if it names one."""

    key: str
    language: str
    header: Cell


class Table:
    """A sheet whose columns are known: cells by key, and texts by key and language."""

    def __init__(self, sheet: Sheet, kind: str, findings: Findings, *, extra: bool = False) -> None:
        self.sheet = sheet
        self.kind = kind
        self.columns: dict[int, Column] = {}
        self._read(findings, extra=extra)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.sheet.rows

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns.values())

    @property
    def languages(self) -> frozenset[str]:
        """The languages that columns of texts name; empty text for columns that name none."""
        texts = _TEXTS | _OFFICE_TEXTS
        return frozenset(column.language for column in self.columns.values() if column.key in texts)

    def cell(self, row: Row, key: str) -> Cell | None:
        """Return the cell of a column, whatever its language."""
        for at, column in self.columns.items():
            if column.key == key and at in row.cells:
                return row.cells[at]
        return None

    def texts(self, row: Row, key: str) -> dict[str, Cell]:
        """Return the cells of a column by language."""
        found = {column.language: row.cells.get(at) for at, column in self.columns.items() if column.key == key}
        return {language: cell for language, cell in found.items() if cell is not None}

    def place(self, row: Row, key: str = "") -> Cell:
        """Return where a cell is, or would be if it were not empty."""
        cell = self.cell(row, key) if key else None
        if cell is not None:
            return cell
        for at, column in self.columns.items():
            if column.key == key:
                place = column.header.place
                return Cell("", type(place)(place.sheet, row.number, at, column.header.text))
        return Cell("", type(next(iter(row.cells.values())).place)(self.sheet.name, row.number))

    def _read(self, findings: Findings, *, extra: bool) -> None:
        seen: dict[tuple[str, str], Cell] = {}
        double = any("::" in cell.text for cell in self.sheet.header.values())
        for at, cell in self.sheet.header.items():
            column = _column(cell, self.kind, double)
            other = seen.setdefault((column.key, column.language), cell)
            if other is not cell:
                findings.error("column_twice", cell.place, name=cell.text, other=other.text)
                continue
            self.columns[at] = column
            used = any(at in row.cells for row in self.sheet.rows)
            if column.key not in KNOWN[self.kind] and not cell.text.startswith("_") and not extra:
                self._unknown(cell, column.key, findings, used=used)
        for row in self.sheet.rows:
            for at, cell in row.cells.items():
                if at not in self.sheet.header:
                    findings.warn("cell_headless", cell.place, got=cell.text)

    def _unknown(self, cell: Cell, key: str, findings: Findings, *, used: bool) -> None:
        close = get_close_matches(to_snake_case(key.split(":", maxsplit=1)[0]), KNOWN[self.kind], n=1, cutoff=0.8)
        if key in _REFUSED:
            if used:
                findings.error("column_refused", cell.place, name=cell.text)
        elif close:
            findings.error("column_misspelt", cell.place, name=cell.text, close=close[0])
        elif used:
            findings.warn("column_ignored", cell.place, name=cell.text)


def _column(cell: Cell, kind: str, double: bool) -> Column:
    _, tokens = process_header(
        header=" ".join(cell.text.split()),
        use_double_colon=double,
        header_aliases=dict(_ALIASES.get(kind, {})),
        header_columns=KNOWN[kind],
    )
    for length in (2, 1):
        key = _NAMED.get(tuple(tokens[:length]))
        if key is not None:
            return Column(key, language_of(tokens[length]) if len(tokens) > length else "", cell)
    if tokens[0] in _TEXTS | _OFFICE_TEXTS and len(tokens) > 1:
        return Column(tokens[0], language_of(tokens[1]), cell)
    return Column(":".join(tokens) if tokens[0] not in KNOWN[kind] else tokens[0], "", cell)


def language_of(name: str) -> str:
    """Return `vi` or `en` for the name of a language such as `Tiếng Việt (vi)`; any other name as it is."""
    code = _CODE.search(name)
    return _LANGUAGES.get((code[1] if code else name).strip().lower(), name.strip())
