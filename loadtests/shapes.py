"""How many people there are when: curves over a scenario's time, which are pure, and Locust's shapes made of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from locust import LoadTestShape


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (share of the time, share of the people), both 0 to 1, joined by straight lines; times ascend."""

    points: Sequence[tuple[float, float]]

    def at(self, time: float) -> float:
        """Return the share of the people who are there at a share of the time."""
        for (start, before), (end, after) in pairwise(self.points):
            if start <= time <= end:
                return after if end == start else before + (after - before) * (time - start) / (end - start)
        return self.points[-1][1]


MORNING: Final = Curve([(0, 0.1), (0.25, 1), (0.35, 0.9), (0.5, 0.35), (0.6, 0.4), (0.75, 0.85), (0.85, 0.7), (1, 0.1)])
"""The gates open, most come at once; in the early afternoon they come again."""
EVENING: Final = Curve([(0, 0.1), (0.3, 0.3), (0.6, 0.45), (0.75, 0.6), (0.85, 1), (0.95, 1), (0.97, 0.2), (1, 0.1)])
"""The last evening before a deadline: more and more, a spike before midnight, then hardly anybody."""
STEADY: Final = Curve([(0, 0.2), (0.15, 1), (0.95, 1), (1, 0.2)])
"""As many as there are, soon and until the end."""


class CurveShape(LoadTestShape):
    """Follows `curve` for `--lasts` seconds, with `--people` at its highest beside those who are there all the time."""

    abstract = True
    curve: Curve = STEADY

    def tick(self) -> tuple[int, float] | None:
        """Return how many people there should be now, and how many may come a second."""
        runner: Any = self.runner
        options = runner.environment.parsed_options
        passed = (time.perf_counter() - self.start_time) / options.lasts
        if passed >= 1:
            return None
        staying: int = sum(each.fixed_count for each in runner.environment.user_classes)
        people = staying + max(1, round(options.people * self.curve.at(passed)))
        return people, max(1.0, float(abs(people - runner.user_count)))
