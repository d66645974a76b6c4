"""Locust's shapes: they say at every moment how many people there should be."""

from __future__ import annotations

import time
from typing import Any

from locust import LoadTestShape

from loadtests.curves import STEADY, Curve


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
