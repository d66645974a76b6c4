"""The evening's people behind slow links that are cut again and again: `--host` is a proxy, `--origin` the service."""

from __future__ import annotations

from loadtests.curves import STEADY
from loadtests.scenarios.evening import Idle, Officer, Resident
from loadtests.shapes import CurveShape

__all__ = ["Idle", "Officer", "Patchy", "Resident"]


class Patchy(CurveShape):
    """As many as there are, all the time."""

    curve = STEADY
