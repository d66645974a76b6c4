"""How many people there are when, over a scenario's time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final


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
