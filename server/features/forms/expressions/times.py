"""Functions over dates and times, on the city's clock. `times.ts` is its twin."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from server.features.forms.expressions.dates import DAY, MINUTE, Civil, civil, clock, date_text, date_time_text, moment
from server.features.forms.expressions.scope import Frame
from server.features.forms.expressions.table import Function, function
from server.features.forms.expressions.values import Scalar, number, string

# fmt: off
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# fmt: on
_WEEKDAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def _now(frame: Frame) -> int:
    return frame.scope.now + frame.scope.offset * MINUTE


def at(frame: Frame, value: Scalar) -> int | None:
    """Return the moment that a value means: days since 1970 on the city's clock, a date, a dateTime or a time."""
    offset = frame.scope.offset
    if isinstance(value, str):
        named = moment(value, offset)
        named = clock(value, offset) if named is None else named
        if named is not None:
            return named
    counted = number(value, offset) * DAY
    return math.floor(counted + 0.5) if abs(counted) < 2**53 else None


def _date(frame: Frame, value: Scalar) -> str:
    found = at(frame, value)
    return "" if found is None else date_text(found)


def _date_time(frame: Frame, value: Scalar) -> str:
    found = at(frame, value)
    return "" if found is None else date_time_text(found, frame.scope.offset)


def _decimal_date_time(frame: Frame, value: Scalar) -> float:
    """Count days since 1970 in UTC, as the specification says; a number of days is one already."""
    if not isinstance(value, str):
        return number(value)
    named = moment(value, frame.scope.offset)
    return math.nan if named is None else (named - frame.scope.offset * MINUTE) / DAY


def _decimal_time(frame: Frame, value: Scalar) -> float:
    found = at(frame, value)
    return math.nan if found is None else found % DAY / DAY


_SHOWN: Final[Mapping[str, Callable[[Civil], str]]] = {
    "%": lambda _: "%",
    "3": lambda shown: f"{shown.millisecond:03}",
    "H": lambda shown: f"{shown.hour:02}",
    "M": lambda shown: f"{shown.minute:02}",
    "S": lambda shown: f"{shown.second:02}",
    "Y": lambda shown: f"{shown.year:04}",
    "a": lambda shown: _WEEKDAYS[shown.weekday],
    "b": lambda shown: _MONTHS[shown.month - 1],
    "d": lambda shown: f"{shown.day:02}",
    "e": lambda shown: str(shown.day),
    "h": lambda shown: str(shown.hour),
    "m": lambda shown: f"{shown.month:02}",
    "n": lambda shown: str(shown.month),
    "y": lambda shown: f"{shown.year % 100:02}",
}
_IDENTIFIER: Final = re.compile(r"%(.?)", re.DOTALL)


def _format(frame: Frame, value: Scalar, text: str) -> str:
    """Write a moment as the format says; what it does not know stays as it is."""
    found = at(frame, value)
    shown = None if found is None else civil(found)
    if shown is None:
        return ""
    return _IDENTIFIER.sub(lambda match: _SHOWN[match[1]](shown) if match[1] in _SHOWN else match[0], text)


def _unknown(constants: Sequence[str | float | None]) -> str | None:
    for match in _IDENTIFIER.finditer(string(constants[1]) if constants[1] is not None else ""):
        if match[1] not in _SHOWN:
            return f"expected one of {', '.join(f'%{letter}' for letter in sorted(_SHOWN))}, got '{match[0]}'"
    return None


TIMES: Final[Mapping[str, Function]] = {
    "date": function("v", _date, framed=True),
    "date-time": function("v", _date_time, framed=True),
    "decimal-date-time": function("v", _decimal_date_time, framed=True),
    "decimal-time": function("v", _decimal_time, framed=True),
    "format-date": function("vt", _format, framed=True, refuses=_unknown),
    "format-date-time": function("vt", _format, framed=True, refuses=_unknown),
    "now": function("", lambda frame: date_time_text(_now(frame), frame.scope.offset), framed=True),
    "today": function("", lambda frame: date_text(_now(frame)), framed=True),
}
