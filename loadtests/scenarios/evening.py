"""The evening of a deadline: submissions with attachments, to any procedure, and people who look how theirs stand."""

from __future__ import annotations

import random
from typing import Any, ClassVar, Final

from locust import events, task

from loadtests.curves import EVENING
from loadtests.papers import Paper, papers
from loadtests.person import PROCEDURE, photographed
from loadtests.scenarios import everyday
from loadtests.scenarios.everyday import feedback
from loadtests.scenarios.idle import Idle
from loadtests.shapes import CurveShape

__all__ = ["Evening", "Idle", "Officer", "Resident"]
_SMALLEST, _LARGEST = 100_000, 2_500_000
_CHUNKS: Final = random.Random(1).randbytes(_LARGEST)


@events.init.add_listener  # type: ignore[untyped-decorator]
def _begin(environment: Any, **_: Any) -> None:
    Resident.papers = papers(environment.parsed_options.people)


class Evening(CurveShape):
    """More and more, and a spike before midnight."""

    curve = EVENING


class Officer(everyday.Officer):
    """An officer of one of the units that the procedures are of."""


class Resident(everyday.Resident):
    """Fills any form, attaches pictures and papers, signs, sends."""

    papers: ClassVar[list[Paper]]

    @task(3)
    def submit(self) -> None:
        """Send a report with photos: the files go up first, then what names them."""
        photos = [self.attach() for _ in range(random.choice((0, 1, 1, 2, 3)))]
        answers = {**photographed(*photos), **feedback()} if photos else feedback()
        self.send(PROCEDURE, answers, self.fill(PROCEDURE, answers))

    @task(2)
    def apply(self) -> None:
        """Send in another procedure, filled beforehand and signed now."""
        paper = random.choice(self.papers)
        self.think(4)
        answers = paper.attached(self.attach)
        self.send(paper.procedure, answers, self.fill(paper.procedure, {}))

    @task(3)
    def look(self) -> None:
        """Look how the dossiers stand."""
        self.think()
        self.phone.pull()

    def attach(self) -> tuple[str, int]:
        """Send a file of some 100 kB to some MB, unlike any other."""
        length = int(_SMALLEST * (_LARGEST / _SMALLEST) ** random.random())
        data = random.randbytes(64) + _CHUNKS[: length - 64]
        return self.phone.upload(data), length
