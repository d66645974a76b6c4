"""Group commit: requests that wait for the disk at the same time share one durable commit."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_MOST: Final = 256
"""How many jobs share a commit at most, so that the first of them does not wait long for the last."""


class Pending(Generic[T]):
    """A job on its way to the disk; it ends with a result or an error."""

    def __init__(self, job: Callable[[Any], T]) -> None:
        self.job = job
        self.done = False
        self.error: BaseException | None = None
        self.result: T | None = None

    def fail(self, error: BaseException) -> None:
        """End with an error."""
        self.error, self.done = error, True


class GroupCommit:
    """Collects jobs and lets whoever comes first carry them all out.

    `carry_out` runs the jobs in one transaction, commits it durably, and ends each job. It runs in one caller at a
    time; the others wait for their own job to end.
    """

    def __init__(self, carry_out: Callable[[Sequence[Pending[Any]]], None]) -> None:
        self._carry_out = carry_out
        self._waiting: deque[Pending[Any]] = deque()
        self._turn = threading.Lock()

    def submit(self, job: Callable[[Any], T]) -> T:
        """Run `job` together with others that wait; return its result after the commit, or raise its error."""
        pending = Pending(job)
        self._waiting.append(pending)
        while not pending.done:
            with self._turn:
                if not pending.done:
                    time.sleep(0)  # whoever else is ready to write joins this commit
                    self._carry_out([self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))])
        if pending.error is not None:
            raise pending.error
        return pending.result  # type: ignore[return-value]  # a job that is done without an error has its result
