"""Plots over time as SVG that stands in a page: no script, no resource, colours by the page's style."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH, _HEIGHT = 420, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 10, 24
_STEPS: Final = (1, 2, 2.5, 5, 10)
_TIMES: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True, slots=True)
class Series:
    """A line. `points` are (seconds, value or None for nothing known), `look` is a class of the page's style."""

    name: str
    look: str
    points: Sequence[tuple[float, float | None]]


def plot(
    series: Sequence[Series], *, label: str, value: Callable[[float], str], bound: float | None = None, least: float = 0
) -> str:
    """Return an `<svg>`; `value` writes a value with its unit, `bound` is drawn as a line that must not be passed.

    The axis begins at 0 and reaches at least to `least`.
    """
    values = [each for line in series for _, each in line.points if each is not None]
    most = max([*values, bound or 0.0, least, 1e-9])
    ticks = _ticks(most * 1.04)
    start = min((line.points[0][0] for line in series if line.points), default=0.0)
    end = max((line.points[-1][0] for line in series if line.points), default=1.0)
    frame = _Frame(start, max(end, start + 1), ticks[-1])
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">']
    parts += [_level(frame, tick, value(tick)) for tick in ticks]
    parts += [_time(frame, at) for at in _moments(frame.end - frame.start)]
    if bound is not None:
        y = frame.y(bound)
        parts.append(f'<line class="bound" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
    parts += [f'<path class="line {line.look}" d="{_path(frame, line.points)}"/>' for line in series]
    parts += _hints(frame, series, value)
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True, slots=True)
class _Frame:
    start: float
    end: float
    top: float

    def x(self, at: float) -> float:
        return _LEFT + (at - self.start) / (self.end - self.start) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _TOP - _BOTTOM)


def _ticks(most: float) -> list[float]:
    """Return four or so round values from 0 to past `most`."""
    rough = most / 4
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(magnitude * each for each in _STEPS if magnitude * each >= rough * 0.999)
    return [step * number for number in range(math.ceil(most / step) + 1)]


def _moments(seconds: float) -> list[float]:
    step = next((each for each in _TIMES if seconds / each <= 6), 7200)
    return [float(step * number) for number in range(int(seconds // step) + 1)]


def clock(seconds: float) -> str:
    """Write a time of the run: minutes and seconds, and hours once there are some."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _level(frame: _Frame, value: float, text: str) -> str:
    y = frame.y(value)
    line = f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return f'{line}<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'


def _time(frame: _Frame, passed: float) -> str:
    x = frame.x(frame.start + passed)
    anchor = "start" if passed == 0 else "middle" if x < _WIDTH - 30 else "end"
    return f'<text x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="{anchor}">{clock(passed)}</text>'


def _path(frame: _Frame, points: Sequence[tuple[float, float | None]]) -> str:
    words, drawing = list[str](), False
    for at, value in points:
        if value is None:
            drawing = False
            continue
        words.append(f"{'L' if drawing else 'M'}{frame.x(at):.1f} {frame.y(value):.1f}")
        drawing = True
    return "".join(words)


def _hints(frame: _Frame, series: Sequence[Series], value: Callable[[float], str]) -> list[str]:
    """Return strips that say, under the pointer, what the lines are at."""
    if not series or not series[0].points:
        return []
    times = [at for at, _ in series[0].points]
    every = max(1, len(times) // 120)
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(times) / every)
    strips = []
    for index in range(0, len(times), every):
        at = times[index]
        said = [f"{line.name} {value(found)}" for line in series if (found := _near(line.points, at)) is not None]
        x = max(_LEFT, frame.x(at) - width / 2)
        title = escape(" · ".join([clock(at - frame.start), *said]))
        strips.append(
            f'<rect class="hint" x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{_HEIGHT - _TOP - _BOTTOM}">'
            f"<title>{title}</title></rect>"
        )
    return strips


def _near(points: Sequence[tuple[float, float | None]], at: float) -> float | None:
    return min(points, key=lambda point: abs(point[0] - at))[1] if points else None
