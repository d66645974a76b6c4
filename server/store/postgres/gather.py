"""Questions of many readers in one round trip.

A round trip costs more than what it asks for: a request that asks five times on its own would keep both sides busy with
asking. So whoever asks while a round trip is under way waits for the next one, which takes all that have come; and each
answer is as fresh as if it had been asked for alone, for nobody joins a question that was sent already.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Generic, TypeVar

import psycopg

Question = TypeVar("Question")
Answer = TypeVar("Answer")
_MOST: Final = 128


class _Asked(Generic[Question, Answer]):
    def __init__(self, questions: Collection[Question]) -> None:
        self.questions = questions
        self.done = False
        self.answers: Mapping[Question, Answer] = {}
        self.error: Exception | None = None
        self.latch = threading.Lock()
        self.latch.acquire()


class Gather(Generic[Question, Answer]):
    """Answers questions; `look_up` answers many at once, and leaves out what is not there.

    It runs in one caller at a time, the leader; others sleep until theirs is answered, or until they are to lead.
    """

    def __init__(self, look_up: Callable[[Collection[Question]], Mapping[Question, Answer]]) -> None:
        self._look_up = look_up
        self._waiting: deque[_Asked[Question, Answer]] = deque()
        self._mutex = threading.Lock()
        self._led = False

    def ask(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """Return the answers, and maybe those of others; a question without one is left out.

        Raises what `look_up` raises.
        """
        asked = _Asked[Question, Answer](questions)
        with self._mutex:
            self._waiting.append(asked)
            leads, self._led = not self._led, True
        if not leads:
            asked.latch.acquire()
        if not asked.done:
            self._lead(asked)
        if asked.error is not None:
            raise asked.error
        return asked.answers

    def _lead(self, leader: _Asked[Question, Answer]) -> None:
        some = [leader]
        try:
            time.sleep(0)  # under gevent, a round of the loop: who is about to ask does
            with self._mutex:
                some = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
            self._answer(some)
        except BaseException as error:
            for each in some:
                each.error = error if isinstance(error, Exception) else psycopg.OperationalError("the asking was cut")
                each.done = True
            raise
        finally:
            with self._mutex:
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            for each in some:
                if each is not leader:
                    each.latch.release()
            if following is not None:
                following.latch.release()

    def _answer(self, some: Sequence[_Asked[Question, Answer]]) -> None:
        try:
            found = self._look_up({question for each in some for question in each.questions})
        except psycopg.DataError as error:
            # Somebody asks for what PostgreSQL can't hold, as a text with a zero in it: the others go on.
            if len(some) == 1:
                some[0].error, some[0].done = error, True
            else:
                for each in some:
                    self._answer([each])
            return
        for each in some:
            each.answers, each.done = found, True
