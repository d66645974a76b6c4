"""Values of expressions and the conversions between them, as XPath 1.0 has them. `values.ts` is its twin.

An answer is text here, as in an XForms instance: an integer its digits, several choices their names between spaces,
nothing the empty text.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from server.features.forms.expressions.dates import days_in

Row: TypeAlias = "tuple[tuple[str, int], ...]"
"""Where a node stands: each repeat around it with the number of its row, from 1, outermost first."""


class Nodes(NamedTuple):
    """The answers that a reference names: their texts and rows, in the order of the document.

    With `rows_of_repeat` they are rows themselves: `rows` includes each one, and their texts are empty.
    """

    name: str
    texts: tuple[str, ...]
    rows: tuple[Row, ...]
    rows_of_repeat: bool = False


Scalar: TypeAlias = "str | float | bool"
Value: TypeAlias = "Scalar | Nodes"

_NUMBER: Final = re.compile(r"[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*")


def scalar(value: Value) -> Scalar:
    """Return a value itself, of nodes the first one's text; of none the empty text."""
    if isinstance(value, Nodes):
        return value.texts[0] if value.texts else ""
    return value


def boolean(value: Value) -> bool:
    """Convert as XPath 1.0, 4.3: a number that is neither zero nor NaN, a text that is not empty.

    Answers are true if the first one is not empty (XPath: if there is one), rows of a repeat if there is one.
    """
    if isinstance(value, Nodes):
        return bool(value.texts) and (value.rows_of_repeat or value.texts[0] != "")
    return not math.isnan(value) and value != 0 if isinstance(value, float) else bool(value)


def number(value: Value, offset: int = 0) -> float:
    """Convert as XPath 1.0, 4.4; a date or time counts days on the clock `offset` minutes before UTC (dates.py)."""
    value = scalar(value)
    if not isinstance(value, str):
        return float(value)
    match = _NUMBER.fullmatch(value)
    return float(match[1]) if match else days_in(value, offset)


def string(value: Value) -> str:
    """Convert as XPath 1.0, 4.2: numbers in full, never with an exponent, whole ones without a point."""
    value = scalar(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return format(Decimal(repr(value)), "f").removesuffix(".0") if value else "0"
