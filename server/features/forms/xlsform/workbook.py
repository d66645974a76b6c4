"""A workbook as sheets of located cells: what pyxform's reader gives, and where each cell stands."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.worksheet._reader import WorkSheetParser

from server.features.forms.xlsform.container import opened
from server.features.forms.xlsform.problems import Cell, Findings, Place, Refused, problem

SHEETS: Final = 30
ROWS: Final = 3_000
ELEMENTS: Final = 20_000
"""Rows that a sheet may hold in its file: a program writes those that have no more than a colour, too."""
COLUMNS: Final = 120
CHARACTERS: Final = 10_000
KNOWN: Final = ("survey", "choices", "settings", "bring", "notes", "external_choices", "osm", "entities")


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number, and its cells that are not empty by column, counted from 1."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: `name` as its author wrote it, the cells of its first row, and the rows below."""

    name: str
    header: Mapping[int, Cell]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets that have a meaning by lower-case name, and the names of all."""

    sheets: Mapping[str, Sheet]
    names: tuple[str, ...]


def read(data: bytes, findings: Findings) -> Book:
    """Read the sheets that have a meaning. What is no workbook raises `Refused`; odd cells become findings."""
    archive = opened(data)
    try:
        with archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on styles
            return _read(io.BytesIO(data), archive, findings)
    except Refused:
        raise
    except Exception as error:  # whatever openpyxl stumbles over, the file is no sound workbook
        raise Refused(problem("file_broken", reason=f"{type(error).__name__} {error}")) from error


def _read(file: io.BytesIO, archive: zipfile.ZipFile, findings: Findings) -> Book:
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    names = tuple(book.sheetnames)
    if len(names) > SHEETS:
        raise Refused(problem("file_sheets", got=len(names), most=SHEETS))
    sheets: dict[str, Sheet] = {}
    for sheet in book.worksheets:
        key = sheet.title.strip().lower()
        if key in sheets:
            findings.error("sheet_twice", Place(sheet.title), name=sheet.title)
        elif key in KNOWN or len(names) == 1:
            sheets[key if key in KNOWN else "survey"] = _sheet(book, sheet, archive, findings)
    return Book(sheets, names)


def _sheet(book: Any, sheet: Any, archive: zipfile.ZipFile, findings: Findings) -> Sheet:
    header: dict[int, Cell] = {}
    rows: list[Row] = []
    with archive.open(sheet._worksheet_path.lstrip("/")) as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        parser.parse_formula = lambda element: "="  # a formula is refused, so nobody needs to work it out
        for seen, (number, cells) in enumerate(parser.parse()):
            read = {cell.place.column: cell for cell in _cells(sheet.title, number, cells, header, findings)}
            if number == 1:
                header = read
            elif (read and number > ROWS) or seen > ELEMENTS:
                findings.error("sheet_rows", Place(sheet.title, number), most=ROWS)
                break
            elif read:
                rows.append(Row(number, read))
    for area in parser.merged_cells.mergeCell if parser.merged_cells else ():
        findings.error("cell_merged", _at(sheet.title, area.min_row, area.min_col, header), area=area.coord)
    return Sheet(sheet.title, header, tuple(rows))


def _cells(sheet: str, number: int, cells: list[Any], header: Mapping[int, Cell], findings: Findings) -> Iterator[Cell]:
    for cell in cells:
        column, value = cell["column"], cell["value"]
        if value is None or (isinstance(value, str) and not value.strip() and cell["data_type"] != "f"):
            continue
        place = _at(sheet, number, column, header)
        if column > COLUMNS:
            findings.error("sheet_columns", place, most=COLUMNS)
            return
        if cell["data_type"] == "f":
            findings.error("cell_formula", place)
        elif cell["data_type"] == "e":
            findings.error("cell_error", place, got=value)
        else:
            text = _text(value)
            if len(text) > CHARACTERS:
                findings.error("cell_long", place, most=CHARACTERS, got=len(text))
                text = text[:CHARACTERS]
            yield Cell(text, place)


def _at(sheet: str, row: int, column: int, header: Mapping[int, Cell]) -> Place:
    return Place(sheet, row, column, header[column].text if column in header else "")


def _text(value: object) -> str:
    """Write a value as its author reads it: whole numbers without a point, dates as ODK writes them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes")
    # As pyxform does, a no-break space counts as a space.
    return str(value).replace("\xa0", " ").strip()
