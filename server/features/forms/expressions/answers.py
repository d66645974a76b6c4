"""Functions over several answers, and over several choices of one. `answers.ts` is its twin."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from server.features.forms.expressions.table import ANY, Function, function
from server.features.forms.expressions.values import Nodes

_WORD: Final = re.compile(r"[^ \t\r\n]+")


def _at(text: str, index: float) -> str:
    words = _WORD.findall(text)
    return words[int(index)] if 0 <= index < len(words) else ""


def _numbers(lists: tuple[list[float], ...]) -> list[float]:
    """Return the numbers among them: what is empty or no number is passed over, as in JavaRosa."""
    return [value for values in lists for value in values if not math.isnan(value)]


def _sum(values: list[float]) -> float:
    total = 0.0
    for value in _numbers((values,)):
        total += value
    return total


def _max(*lists: list[float]) -> float:
    return max(_numbers(lists), default=math.nan)


def _min(*lists: list[float]) -> float:
    return min(_numbers(lists), default=math.nan)


def _within(total: float, least: float, most: float) -> bool:
    return (least < 0 or total >= least) and (most < 0 or total <= most)


def _checklist(least: float, most: float, *lists: list[float]) -> bool:
    return _within(float(sum(value > 0 for values in lists for value in values)), least, most)


def _weighted(least: float, most: float, *lists: list[float]) -> bool:
    total = 0.0
    for values, weights in zip(lists[::2], lists[1::2], strict=True):
        if len(values) != len(weights):
            return False
        for value, weight in zip(values, weights, strict=True):
            total += weight if value > 0 else 0.0
    return _within(total, least, most)


def _count_non_empty(nodes: Nodes) -> float:
    return float(len(nodes.texts) if nodes.rows_of_repeat else sum(text != "" for text in nodes.texts))


ANSWERS: Final[Mapping[str, Function]] = {
    "checklist": function("ddD", _checklist, least=2, most=ANY),
    "count": function("n", lambda nodes: float(len(nodes.texts))),
    "count-non-empty": function("n", _count_non_empty),
    "count-selected": function("t", lambda text: float(len(_WORD.findall(text)))),
    "max": function("D", _max, most=ANY),
    "min": function("D", _min, most=ANY),
    "selected": function("tt", lambda text, value: value.strip(" \t\r\n") in _WORD.findall(text)),
    "selected-at": function("td", _at),
    "sum": function("D", _sum),
    "weighted-checklist": function("ddD", _weighted, least=2, most=ANY, paired=True),
}
