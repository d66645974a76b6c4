"""How old someone is, on the days that matter: birthdays, leap days, and midnight in the city."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from server.codes.credential import AGES
from server.days import local_day
from server.features.identity.age import age_flags, age_on, born_number

BORN = st.dates(date(1900, 1, 1), date(2080, 12, 31))


def birthday(born: date, years: int) -> date:
    """Return the day on which someone is so many years old; in words of another make than the code's."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@given(BORN, st.integers(1, 130))
@example(date(2008, 2, 29), 18)
@example(date(1948, 2, 29), 60)
def test_a_year_is_full_on_the_birthday_and_not_the_day_before(born: date, years: int) -> None:
    day = birthday(born, years)
    assert age_on(day, born=born) == years
    assert age_on(day - timedelta(days=1), born=born) == years - 1


@given(BORN, st.integers(0, 40_000))
def test_age_never_falls_and_flags_say_each_age_that_was_reached(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert age_on(day, born=born) <= age_on(day + timedelta(days=1), born=born)
    flags = age_flags(day, born=born)
    assert flags == sum(2**bit for bit, least in enumerate(AGES) if birthday(born, least) <= day)
    assert 0 <= flags < 16


@given(st.dates(date(1900, 1, 1), date(1980, 1, 1)), st.integers(1, 110))
def test_who_was_born_on_a_leap_day_is_never_older_than_they_are(day: date, years: int) -> None:
    born = date(day.year // 4 * 4 + 4, 2, 29)
    turned = next(
        day
        for day in (date(born.year + years, 2, 28) + timedelta(days=n) for n in range(4))
        if age_on(day, born=born) == years
    )
    is_leap = (born.year + years) % 4 == 0 and born.year + years != 2100
    assert turned == date(born.year + years, 2, 29) if is_leap else date(born.year + years, 3, 1)


def test_the_day_is_the_citys_not_greenwichs() -> None:
    born = date(2008, 11, 18)
    midnight = int(datetime(2026, 11, 17, 17, tzinfo=UTC).timestamp() * 1000)
    assert age_on(local_day(midnight - 1), born=born) == 17
    assert age_on(local_day(midnight), born=born) == 18


def test_a_date_of_birth_stands_in_a_credential_as_one_number() -> None:
    assert born_number(date(1995, 2, 8)) == 19950208
