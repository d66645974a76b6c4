"""The cases of `card.json`: the text on the citizen card. The numbers are made up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.codes.cccd import parse_card

_GOOD = "079190001234|025123456|Nguyễn Thị Minh Khai|01091990|Nữ|12 Lê Lợi, Bến Nghé, Quận 1, TP. Hồ Chí Minh|25042021"
_CARDS = [
    ("as printed since 2021", _GOOD),
    ("without an old number", _GOOD.replace("025123456", "")),
    ("with an old number of 12 digits", _GOOD.replace("025123456", "079190004321")),
    ("with more fields, as cards of 2024 have", f"{_GOOD}||||"),
    ("with letters and marks apart", _GOOD.replace("ễ", "e\u0302\u0303")),
    ("with spaces and a line end", f" {_GOOD.replace('|', ' | ')}\r\n"),
    ("a man, born on 29 February", _GOOD.replace("Nữ", "Nam").replace("01091990", "29021992")),
]
_BAD = [
    ("nothing", ""),
    ("an invitation", "MCI1:QED8WEX0"),
    ("a number of 9 digits", _GOOD[3:]),
    ("a number in digits of another script", _GOOD.replace("079190001234", "\u0660" * 12)),
    ("a field missing", _GOOD.rpartition("|")[0]),
    ("no name", _GOOD.replace("Nguyễn Thị Minh Khai", "")),
    ("no address", _GOOD.replace("12 Lê Lợi, Bến Nghé, Quận 1, TP. Hồ Chí Minh", " ")),
    ("another sex", _GOOD.replace("Nữ", "X")),
    ("29 February in a common year", _GOOD.replace("01091990", "29021990")),
    ("month first", _GOOD.replace("25042021", "04252021")),
    ("no date", _GOOD.replace("01091990", "")),
    ("year 0", _GOOD.replace("01091990", "01010000")),
    ("longer than any card", f"{_GOOD}|{'x' * 1000}"),
]


def made() -> dict[str, Any]:
    return {
        "cards": [{"name": name, "text": text, "card": asdict(parse_card(text))} for name, text in _CARDS],
        "not_cards": [{"name": name, "text": text} for name, text in _BAD],
    }
