"""The city's calendar: which day it is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7))
"""The city's time zone: UTC+7, no daylight saving since 1975."""


def local_day(at: int) -> date:
    """Return the city's date at `at` ms since 1970."""
    return datetime.fromtimestamp(at / 1000, VIETNAM).date()
