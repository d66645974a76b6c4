"""The mailer: takes letters from the queue, one at a time, and writes down at once what became of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog

from server import metrics
from server.alone import Alone
from server.errors import Problem
from server.mailing.kinds import MAIL
from server.mailing.transports import Letter, Refused, Transport, Trouble
from server.store import Store, Transaction
from sync.canonical import Value
from sync.record import State

_log = structlog.get_logger(__name__)
Compose: TypeAlias = Callable[[str, State], Letter]
"""Makes a letter of its id and record: the same bytes each time."""
_BATCH: Final = 100
_MOST_WAITING: Final = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the mailer looks and how long it waits, in ms.

    A letter that was not taken is tried again after `first`, then after twice as long each time, up to `most`, until
    `give_up` has passed. When the way itself fails, nothing is tried for `pause`, doubling up to `longest_pause`.
    """

    poll: int = 500
    again: int = 5_000
    first: int = 30_000
    most: int = 3_600_000
    pause: int = 5_000
    longest_pause: int = 300_000
    give_up: int = 3 * 86_400_000

    def delay(self, attempts: int, *, chance: float) -> int:
        """Return how long a letter waits that was tried in vain `attempts` times."""
        return _spread(self.first, self.most, attempts, chance)

    def rest(self, troubles: int, *, chance: float) -> int:
        """Return how long the mailer rests after the way has failed `troubles` times in a row."""
        return _spread(self.pause, self.longest_pause, troubles, chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """Sends what waits in `store`. `chance` gives numbers from 0 to 1; `lock` is what only one mailer holds.

    A letter is marked as sent, durably, before the next one begins, so that no more than one is ever in doubt; see
    `Smtp.send` for what happens to that one.
    """

    store: Store
    compose: Compose
    transport: Transport
    lock: Alone
    now: Callable[[], int]
    chance: Callable[[], float]
    pace: Pace = Pace()

    def run(self, stopped: threading.Event) -> None:
        """Send until stopped, whenever no other mailer does."""
        try:
            while self._takes_over(stopped):
                self._send_on(stopped)
                self.transport.close()
        finally:
            self.lock.leave()

    def _send_on(self, stopped: threading.Event) -> None:
        """Send as long as this mailer is the only one."""
        troubles, looked = 0, 0
        while not stopped.is_set() and self.lock.held():
            try:
                due = self._due("queued", limit=_BATCH)
                if self.now() - looked >= self.pace.again:
                    again = self._due("waiting", limit=_MOST_WAITING)
                    due, looked = due + again[:_BATCH], self.now() if len(again) <= _BATCH else 0
            except Problem as problem:  # the database is away
                _log.warning("mail_trouble", error=str(problem))
                stopped.wait(self.pace.pause / 1000)
                continue
            clear = self._send_all(due, stopped)
            troubles = 0 if clear else troubles + 1
            if not due or not clear:
                self.transport.close()
                rest = self.pace.rest(troubles, chance=self.chance()) if troubles else self.pace.poll
                stopped.wait(rest / 1000)

    def _send_all(self, due: list[str], stopped: threading.Event) -> bool:
        """Send these letters; return False as soon as there is trouble that the next one would meet too."""
        try:
            if due:
                self.store.write(_prove_writable)
            for id in due:
                if stopped.is_set() or not self.lock.held():
                    break
                self._send(id, stopped)
        except (Trouble, Problem) as error:
            _log.warning("mail_trouble", error=str(error))
            return False
        except Exception as error:  # noqa: BLE001  # a fault in one round must not end all letters
            _log.error("mail_failure", exc_info=error)
            return False
        return True

    def _send(self, id: str, stopped: threading.Event) -> None:
        with self.store.read() as look:
            state = look.get(MAIL.name, id)
        if state is None or state["state"].shown != "queued":
            return  # a newer letter took its place meanwhile
        try:
            letter = self.compose(id, state)
        except Exception as error:  # noqa: BLE001  # it would fail again; the officer sees it, the log says why
            _log.error("mail_unmakeable", id=id, exc_info=error)
            self._mark(id, self._failed(state, "the letter could not be made"), stopped)
            return
        try:
            self.transport.send(letter)
        except Refused as refused:
            self._mark(id, self._not_taken(state, str(refused), permanent=refused.permanent), stopped)
        except Trouble as trouble:
            words = f"{trouble} (it may have been taken all the same)" if trouble.doubtful else str(trouble)
            self._mark(id, self._not_taken(state, words), stopped)
            raise
        except Exception:
            self._mark(id, self._not_taken(state, "the letter could not be handed over"), stopped)
            self.transport.close()
            raise
        else:
            self._mark(id, self._sent(state, letter.message_id), stopped)

    def _sent(self, state: State, message_id: str) -> Mapping[str, Value]:
        tried: dict[str, Value] = {"attempts": _attempts(state) + 1, "next_at": None, "error": None}
        return {**tried, "state": "sent", "sent_at": self.now(), "message_id": message_id}

    def _failed(self, state: State, words: str) -> Mapping[str, Value]:
        return {"state": "failed", "attempts": _attempts(state) + 1, "next_at": None, "error": words}

    def _not_taken(self, state: State, words: str, *, permanent: bool = False) -> Mapping[str, Value]:
        attempts, now = _attempts(state), self.now()
        if permanent or now - _number(state, "queued_at") > self.pace.give_up:
            return self._failed(state, words)
        delay = self.pace.delay(attempts + 1, chance=self.chance())
        return {"attempts": attempts + 1, "next_at": now + delay, "error": words}

    def _mark(self, id: str, values: Mapping[str, Value], stopped: threading.Event) -> None:
        """Write down what became of a letter; while the disk takes no more, try that again and send nothing else."""

        def job(transaction: Transaction) -> None:
            state = transaction.get(MAIL.name, id)
            if state is not None and (state["state"].shown == "queued" or values.get("state") == "sent"):
                MAIL.serve(transaction, id, values, now=self.now())

        while True:
            try:
                self.store.write(job)
                break
            except Problem as problem:
                _log.error("mail_unmarked", id=id, error=str(problem))
                stopped.wait(self.pace.pause / 1000)
                if stopped.is_set():
                    raise
        metrics.LETTERS.labels(str(values.get("state", "deferred"))).inc()

    def _due(self, queue: str, *, limit: int) -> list[str]:
        """Return the letters whose time has come, the one that waited longest first."""
        with self.store.read() as look:
            found = look.find(MAIL.name, "state", queue, limit=limit)
        times = [(_number(state, "next_at"), id) for id, state in found]
        return [id for at, id in sorted(times) if at <= self.now()]

    def _takes_over(self, stopped: threading.Event) -> bool:
        """Wait until no other mailer sends; return False when this one is stopped before."""
        waits = False
        while not stopped.is_set():
            if self.lock.take():
                return True
            if not waits:
                _log.info("mail_waits", expected="the other mailer of this city to end")
            waits = True
            stopped.wait(self.pace.poll / 1000)
        return False


def _spread(first: int, most: int, times: int, chance: float) -> int:
    """Double `first` each time, and spread by a tenth either way: what failed together does not come back together."""
    return int(min(most, first * 2 ** min(times - 1, 20)) * (0.9 + 0.2 * chance))


def _prove_writable(transaction: Transaction) -> None:
    """Write something before letters leave: what can't be marked as sent would be sent again after each start."""
    transaction.next_number("mail")


def _attempts(state: State) -> int:
    return _number(state, "attempts")


def _number(state: State, key: str) -> int:
    value: Any = state[key].shown
    return int(value)
