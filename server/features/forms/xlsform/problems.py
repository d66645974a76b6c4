"""What is wrong with a spreadsheet, and where: one table of messages in both languages, filled in here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from openpyxl.utils import get_column_letter

Language: TypeAlias = str
MESSAGES: Final[Mapping[str, Mapping[Language, str]]] = json.loads(
    (Path(__file__).parent / "messages.json").read_text(encoding="utf-8")
)
MOST: Final = 200
"""So many problems are kept of each sort; whoever has more mends the first ones first."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the workbook: `row` counts from 1 as the spreadsheet shows it, `column` too; 0 is none."""

    sheet: str = ""
    row: int = 0
    column: int = 0
    header: str = ""

    @property
    def letter(self) -> str:
        return get_column_letter(self.column) if self.column else ""

    def __str__(self) -> str:
        parts = [self.sheet, f"{self.letter}{self.row or ''}", f"({self.header})" if self.header else ""]
        return " ".join(part for part in parts if part)


FILE: Final = Place()
"""The workbook as a whole."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `code` names a message of `messages.json`; `fields` fill it in."""

    place: Place
    code: str
    fields: tuple[tuple[str, str], ...] = ()

    def message(self, language: Language) -> str:
        """Say what was expected and what came."""
        return MESSAGES[self.code][language].format_map(dict(self.fields))

    def to_json(self) -> dict[str, str | int]:
        """Return the shape that the officer's screen shows."""
        place = self.place
        return {
            "sheet": place.sheet,
            "row": place.row,
            "column": place.letter,
            "header": place.header,
            "code": self.code,
            "vi": self.message("vi"),
            "en": self.message("en"),
        }


def problem(code: str, place: Place = FILE, **fields: object) -> Problem:
    """Return a problem with its message's fields, each on one line and short."""
    return Problem(place, code, tuple((name, _short(str(value))) for name, value in fields.items()))


class Refused(Exception):
    """The file can't be read as a workbook at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message("en"))
        self.problem = problem


class Findings:
    """Gathers problems while a workbook is read. Each is kept once, in the order of the sheets."""

    def __init__(self) -> None:
        self._errors: dict[Problem, None] = {}
        self._warnings: dict[Problem, None] = {}

    def error(self, code: str, place: Place, **fields: object) -> None:
        """Note what must be mended."""
        _note(self._errors, problem(code, place, **fields))

    def warn(self, code: str, place: Place, **fields: object) -> None:
        """Note what the author should know of, and what does no harm."""
        _note(self._warnings, problem(code, place, **fields))

    @property
    def errors(self) -> tuple[Problem, ...]:
        return _sorted(self._errors)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return _sorted(self._warnings)


def _note(notes: dict[Problem, None], noted: Problem) -> None:
    if len(notes) < MOST:
        notes[noted] = None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:117]}..."


def _sorted(notes: Mapping[Problem, None]) -> tuple[Problem, ...]:
    sheets = {name: index for index, name in enumerate(("", "settings", "survey", "choices", "bring", "notes"))}
    return tuple(sorted(notes, key=lambda p: (sheets.get(p.place.sheet.lower(), 9), p.place.row, p.place.column)))
