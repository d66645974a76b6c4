"""Dates and times as text, and the days that they count. Pure arithmetic, so that `dates.ts` says the same.

A moment is a number of milliseconds on the city's clock since 1970-01-01T00:00 there; `offset` is how many minutes that
clock is ahead of UTC. Years go from 0001 to 9999.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

DAY: Final = 86_400_000  # ms
MINUTE: Final = 60_000
FIRST: Final = -719_162  # 0001-01-01
LAST: Final = 2_932_896  # 9999-12-31

_LONGEST: Final = 40  # characters of a dateTime, and some
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?")
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Civil(NamedTuple):
    """A moment as calendar and clock show it."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    millisecond: int
    weekday: int  # 0 is Sunday


def days(text: str) -> int | None:
    """Return the days from 1970-01-01 to a real calendar date `YYYY-MM-DD`; None for any other text."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        return None
    return _days(year, month, day)


def moment(text: str, offset: int) -> int | None:
    """Return the moment that a date (its midnight) or dateTime names; one without a zone is on the city's clock."""
    day = days(text[:10])
    if day is None or len(text) == 10:
        return None if day is None else day * DAY
    time = clock(text[11:], offset) if text[10] in "T " else None
    return None if time is None else day * DAY + time


def clock(text: str, offset: int) -> int | None:
    """Return the milliseconds after midnight of a time `HH:MM[:SS[.fff]][zone]`; a zone may move it over midnight."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    at = ((hour * 60 + minute) * 60 + second) * 1_000 + int((match[4] or "0").ljust(3, "0")[:3])
    zone = match[5]
    if zone is None:
        return at
    if zone == "Z":
        return at + offset * MINUTE
    hours, minutes = int(zone[1:3]), int(zone[-2:]) if len(zone) > 3 else 0
    if hours > 14 or minutes > 59:
        return None
    ahead = hours * 60 + minutes
    return at + (offset + (ahead if zone[0] == "-" else -ahead)) * MINUTE


def days_in(text: str, offset: int) -> float:
    """Return what `number()` makes of a date, a dateTime or a time: days and their fraction; NaN of any other text."""
    return _days_in(text, offset) if len(text) <= _LONGEST else math.nan


@lru_cache(maxsize=1_024)
def _days_in(text: str, offset: int) -> float:
    at = moment(text, offset)
    if at is None:
        at = clock(text, offset)
        at = None if at is None else at % DAY
    return math.nan if at is None else at / DAY


def civil(at: int) -> Civil | None:
    """Return a moment as calendar and clock show it; None outside the years that we know."""
    day, rest = divmod(at, DAY)
    if not FIRST <= day <= LAST:
        return None
    year, month, of_month = _date(day)
    minutes, milliseconds = divmod(rest, MINUTE)
    return Civil(
        year, month, of_month, minutes // 60, minutes % 60, milliseconds // 1_000, milliseconds % 1_000, (day + 4) % 7
    )


def date_text(at: int) -> str:
    """Return the date of a moment as `YYYY-MM-DD`; the empty text outside the years that we know."""
    return _day_text(at // DAY)


@lru_cache(maxsize=64)
def _day_text(day: int) -> str:
    shown = civil(day * DAY)
    return "" if shown is None else f"{shown.year:04}-{shown.month:02}-{shown.day:02}"


def date_time_text(at: int, offset: int) -> str:
    """Return a moment as `YYYY-MM-DDTHH:MM:SS.fff+HH:MM`; the empty text outside the years that we know."""
    shown = civil(at)
    if shown is None:
        return ""
    sign, ahead = ("-", -offset) if offset < 0 else ("+", offset)
    clock_text = f"{shown.hour:02}:{shown.minute:02}:{shown.second:02}.{shown.millisecond:03}"
    return f"{date_text(at)}T{clock_text}{sign}{ahead // 60:02}:{ahead % 60:02}"


def _length(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _LENGTHS[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Count days in years that begin in March, so that the leap day comes last (Hinnant, chrono-compatible dates)."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _date(day: int) -> tuple[int, int, int]:
    """Undo `_days`."""
    era, of_era = divmod(day + 719_468, 146_097)
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1
