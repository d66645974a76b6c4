"""The sheets `settings`, `bring` and `notes`: what an office says about the procedure beside its questions."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, TypeVar

from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.problems import FILE, Cell, Findings, Place
from server.features.forms.xlsform.texts import Text, Texts
from server.features.forms.xlsform.workbook import Row

T = TypeVar("T")

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")
_AMOUNT: Final = re.compile(r"0|[1-9][0-9]{0,11}")
_REQUIRED: Final = ("title", "summary", "result", "authority")
_SIGNERS: Final = ("applicant", "người nộp")
UNIT: Final = "unit"
"""Stands for the unit until the form is published by one."""


class Settings:
    """Reads the row of `settings`; what is missing is told once and stands in for until then."""

    def __init__(self, table: Table | None, texts: Texts, findings: Findings, name: str) -> None:
        self._table = table
        self._row: Row | None = table.rows[0] if table is not None and table.rows else None
        self._texts = texts
        self._findings = findings
        self._name = name
        self._lacking: list[str] = []
        if table is not None:
            for row in table.rows[1:]:
                findings.warn("settings_rows", table.place(row).place)

    def to_json(self, *, unit: str | None) -> dict[str, object]:
        """Return the members of a form that say what it is for."""
        self._refuse()
        code = self._matching("form_id", _CODE, 64) or _slug(self._name)
        given = self._matching("unit", _CODE, 64, needed=unit is None)
        if given and unit and given != unit:
            cell = self._cell("unit")
            self._findings.error("unit_other", cell.place if cell else FILE, got=given, unit=unit)
        form: dict[str, object] = {
            "code": code,
            "version": self._matching("version", _VERSION, 32) or "0",
            "unit": unit or given or UNIT,
        }
        for key in _REQUIRED:
            form[key] = self._text(key) or self._missing(key, {"vi": code, "en": code})
        search = self._text("search")
        if search:
            form["search"] = search
        form["fee"] = {"amount": self._matching("fee", _AMOUNT, 12) or "0", **self._note("fee_note")}
        form["days"] = {"working": self._days(), **self._note("days_note")}
        if self._lacking:
            place = Place(self._table.sheet.name, 2) if self._table is not None else FILE
            self._findings.warn("setting_missing", place, keys=", ".join(self._lacking))
        return form

    def _refuse(self) -> None:
        for key, allowed in (("allow_choice_duplicates", ("no", "false")), ("public_key", ()), ("signer", _SIGNERS)):
            cell = self._cell(key)
            if cell is not None and cell.text.lower() not in allowed:
                self._findings.error(f"setting_{key}", cell.place, got=cell.text)
        instance = self._cell("instance_name")
        if instance is not None:
            self._findings.warn("column_ignored", instance.place, name="instance_name")

    def _days(self) -> int:
        text = self._matching("days", re.compile(r"[0-9]{1,3}"), 3)
        if text and int(text) > 366:
            cell = self._cell("days")
            self._findings.error("setting_shape", cell.place if cell else FILE, key="days", got=text, expected="0..366")
            return 0
        return int(text or 0)

    def _note(self, key: str) -> dict[str, Text]:
        text = self._text(key)
        return {"note": text} if text else {}

    def _text(self, key: str) -> Text | None:
        if self._table is None or self._row is None:
            return None
        return self._texts.read(self._table, self._row, key)

    def _cell(self, key: str) -> Cell | None:
        if self._table is None or self._row is None:
            return None
        return self._table.cell(self._row, key)

    def _matching(self, key: str, pattern: re.Pattern[str], most: int, *, needed: bool = True) -> str:
        cell = self._cell(key)
        if cell is None:
            return self._missing(key, "") if needed else ""
        if not pattern.fullmatch(cell.text) or len(cell.text) > most:
            expected = {"form_id": "birth-registration", "unit": "ben-thanh", "version": "2026-11-01", "fee": "25000"}
            example = expected.get(key, "3")
            self._findings.error("setting_shape", cell.place, key=key, got=cell.text, expected=example)
            return ""
        return cell.text

    def _missing(self, key: str, instead: T) -> T:
        self._lacking.append(key)
        return instead


def bring(table: Table | None, texts: Texts) -> list[Text]:
    """Return what to bring, in the order of the sheet."""
    if table is None:
        return []
    found = [texts.read(table, row, "label") for row in table.rows]
    return [text for text in found if text is not None]


def notes(table: Table | None) -> list[str]:
    """Return the notes for editors."""
    cells = [table.cell(row, "note") for row in table.rows] if table is not None else []
    return [" ".join(cell.text.split())[:2_000] for cell in cells if cell is not None]


def _slug(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", PurePath(name).stem.lower())
    return "-".join(words)[:64].strip("-") or "form"
