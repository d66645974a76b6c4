"""Group commit: requests that wait for the disk at the same time share one durable commit."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from server import metrics
from server.store import NOTHING_AHEAD, Ahead

T = TypeVar("T")

_MOST: Final = 256
"""How many jobs share a commit at most, so that the first of them does not wait long for the last."""
_GATHER: Final = 0.001
"""How long (s) the first of them lets others join. Under gevent it is one round of the loop, in which every request
that has arrived comes as far as its commit."""


class Pending(Generic[T]):
    """A job on its way to the disk. It ends with a result or an error; until then it may be told to lead."""

    def __init__(self, job: Callable[[Any], T], ahead: Ahead) -> None:
        self.job = job
        self.ahead = ahead
        self.done = False
        self.since = time.monotonic()
        self.error: BaseException | None = None
        self.result: T | None = None
        self._latch = threading.Lock()
        self._latch.acquire()

    def fail(self, error: BaseException) -> None:
        """End with an error."""
        self.error, self.done = error, True

    def wait(self) -> None:
        """Sleep until `wake` is called."""
        self._latch.acquire()

    def wake(self) -> None:
        """Let whoever submitted the job go on: it is done, or it is its turn to lead."""
        self._latch.release()


class GroupCommit:
    """Collects jobs and lets one of those who wait carry them all out.

    `carry_out` runs the jobs in one transaction, commits it durably, and ends each job. It runs in one caller at a
    time, the leader; the others sleep until their own job is done, or until they are to lead the next commit.
    """

    def __init__(self, carry_out: Callable[[Sequence[Pending[Any]]], None]) -> None:
        self._carry_out = carry_out
        self._waiting: deque[Pending[Any]] = deque()
        self._mutex = threading.Lock()
        self._led = False

    def submit(self, job: Callable[[Any], T], ahead: Ahead = NOTHING_AHEAD) -> T:
        """Run `job` together with others that wait; return its result after the commit, or raise its error."""
        pending = Pending(job, ahead)
        with self._mutex:
            self._waiting.append(pending)
            leads, self._led = not self._led, True
        if not leads:
            pending.wait()
        if not pending.done:
            self._lead(pending)
        if pending.error is not None:
            raise pending.error
        return pending.result  # type: ignore[return-value]  # a job that is done without an error has its result

    @property
    def waiting(self) -> int:
        """How many jobs wait for the next commit."""
        return len(self._waiting)

    def _lead(self, leader: Pending[Any]) -> None:
        jobs: list[Pending[Any]] = []
        try:
            time.sleep(_GATHER)
            with self._mutex:
                jobs = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            began = time.monotonic()
            self._carry_out(jobs)
            metrics.COMMITS.observe(len(jobs))
            metrics.COMMIT_WAIT.observe(began - jobs[0].since)
            metrics.COMMIT_SECONDS.observe(time.monotonic() - began)
        except BaseException as error:
            for pending in jobs:
                if not pending.done:
                    pending.fail(error)
            raise
        finally:
            with self._mutex:
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            for pending in jobs:
                if pending is not leader:
                    pending.wake()
            if following is not None:
                following.wake()
