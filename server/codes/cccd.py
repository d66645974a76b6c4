"""The QR code on Vietnam's citizen card (CCCD): unsigned text. It fills forms and proves nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from server.codes.base import CodeError

_NUMBER: Final = re.compile(r"[0-9]{12}")
_OLD_NUMBER: Final = re.compile(r"(?:[0-9]{9}|[0-9]{12})?")
_DATE: Final = re.compile(r"[0-9]{8}")
_SEXES: Final = {"Nam": "male", "Nữ": "female"}
_FIELDS: Final = 7
_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Card:
    """What the card says. Dates are yyyy-mm-dd; `sex` is `male` or `female`; `old_number` may be empty."""

    number: str
    old_number: str
    name: str
    born: str
    sex: str
    address: str
    issued: str


def parse_card(text: str) -> Card:
    """Read `id|old id|name|ddmmyyyy|sex|address|ddmmyyyy`; cards of 2024 have more fields, which are left out.

    Anything else raises `CodeError("not_a_code")`.
    """
    if len(text) > _LONGEST:
        raise CodeError("not_a_code", f"expected at most {_LONGEST} characters, got {len(text)}")
    fields = [field.strip() for field in unicodedata.normalize("NFC", text).strip().split("|")]
    if len(fields) < _FIELDS:
        raise CodeError("not_a_code", f"expected {_FIELDS} fields, got {len(fields)}")
    number, old_number, name, born, sex, address, issued = fields[:_FIELDS]
    if not _NUMBER.fullmatch(number) or not _OLD_NUMBER.fullmatch(old_number):
        raise CodeError("not_a_code", "expected a number of 12 digits, and an old one of 9, 12 or none")
    if not name or not address or sex not in _SEXES:
        raise CodeError("not_a_code", "expected a name, an address, and Nam or Nữ")
    return Card(number, old_number, name, _date(born), _SEXES[sex], address, _date(issued))


def _date(text: str) -> str:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError("eight digits")
        return date(int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
    except ValueError as error:
        raise CodeError("not_a_code", f"expected a date ddmmyyyy: {error}") from error
