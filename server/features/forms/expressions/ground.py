"""Distances and areas on Earth, taken as a sphere of its radius at the Equator. `ground.ts` is its twin."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from server.features.forms.expressions.curves import asin, cos, sin
from server.features.forms.expressions.numbers import rounded
from server.features.forms.expressions.scope import Frame, Meter
from server.features.forms.expressions.table import ANY, Function, function
from server.features.forms.expressions.values import number

_RADIUS: Final = 6_378_100.0  # metres
_WORD: Final = re.compile(r"[^ \t\r\n]+")
_COST: Final = 100  # steps a point: sines are dear


class _Point(NamedTuple):
    """Degrees as radians."""

    latitude: float
    longitude: float


def _points(texts: Sequence[str], meter: Meter) -> Iterator[_Point | None]:
    for text in texts:
        parts = text.strip(" \t\r\n;").split(";")
        meter.spend(_COST * len(parts))
        for part in parts:
            yield _point(_WORD.findall(part))


def _point(parts: Sequence[str]) -> _Point | None:
    """Return a geopoint: latitude, longitude, and perhaps altitude and accuracy; None for what is none."""
    degrees = [number(part) for part in parts]
    if not 2 <= len(degrees) <= 4 or any(math.isnan(value) for value in degrees):
        return None
    if abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        return None
    return _Point(degrees[0] * math.pi / 180, degrees[1] * math.pi / 180)


def _known(frame: Frame, lists: Sequence[list[str]]) -> list[_Point] | None:
    points = [point for texts in lists for point in _points(texts, frame.meter)]
    known = [point for point in points if point is not None]
    return known if len(known) == len(points) else None


def _distance(frame: Frame, *lists: list[str]) -> float:
    """Return metres along the points, to the centimetre; NaN if one of them is none."""
    points = _known(frame, lists)
    if points is None:
        return math.nan
    metres = 0.0
    for one, other in pairwise(points):
        half = sin((other.latitude - one.latitude) / 2)
        side = sin((other.longitude - one.longitude) / 2)
        chord = half * half + cos(one.latitude) * cos(other.latitude) * (side * side)
        metres += 2 * _RADIUS * asin(min(1.0, math.sqrt(chord)))
    return rounded(metres, 2)


def _area(frame: Frame, *lists: list[str]) -> float:
    """Return square metres within the points, to the square centimetre (Chamberlain and Duquette, 2007)."""
    points = _known(frame, lists)
    if points is None:
        return math.nan
    if len(points) < 3:
        return 0.0
    doubled = 0.0
    for one, other in pairwise((*points, points[0])):
        doubled += (other.longitude - one.longitude) * (2 + sin(one.latitude) + sin(other.latitude))
    return rounded(abs(doubled * _RADIUS * _RADIUS / 2), 2)


GROUND: Final[Mapping[str, Function]] = {
    "area": function("T", _area, most=ANY, framed=True),
    "distance": function("T", _distance, most=ANY, framed=True),
}
