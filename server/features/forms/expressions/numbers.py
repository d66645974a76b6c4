"""Functions over numbers, and conversions. `numbers.ts` is its twin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from server.features.forms.expressions.table import Function, function
from server.features.forms.expressions.values import string


def rounded(value: float, digits: float = 0.0) -> float:
    """Round the number that people see, halves up (XPath 1.0, 4.4): 1.005 to 2 digits is 1.01, -2.5 is -2."""
    if not math.isfinite(value) or value == 0:
        return value
    if not abs(digits) <= 30:
        return math.nan
    whole, _, part = string(abs(value)).partition(".")
    dropped = len(part) - int(digits)
    if dropped <= 0:
        return value
    unit = 10**dropped
    kept, rest = divmod(int(whole + part), unit)
    if 2 * rest > unit or (2 * rest == unit and value > 0):
        kept += 1
    return math.copysign(float(f"{kept}e{-int(digits)}"), value)


def whole(value: float) -> float:
    """Cut off the fraction."""
    return math.copysign(float(math.trunc(value)), value) if math.isfinite(value) else value


def _floor(value: float) -> float:
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


def _ceiling(value: float) -> float:
    return math.copysign(float(math.ceil(value)), value) if math.isfinite(value) else value


def _sqrt(value: float) -> float:
    return math.sqrt(value) if value >= 0 else math.nan


NUMBERS: Final[Mapping[str, Function]] = {
    "abs": function("d", abs),
    "boolean": function("b", lambda value: value),
    "boolean-from-string": function("t", lambda text: text in ("true", "1")),
    "ceiling": function("d", _ceiling),
    "false": function("", lambda: False),
    "floor": function("d", _floor),
    "int": function("d", whole),
    "not": function("b", lambda value: not value),
    "number": function("d", lambda value: value, of_this=True),
    "round": function("dd", rounded, least=1),
    "sqrt": function("d", _sqrt),
    "string": function("t", lambda text: text, of_this=True),
    "true": function("", lambda: True),
}
