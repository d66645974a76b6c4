"""Comparisons, as XPath 1.0, 3.4 has them. `comparing.ts` is its twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from server.features.forms.expressions.scope import Frame
from server.features.forms.expressions.values import Nodes, Scalar, Value, boolean, number

_Compare: TypeAlias = Callable[[float, float], bool]

ORDER: Final[Mapping[str, _Compare]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
COMPARISONS: Final = ("=", "!=", *ORDER)


def compared(op: str, a: Value, b: Value, frame: Frame) -> bool:
    """Compare two values. Nodes compare as true if any of them does; none compare as one empty answer."""
    offset = frame.scope.offset
    if not isinstance(a, bool) and not isinstance(b, bool):
        if isinstance(a, Nodes) and len(a.texts) <= 1:
            a = a.texts[0] if a.texts else ""
        if isinstance(b, Nodes) and len(b.texts) <= 1:
            b = b.texts[0] if b.texts else ""
    if not isinstance(a, Nodes) and not isinstance(b, Nodes):
        return _one(op, a, b, offset)
    if isinstance(a, bool) or isinstance(b, bool):
        return _one(op, boolean(a), boolean(b), offset)
    left, right = _several(a), _several(b)
    frame.meter.spend((len(left) + len(right)) // 4)
    if len(left) == 1 and len(right) == 1:
        return _one(op, left[0], right[0], offset)
    if op in ORDER:
        return _ordered(ORDER[op], op, [number(x, offset) for x in left], [number(x, offset) for x in right])
    if isinstance(a, float) or isinstance(b, float):
        left, right = [number(x, offset) for x in left], [number(x, offset) for x in right]
    if op == "=":
        known = {x for x in left if not _is_nan(x)}
        return any(x in known for x in right)
    return not all(x == left[0] for x in (*left, *right))


def _is_nan(value: Scalar) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _several(value: Value) -> list[Scalar]:
    return [value] if not isinstance(value, Nodes) else list(value.texts) or [""]


def _ordered(compare: _Compare, op: str, left: list[float], right: list[float]) -> bool:
    """Compare the least of one side with the greatest of the other: if any two fulfil it, these do."""
    left, right = [x for x in left if not math.isnan(x)], [x for x in right if not math.isnan(x)]
    if not left or not right:
        return False
    return compare(min(left), max(right)) if op[0] == "<" else compare(max(left), min(right))


def _one(op: str, a: Scalar, b: Scalar, offset: int) -> bool:
    order = ORDER.get(op)
    if order is not None:
        return order(number(a, offset), number(b, offset))
    return _equal(a, b, offset) is (op == "=")  # NaN equals nothing, so it is unequal to all


def _equal(a: Scalar, b: Scalar, offset: int) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if isinstance(a, bool) or isinstance(b, bool):
        return boolean(a) == boolean(b)
    return number(a, offset) == number(b, offset)
