"""Back-pressure: how many requests are worked on at once, how many wait, and when it is kinder to refuse.

A process works on some requests at once, which is as many as share a commit well; more would only make the loop slow
to answer anybody. Others wait their turn, until the wait that they could expect, or that of the first of them, is
longer than is good for anyone. Then whoever comes is told at once to come again later (`busy`, 503, `Retry-After`), and
when: those who are refused come spread over as much time as it takes to serve them (SPEC.md T4).
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from server.errors import Problem

AT_ONCE: Final = 16
"""Requests of one process that are worked on at the same time."""
_ALWAYS: Final = 96
"""So many may be here whatever the wait is said to be: a handful of slow answers is no overload."""
_PATIENCE: Final = 1.0
"""Seconds that somebody may have to wait."""
_LONGEST: Final = 30
"""Seconds that anybody is asked to wait at most."""
_BOOKED: Final = 0.7
"""How much of an answer's time is set aside for each who is refused. Who is told `s` comes between `s` and `2 s`: of
those who are told moments evenly, ln 2 come at any moment. So with 0.7 the service neither idles nor is overrun."""
_FIRST: Final = 0.002
"""Seconds that an answer is thought to take before any was looked at."""
_FEW: Final = 32
"""Answers after which it is looked how long each takes."""


class Admission:
    """Lends places to requests. One a process, used by all of its threads; `clock` gives seconds."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        always: int = _ALWAYS,
        patience: float = _PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._at_once, self._always, self._patience, self._clock = at_once, always, patience, clock
        self._mutex = threading.Lock()
        self._running = 0
        self._waiting: deque[tuple[float, threading.Lock]] = deque()
        self._each = _FIRST  # seconds between two answers of a busy process
        self._since, self._busy, self._answers = 0.0, 0.0, 0
        self._next = 0.0  # when whoever is refused next should come

    @property
    def full(self) -> bool:
        """Whether whoever comes now should come again later."""
        here = self._running + len(self._waiting)
        if here < self._always:
            return False
        oldest = self._clock() - self._waiting[0][0] if self._waiting else 0.0
        return here * self._each > self._patience or oldest > 2 * self._patience

    def refusal(self) -> Problem:
        """Return what is said to somebody who is refused."""
        with self._mutex:
            now = self._clock()
            # Each is told another moment, in a queue that nobody stands in: it begins when those who wait are done.
            self._next = min(max(self._next, now + self._patience) + self._each * _BOOKED, now + _LONGEST)
            seconds = math.ceil(self._next - now)
        return Problem("busy", retry_after=seconds)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and keep it while the block runs. Raises `busy` instead of waiting too long."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._mutex:
            if self._running < self._at_once:
                if not self._running:
                    self._since = self._clock()
                self._running += 1
                return
            turn = None if self.full else threading.Lock()
            if turn is not None:
                turn.acquire()
                self._waiting.append((self._clock(), turn))
        if turn is None:
            raise self.refusal()
        try:
            turn.acquire()  # until somebody leaves their place to it
        except BaseException:
            self._give_up(turn)
            raise

    def _leave(self) -> None:
        with self._mutex:
            self._count()
            if self._waiting:
                self._waiting.popleft()[1].release()
            else:
                self._running -= 1
                if not self._running:
                    self._busy += self._clock() - self._since

    def _give_up(self, turn: threading.Lock) -> None:
        """Leave the queue, or the place that was just had."""
        with self._mutex:
            left = [each for each in self._waiting if each[1] is not turn]
            waited, self._waiting = len(left) < len(self._waiting), deque(left)
        if not waited:
            self._leave()

    def _count(self) -> None:
        """Learn from another answer how long each takes; time without anything to do does not count."""
        self._answers += 1
        if self._answers >= _FEW:
            now = self._clock()
            self._each += ((self._busy + now - self._since) / self._answers - self._each) / 2
            self._since, self._busy, self._answers = now, 0.0, 0
