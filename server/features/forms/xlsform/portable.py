"""The second opinion of pyxform: a form that we take should be one for ODK's own tools too."""

from __future__ import annotations

import re
from typing import Any, Final

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from server.features.forms.xlsform.columns import KNOWN
from server.features.forms.xlsform.problems import FILE, Findings, Place
from server.features.forms.xlsform.workbook import Book, Sheet

_ROW: Final = re.compile(r"\[row : (\d+)\]\s*")
_SHEET: Final = re.compile(r"On the '(\w+)' sheet")
_OURS: Final = frozenset({"fill", "register", "unit", "summary", "fee", "fee_note", "days", "days_note", "result"}) | {
    *("authority", "search", "signer", "title", "allow_choice_duplicates"),
}


def check(book: Book, findings: Findings) -> None:
    """Let pyxform convert the same cells, without the columns that only we have; what it refuses is an error."""
    workbook: dict[str, Any] = {"sheet_names": list(book.names)}
    for kind in ("survey", "choices", "settings"):
        if kind in book.sheets:
            sheet = _without_ours(book.sheets[kind])
            headers = {cell.text: None for cell in sheet.header.values()}
            workbook[kind] = _rows(sheet)
            workbook[f"{kind}_header"] = [headers]
    try:
        convert(workbook, form_name="data", validate=False)
    except PyXFormError as error:
        _note(str(error), book, findings)
    except Exception as error:  # noqa: BLE001  # what breaks pyxform would break an author's other tools as well
        findings.error("pyxform", FILE, message=f"{type(error).__name__}: {error}")


def _rows(sheet: Sheet) -> list[dict[str, str]]:
    last = sheet.rows[-1].number if sheet.rows else 1
    rows: list[dict[str, str]] = [{} for _ in range(2, last + 1)]  # empty ones too: pyxform counts them
    for row in sheet.rows:
        rows[row.number - 2] = {
            sheet.header[at].text: cell.text for at, cell in row.cells.items() if at in sheet.header
        }
    return rows


def _without_ours(sheet: Sheet) -> Sheet:
    def ours(header: str) -> bool:
        return header.partition("::")[0].strip().lower() in _OURS or header.startswith("_")

    return Sheet(sheet.name, {at: cell for at, cell in sheet.header.items() if not ours(cell.text)}, sheet.rows)


def _note(message: str, book: Book, findings: Findings) -> None:
    row, sheet = _ROW.search(message), _SHEET.search(message)
    kind = sheet[1] if sheet and sheet[1] in KNOWN else "survey"
    place = Place(book.sheets[kind].name, int(row[1])) if row and kind in book.sheets else FILE
    findings.error("pyxform", place, message=_ROW.sub("", message))
