"""Values of expressions, their conversions, and the functions and operators over them. `functions.ts` is its twin.

An answer is text here, as in an XForms instance: an integer its digits, several choices their names between spaces,
nothing the empty text. A further function of ODK XForms is a further row of `FUNCTIONS`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

Value: TypeAlias = "str | float | bool"

_NUMBER: Final = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD: Final = re.compile(r"[^ \t\r\n]+")


class Scope(NamedTuple):
    """What an expression sees: answers as text, the present question's answer, and the date `YYYY-MM-DD`."""

    answers: Mapping[str, str]
    today: str
    this: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the table: how many arguments it takes at least and at most, and what it does."""

    least: int
    most: int
    call: Callable[[Sequence[Value], Scope], Value]


def days(text: str) -> int | None:
    """Return the days from 1970-01-01 to a real calendar date `YYYY-MM-DD`; None for any other text."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).toordinal() - 719_163
    except ValueError:
        return None


def boolean(value: Value) -> bool:
    """Convert as XPath 1.0, 4.3: a number that is neither zero nor NaN, a text that is not empty."""
    return not math.isnan(value) and value != 0 if isinstance(value, float) else bool(value)


def number(value: Value) -> float:
    """Convert as XPath 1.0, 4.4; a date gives its days since 1970-01-01 (ODK XForms, `number()`)."""
    if not isinstance(value, str):
        return float(value)
    match = _NUMBER.fullmatch(value)
    if match:
        return float(match[1])
    day = days(value)
    return math.nan if day is None else float(day)


def string(value: Value) -> str:
    """Convert as XPath 1.0, 4.2: numbers in full, never with an exponent, whole ones without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return format(Decimal(repr(value)), "f").removesuffix(".0") if value else "0"


def _equal(values: Sequence[Value]) -> bool:
    a, b = values
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if isinstance(a, bool) or isinstance(b, bool):
        return boolean(a) == boolean(b)
    return number(a) == number(b)


def _unequal(values: Sequence[Value]) -> bool:
    return not _equal(values)  # with NaN too: it equals nothing, so it is unequal to all


def _translate(values: Sequence[Value]) -> str:
    text, old, new = (string(value) for value in values)
    table: dict[str, str] = {}
    for index, character in enumerate(old):
        table.setdefault(character, new[index : index + 1])
    return "".join(table.get(character, character) for character in text)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "contains": Function(2, 2, lambda v, _: string(v[1]) in string(v[0])),
    "count-selected": Function(1, 1, lambda v, _: float(len(_WORD.findall(string(v[0]))))),
    "false": Function(0, 0, lambda _v, _s: False),
    "not": Function(1, 1, lambda v, _: not boolean(v[0])),
    "selected": Function(2, 2, lambda v, _: string(v[1]) in _WORD.findall(string(v[0]))),
    "starts-with": Function(2, 2, lambda v, _: string(v[0]).startswith(string(v[1]))),
    "string-length": Function(1, 1, lambda v, _: float(len(string(v[0])))),
    "today": Function(0, 0, lambda _v, scope: scope.today),
    "translate": Function(3, 3, lambda v, _: _translate(v)),
    "true": Function(0, 0, lambda _v, _s: True),
}

OPERATORS: Final[Mapping[str, Callable[[Sequence[Value]], Value]]] = {
    "=": _equal,
    "!=": _unequal,
    "<": lambda v: number(v[0]) < number(v[1]),
    "<=": lambda v: number(v[0]) <= number(v[1]),
    ">": lambda v: number(v[0]) > number(v[1]),
    ">=": lambda v: number(v[0]) >= number(v[1]),
    "+": lambda v: number(v[0]) + number(v[1]),
    "-": lambda v: number(v[0]) - number(v[1]),
    "negative": lambda v: -number(v[0]),
}
