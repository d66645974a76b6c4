"""How old someone is, by the city's calendar. Pure."""

from __future__ import annotations

from datetime import date

from server.codes.credential import AGES


def age_on(day: date, *, born: date) -> int:
    """Return the age in full years on `day`.

    A year is full on the birthday itself. Who was born on 29 February has it on 1 March in other years, so that nobody
    counts as older than they are.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_flags(day: date, *, born: date) -> int:
    """Return which of `AGES` someone has reached on `day`: bit 0 for 14, 1 for 16, 2 for 18, 3 for 60.

    The flags stand in a credential for its 30 days. A birthday within them makes the holder younger than they are
    until the next one, never older.
    """
    age = age_on(day, born=born)
    return sum(1 << bit for bit, least in enumerate(AGES) if age >= least)


def born_number(born: date) -> int:
    """Return a date of birth as the integer yyyymmdd that credentials carry."""
    return born.year * 10_000 + born.month * 100 + born.day
