"""Taking leave: what a web process does between the order to end and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from server.supervisor import Handed, handed


class Draining:
    """Whether this process takes leave, and what is to be done when it begins to. One a process: `DRAINING`."""

    def __init__(self, given: Handed | None) -> None:
        self._handed = given
        self._begun = False
        self._jobs: list[Callable[[], None]] = []

    @property
    def service_ends(self) -> bool:
        """Whether the whole service takes leave, and a load balancer should send nobody here any more.

        A process whose place another generation takes is as ready as ever: what asks it is answered by both.
        """
        return self._begun if self._handed is None else self._handed.leaving

    @property
    def closes(self) -> bool:
        """Whether each answer is to be the last one on its connection."""
        return self._begun or self.service_ends

    def at_begin(self, job: Callable[[], None]) -> None:
        """Have `job` done when it begins. It must not wait."""
        self._jobs.append(job)

    def begin(self) -> None:
        """Begin to take leave."""
        self._begun = True
        for job in self._jobs:
            job()


DRAINING: Final = Draining(handed())
