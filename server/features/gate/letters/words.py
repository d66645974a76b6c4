"""The letter's sentences in one language, and how that language writes times."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from server.days import VIETNAM
from server.features.gate.letters.content import Content, Language

_TEXTS: Final[dict[str, dict[str, str]]] = {
    language: json.loads((Path(__file__).parent / f"{language}.json").read_text(encoding="utf-8"))
    for language in ("vi", "en")
}
_DAYS_VI: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def say(language: Language, key: str, **values: str) -> str:
    """Return a sentence with its places filled."""
    return _TEXTS[language][key].format(**values)


def both(language: Language) -> tuple[Language, Language]:
    """Return the two languages, the addressee's first."""
    return ("vi", "en") if language == "vi" else ("en", "vi")


def facts(content: Content, language: Language) -> list[tuple[str, str]]:
    """Return what the addressee must know, as name and value; what is empty is left out."""
    place = content.place.in_(language)
    found = {
        "title": content.title,
        "time": _span(content, language),
        "place": f"{place}, {content.address}" if content.address else place,
        "gate": ", ".join(gate.in_(language) for gate in content.gates),
        "room": content.room,
        "host": content.host,
        "entries": _entries(content, language) if content.code else "",
        "note": content.note,
    }
    return [(say(language, f"fact.{name}"), value) for name, value in found.items() if value.strip()]


def opens(content: Content, language: Language) -> str:
    """Return when the code begins to work: the time, and the day where it is another than the meeting's."""
    at, starts = _local(content.starts - content.opens * 60_000), _local(content.starts)
    return _time(at, language) if at.date() == starts.date() else f"{_time(at, language)}, {_day(at, language)}"


def short_time(content: Content) -> str:
    """Return the beginning in figures, for the subject."""
    return _local(content.starts).strftime("%H:%M %d/%m/%Y")


def _span(content: Content, language: Language) -> str:
    starts, ends = _local(content.starts), _local(content.ends)
    times = {"from": _time(starts, language), "to": _time(ends, language), "day": _day(starts, language)}
    if starts.date() == ends.date():
        return say(language, "time.day", **times)
    return say(language, "time.days", **times, last=_day(ends, language))


def _entries(content: Content, language: Language) -> str:
    which = {0: "any", 1: "one"}.get(content.entries, "many")
    return say(language, f"entries.{which}", entries=str(content.entries))


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, VIETNAM)


def _time(at: datetime, language: Language) -> str:
    return at.strftime("%H giờ %M" if language == "vi" else "%H:%M")


def _day(at: datetime, language: Language) -> str:
    if language == "vi":
        return f"{_DAYS_VI[at.weekday()]}, ngày {at.strftime('%d/%m/%Y')}"
    return f"{_DAYS_EN[at.weekday()]}, {at.day} {_MONTHS_EN[at.month - 1]} {at.year}"
