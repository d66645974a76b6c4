"""Operators between two values (XPath 1.0, 3.4 and 3.5). `operators.ts` is its twin."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from server.features.forms.expressions.comparing import COMPARISONS, compared
from server.features.forms.expressions.scope import Frame
from server.features.forms.expressions.values import Scalar, Value, boolean, number

Run: TypeAlias = Callable[[Frame], Value]
Combine: TypeAlias = Callable[[Value, Run, Frame], Scalar]
"""Gets the left value, what gives the right one if it is needed, and the frame."""


def _divided(a: float, b: float) -> float:
    if b != 0:
        return a / b
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def _remainder(a: float, b: float) -> float:
    return math.nan if math.isinf(a) or b == 0 else math.fmod(a, b)


def _arithmetic(operator: Callable[[float, float], float]) -> Combine:
    def combine(left: Value, right: Run, frame: Frame) -> Scalar:
        offset = frame.scope.offset
        return operator(number(left, offset), number(right(frame), offset))

    return combine


def _comparing(op: str) -> Combine:
    return lambda left, right, frame: compared(op, left, right(frame), frame)


def _equality(op: str) -> Combine:
    """Compare two texts, which is what most conditions do, without a look at what else there may be."""
    wanted = op == "="

    def combine(left: Value, right: Run, frame: Frame) -> Scalar:
        other = right(frame)
        if isinstance(left, str) and isinstance(other, str):
            return (left == other) is wanted
        return compared(op, left, other, frame)

    return combine


COMBINED: Final[Mapping[str, Combine]] = {
    "or": lambda left, right, frame: boolean(left) or boolean(right(frame)),
    "and": lambda left, right, frame: boolean(left) and boolean(right(frame)),
    **{op: _comparing(op) for op in COMPARISONS},
    **{op: _equality(op) for op in ("=", "!=")},
    "+": _arithmetic(lambda a, b: a + b),
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "div": _arithmetic(_divided),
    "mod": _arithmetic(_remainder),
}
