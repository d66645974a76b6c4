"""exp, log, sine and their kin in whole numbers, so that both twins give the same bits. `exact.ts` is its twin.

Libraries differ in the last bit. Here a real number is an integer times 2**-BITS; series are summed far beyond what a
double holds, and what comes out is rounded once, to the nearest double.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

BITS: Final = 256
_ONE: Final = 1 << BITS
_WIDE: Final = 1_400  # bits of pi: enough to take multiples of it off the greatest double


def fixed(value: float, bits: int = BITS) -> int:
    """Return a finite double in whole 2**-bits, what is smaller cut off."""
    top, bottom = value.as_integer_ratio()
    return (top << bits) // bottom


def double(whole: int, power: int) -> float:
    """Return the double nearest to `whole * 2**power`, ties to even (IEEE 754)."""
    magnitude = abs(whole)
    surplus = max(magnitude.bit_length() - 53, -1_074 - power)
    if surplus > 0:
        kept, rest = magnitude >> surplus, magnitude & ((1 << surplus) - 1)
        half = 1 << (surplus - 1)
        magnitude = kept + (rest > half or (rest == half and kept & 1))
        power += surplus
    if magnitude.bit_length() + power > 1_024:
        return math.copysign(math.inf, whole)
    return math.copysign(math.ldexp(magnitude, power), whole)


def divided(a: int, b: int) -> int:
    """Divide two fixed numbers."""
    return (a << BITS) // b


def root(value: int) -> int:
    """Return the square root of a fixed number."""
    return math.isqrt(value << BITS)


def _inverse(n: int, sign: int, bits: int) -> int:
    """Return atan(1/n) for `sign` -1, atanh(1/n) for 1."""
    power = (1 << bits) // n
    total, k = power, 1
    while power:
        power //= n * n
        k += 2
        total += (sign if k % 4 == 3 or sign > 0 else 1) * (power // k)
    return total


@cache
def pi(bits: int) -> int:
    """Machin's formula."""
    return 4 * (4 * _inverse(5, -1, bits + 16) - _inverse(239, -1, bits + 16)) >> 16


@cache
def log_2() -> int:
    return 18 * _inverse(26, 1, BITS) - 2 * _inverse(4_801, 1, BITS) + 8 * _inverse(8_749, 1, BITS)


def fixed_exp(value: int) -> tuple[int, int]:
    """Return e**value as a fixed number and a power of two."""
    power = value // log_2()
    rest = value - power * log_2()
    total, term, k = _ONE, _ONE, 0
    while term:
        k += 1
        term = (term * rest >> BITS) // k
        total += term
    return total, power


def fixed_log(value: float) -> int:
    """Return the natural logarithm of a positive double."""
    top, bottom = value.as_integer_ratio()
    power = top.bit_length() - bottom.bit_length()
    scaled = (top << BITS) // bottom
    scaled = scaled >> power if power > 0 else ((top << (BITS - power)) // bottom)
    z = divided(scaled - _ONE, scaled + _ONE)
    total, odd, square, k = 0, z, z * z >> BITS, 1
    while odd not in (0, -1):
        total += odd // k
        odd = odd * square >> BITS
        k += 2
    return 2 * total + power * log_2()


def fixed_sine(value: float, quarters: int) -> int:
    """Return the sine of a double plus so many quarters of a turn."""
    quarter = pi(_WIDE) >> 1
    wide = fixed(value, _WIDE)
    turns = (wide + (quarter >> 1)) // quarter
    rest = wide - turns * quarter >> (_WIDE - BITS)
    turns += quarters
    square = rest * rest >> BITS
    total, term, k = (0, rest, 1) if turns % 2 == 0 else (0, _ONE, 0)
    while term not in (0, -1):
        total += term
        term = -(term * square >> BITS) // ((k + 1) * (k + 2))
        k += 2
    return -total if turns % 4 > 1 else total


def fixed_atan(value: int) -> int:
    """Return the arc tangent of a fixed number."""
    if value < 0:
        return -fixed_atan(-value)
    if value > _ONE:
        return (pi(BITS) >> 1) - fixed_atan(_ONE * _ONE // value)
    if value > _ONE >> 2:  # atan(x) = atan(1/2) + atan((x - 1/2) / (1 + x/2))
        return _inverse(2, -1, BITS) + _atan_series(divided(value - (_ONE >> 1), _ONE + (value >> 1)))
    return _atan_series(value)


def _atan_series(value: int) -> int:
    total, odd, square, k = 0, value, value * value >> BITS, 1
    while odd not in (0, -1):
        total += odd // k
        odd = -(odd * square >> BITS)
        k += 2
    return total
