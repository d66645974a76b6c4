"""Functions of exact.py on doubles, with the special cases of IEEE 754. `curves.ts` is its twin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from server.features.forms.expressions import exact
from server.features.forms.expressions.exact import BITS, double
from server.features.forms.expressions.table import Function, function

_ONE: Final = 1 << BITS
_SMALL: Final = 2.0**-28  # below, what follows x in the series is less than half a last bit of x


def exp(value: float) -> float:
    """Return e**value."""
    if math.isnan(value):
        return value
    if abs(value) > 800:
        return math.inf if value > 0 else 0.0
    whole, power = exact.fixed_exp(exact.fixed(value))
    return double(whole, power - BITS)


def log(value: float) -> float:
    """Return the natural logarithm."""
    return _log(value, _ONE)


def log10(value: float) -> float:
    """Return the logarithm to base 10."""
    return _log(value, exact.fixed_log(10.0))


def _log(value: float, base: int) -> float:
    if math.isnan(value) or value < 0:
        return math.nan
    if value == 0 or math.isinf(value):
        return -math.inf if value == 0 else value
    return double(exact.divided(exact.fixed_log(value), base), -BITS) + 0.0


def pow_(base: float, power: float) -> float:
    """Return base**power; 1 to a power that is no number or infinite is NaN, as in Java."""
    if power == 0:
        return 1.0
    if math.isnan(base) or math.isnan(power):
        return math.nan
    if math.isinf(power):
        return _endless(abs(base), power)
    odd = power % 2 == 1
    if base < 0 and power != math.floor(power) and not math.isinf(base):
        return math.nan
    sign = -1.0 if odd and math.copysign(1.0, base) < 0 else 1.0
    return sign * _magnitude(abs(base), power)


def _endless(base: float, power: float) -> float:
    if base == 1:
        return math.nan
    return math.inf if (base > 1) == (power > 0) else 0.0


def _magnitude(base: float, power: float) -> float:
    if base == 0 or math.isinf(base):
        return math.inf if (base == 0) == (power < 0) else 0.0
    if base == 1:
        return 1.0
    logarithm = exact.fixed_log(base)
    top, bottom = power.as_integer_ratio()
    exponent = logarithm * top // bottom
    if abs(exponent) > 800 << BITS:
        return math.inf if exponent > 0 else 0.0
    whole, shift = exact.fixed_exp(exponent)
    return double(whole, shift - BITS)


def sin(value: float) -> float:
    """Return the sine of an angle in radians."""
    if not math.isfinite(value):
        return math.nan
    return value if abs(value) < _SMALL else double(exact.fixed_sine(value, 0), -BITS)


def cos(value: float) -> float:
    """Return the cosine of an angle in radians."""
    return double(exact.fixed_sine(value, 1), -BITS) if math.isfinite(value) else math.nan


def tan(value: float) -> float:
    """Return the tangent of an angle in radians."""
    if not math.isfinite(value):
        return math.nan
    if abs(value) < _SMALL:
        return value
    return double(exact.divided(exact.fixed_sine(value, 0), exact.fixed_sine(value, 1)), -BITS)


def asin(value: float) -> float:
    """Return the angle whose sine is `value`."""
    if not abs(value) <= 1:
        return math.nan
    return value if abs(value) < _SMALL else double(_fixed_asin(value), -BITS)


def acos(value: float) -> float:
    """Return the angle whose cosine is `value`."""
    if not abs(value) <= 1:
        return math.nan
    return double((exact.pi(BITS) >> 1) - _fixed_asin(value), -BITS) if value != 1 else 0.0


def _fixed_asin(value: float) -> int:
    if abs(value) == 1:
        return int(value) * (exact.pi(BITS) >> 1)
    fixed = exact.fixed(value)
    return exact.fixed_atan(exact.divided(fixed, exact.root(_ONE - (fixed * fixed >> BITS))))


def atan(value: float) -> float:
    """Return the angle whose tangent is `value`."""
    if math.isnan(value) or abs(value) < _SMALL:
        return value
    return double(exact.fixed_atan(exact.fixed(max(-1e30, min(1e30, value)))), -BITS)


def atan2(y: float, x: float) -> float:
    """Return the angle of the point (x, y)."""
    if math.isnan(x) or math.isnan(y):
        return math.nan
    if math.isinf(x) or math.isinf(y):
        y = math.copysign(1.0 if math.isinf(y) else 0.0, y)
        x = math.copysign(1.0 if math.isinf(x) else 0.0, x)
    backwards = math.copysign(1.0, x) < 0
    if y == 0:
        return math.copysign(double(exact.pi(BITS), -BITS), y) if backwards else y
    half = exact.pi(BITS) >> 1
    if x == 0:
        return math.copysign(double(half, -BITS), y)
    (top, bottom), (over, under) = abs(y).as_integer_ratio(), abs(x).as_integer_ratio()
    top, bottom = top * under, bottom * over
    if not backwards and top << 28 < bottom:
        return math.copysign(_quotient(top, bottom), y)
    angle = exact.fixed_atan((top << BITS) // bottom)
    return math.copysign(double(2 * half - angle if backwards else angle, -BITS), y)


def _quotient(top: int, bottom: int) -> float:
    """Return the double nearest to a small quotient."""
    shift = bottom.bit_length() - top.bit_length() + 64
    return double((top << shift) // bottom | 1, -shift)


CURVES: Final[Mapping[str, Function]] = {
    "acos": function("d", acos),
    "asin": function("d", asin),
    "atan": function("d", atan),
    "atan2": function("dd", atan2),
    "cos": function("d", cos),
    "exp": function("d", exp),
    "exp10": function("d", lambda value: pow_(10.0, value)),
    "log": function("d", log),
    "log10": function("d", log10),
    "pi": function("", lambda: math.pi),
    "pow": function("dd", pow_),
    "sin": function("d", sin),
    "tan": function("d", tan),
}
