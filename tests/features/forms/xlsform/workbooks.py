"""Spreadsheets for tests, written as markdown tables: a section for each sheet, and what is expected of them.

`## survey` and the like hold a sheet. Without `## settings` a whole one is added. A cell `{int 5}`, `{float 1.5}`,
`{bool 1}`, `{date 2026-11-25}`, `{time 08:30}` is no text; `\\n` is a line break, `\\p` a vertical bar.
`## expect` lists every problem as `error` or `warning`, sheet, cell (`-` for none) and code. `## form` gives members of
the form as `path` and JSON, such as `pages/0/questions/0/type` and `"text"`.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

SHEETS = Path(__file__).parent / "sheets"
Table = Sequence[Sequence[Any]]

SETTINGS: Table = (
    (
        *("form_id", "version", "unit", "title::vi", "title::en", "summary::vi", "summary::en", "fee", "days"),
        *("result::vi", "result::en", "authority::vi", "authority::en"),
    ),
    (
        *("thu", "1", "ben-thanh", "Thử", "Trial", "Tờ khai thử", "A trial", "0", "3"),
        *("Giấy", "Paper", "Phường", "Ward"),
    ),
)


@dataclass(frozen=True)
class Example:
    """A spreadsheet of `sheets/`."""

    name: str
    title: str
    sheets: dict[str, Table]
    expect: tuple[str, ...]
    form: dict[str, Any]
    merged: tuple[tuple[str, str], ...]


def examples() -> list[Example]:
    return [read(path) for path in sorted(SHEETS.glob("*.md"))]


def read(path: Path) -> Example:
    text = path.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", text, flags=re.MULTILINE))
    expect = tuple(line[2:] for line in sections.pop("expect", "").splitlines() if line.startswith("- "))
    form = {row[0]: json.loads(row[1]) for row in table(sections.pop("form", ""))[1:]}
    merged = tuple((line.split()[1], line.split()[2]) for line in sections.pop("merge", "").splitlines() if line)
    sheets = {name.strip(): table(body) for name, body in sections.items()}
    if "settings" not in {name.lower() for name in sheets} and "survey" in sheets:
        sheets["settings"] = SETTINGS
    return Example(path.stem, text.splitlines()[0].removeprefix("# "), sheets, expect, form, merged)


def table(text: str) -> Table:
    rows = [line.strip()[1:-1].split("|") for line in text.splitlines() if line.strip().startswith("|")]
    return [[_value(cell.strip()) for cell in row] for row in rows if not re.fullmatch(r"[-: ]*-[-: ]*", "".join(row))]


def workbook(sheets: dict[str, Table], merged: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return an `.xlsx` with these rows of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for name, area in merged:
        book[name].merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _value(cell: str) -> Any:
    typed = re.fullmatch(r"\{(int|float|bool|date|time|datetime) (.+)\}", cell)
    if not typed:
        return cell.replace("\\n", "\n").replace("\\p", "|") or None
    kind, text = typed.groups()
    return {
        "int": int,
        "float": float,
        "bool": lambda each: each == "1",
        "date": datetime.date.fromisoformat,
        "time": datetime.time.fromisoformat,
        "datetime": datetime.datetime.fromisoformat,
    }[kind](text)
