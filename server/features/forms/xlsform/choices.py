"""The sheet `choices`: lists, and the columns that filters look at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.outline import lowered
from server.features.forms.xlsform.problems import Cell, Findings, Place
from server.features.forms.xlsform.texts import Text, Texts
from server.features.forms.xlsform.workbook import Row

NONE: Final = Place("choices")
_LIST: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_COLUMN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
OTHER: Final[Text] = {"vi": "Khác", "en": "Other"}


@dataclass(slots=True)
class Choice:
    name: str
    label: Text
    place: Place
    columns: dict[str, str]


@dataclass(slots=True)
class List:
    """A list of choices. `used` are the columns that some filter looks at; `needed` whether the form has it."""

    name: str
    place: Place
    choices: list[Choice] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    needed: bool = False
    asked: bool = False
    """Whether a question names it, be it in vain."""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(choice.name for choice in self.choices)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(column for choice in self.choices for column in choice.columns)

    def to_json(self) -> list[dict[str, object]]:
        used = sorted(self.used - {"name"})
        return [
            {"name": choice.name, "label": choice.label, **{each: choice.columns.get(each, "") for each in used}}
            for choice in self.choices
        ]


class Lists:
    """Every list by name."""

    def __init__(self, lists: dict[str, List], columns: dict[str, Cell]) -> None:
        self._lists = lists
        self._columns = columns
        self._used: set[str] = set()

    def find(self, name: str) -> List | None:
        found = self._lists.get(lowered(name))
        if found is not None:
            found.asked = True
        return found

    def close(self, name: str) -> str:
        found = get_close_matches(name, [each.name for each in self._lists.values()], n=1, cutoff=0.5)
        return found[0] if found else ""

    def with_other(self, of: List) -> List:
        """Return the list with a choice `other`, as `or_other` asks for; the list itself may serve other questions."""
        if "other" in of.names:
            return of
        name = f"{of.name}_or_other"
        if name not in self._lists:
            other = Choice("other", OTHER, of.place, {})
            self._lists[name] = List(name, of.place, [*of.choices, other], of.used)
        return self._lists[name]

    def unused(self, findings: Findings) -> None:
        """Tell of lists and columns that nothing uses: they are not part of the form."""
        for each in self._lists.values():
            if not each.needed and not each.asked:
                findings.warn("list_unused", each.place, name=each.name)
        used = {column for each in self._lists.values() for column in each.used}
        for column, header in self._columns.items():
            if column not in used:
                findings.warn("column_ignored", header.place, name=header.text)

    def to_json(self) -> dict[str, object]:
        return {each.name: each.to_json() for each in self._lists.values() if each.needed}


def lists(table: Table | None, texts: Texts, findings: Findings) -> Lists:
    """Read every list."""
    if table is None:
        return Lists({}, {})
    for key in ("list_name", "name"):
        if not table.has(key):
            findings.error("column_missing", Place(table.sheet.name, 1), name=key)
            return Lists({}, {})
    extra: dict[str, Cell] = {}
    for column in table.columns.values():
        named = column.key not in ("list_name", "name", "label") and _COLUMN.fullmatch(column.key) is not None
        if (
            named
            and not column.key.startswith("_")
            and any(column.header.place.column in row.cells for row in table.rows)
        ):
            extra[column.key] = column.header
    found: dict[str, List] = {}
    for row in table.rows:
        _row(table, row, found, extra=extra, texts=texts, findings=findings)
    return Lists(found, extra)


def _row(
    table: Table, row: Row, found: dict[str, List], *, extra: dict[str, Cell], texts: Texts, findings: Findings
) -> None:
    list_name, name = table.cell(row, "list_name"), table.cell(row, "name")
    label = texts.read(table, row, "label")
    if list_name is None:
        if name is None and label is None:
            findings.warn("row_comment", table.place(row).place, got=next(iter(row.cells.values())).text)
        else:
            findings.error("list_missing", table.place(row, "list_name").place)
        return
    key = lowered(list_name.text)
    if not _LIST.fullmatch(key):
        findings.error("list_shape", list_name.place, got=list_name.text)
    each = found.setdefault(key, List(key, list_name.place))
    if name is None:
        findings.error("choice_name_missing", table.place(row, "name").place)
        return
    if not _NAME.fullmatch(name.text):
        findings.error("choice_name_shape", name.place, got=name.text)
    if label is None:
        findings.error("choice_label_missing", table.place(row, "label").place, name=name.text)
        label = {"vi": name.text, "en": name.text}
    twice = next((choice for choice in each.choices if choice.name == name.text), None)
    if twice is not None:
        findings.error("choice_twice", name.place, name=name.text, row=twice.place.row)
        return
    cells = {column: row.cells.get(header.place.column) for column, header in extra.items()}
    columns = {column: cell.text for column, cell in cells.items() if cell is not None}
    each.choices.append(Choice(name.text, label, name.place, columns))
