"""The engine for a city that outgrows one machine: PostgreSQL, written by many processes at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import Context
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from server.errors import Problem
from server.store import Ahead, Life, Load, Moved, Reader, Transaction, nothing_ahead
from server.store.blobs import FileBlobs
from server.store.commit import GroupCommit, Pending
from server.store.postgres.connections import Connection, Connections
from server.store.postgres.flush import flush
from server.store.postgres.gathered import GatheredReader, Gathers
from server.store.postgres.locks import Busy
from server.store.postgres.schema import migrate
from server.store.postgres.work import Work

T = TypeVar("T")
_LOCKS: Final = 2_000
"""Locks that a commit takes before it leaves further jobs to the next: PostgreSQL keeps all locks of all processes in a
table of `max_locks_per_transaction` times `max_connections` places."""
_TRIES: Final = 3
"""How often a commit begins anew that met another one in a circle. None should; PostgreSQL ends one if they do."""
_CIRCLE: Final = (errors.DeadlockDetected, errors.SerializationFailure)
_ONE_JOBS: Final = (
    psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.NotSupportedError,
    errors.ProgramLimitExceeded, errors.OutOfMemory,
)  # fmt: skip
"""What PostgreSQL says of what one job wrote, as of a text that it can't hold: the others of its commit go on."""


class PostgresStore:
    """Keeps records in the database at `url` and attachments in `folder`. The database need not answer yet.

    Writers of one process share a transaction (`GroupCommit`); those of several processes meet only at what they both
    write (`locks.py`), and at the rows of the feeds that both move.
    """

    def __init__(
        self, url: str, folder: Path, *, moved: Moved = lambda _: None, blob_bytes: int = 32 * 1024 * 1024
    ) -> None:
        self._moved = moved
        self.blobs = FileBlobs(folder / "blobs", most=blob_bytes)
        self._connections = Connections(url)
        self._gathers = Gathers(self._connections)
        self._commit = GroupCommit(self._carry_out)
        self._life: Life | None = None
        self._opening = threading.Lock()

    @property
    def epoch(self) -> str:
        """What `Store.epoch` says."""
        return self.life.epoch

    @property
    def life(self) -> Life:
        """What `Store.life` says; whoever asks first brings the tables up to date."""
        if self._life is None:
            with self._opening:  # one asks, and all who came with it have its answer
                if self._life is None:
                    with _unavailable(), self._connections.writing() as connection:
                        self._life = migrate(connection)
        return self._life

    @property
    def load(self) -> Load:
        """What the store is at."""
        used, idle = self._connections.count
        return Load(self._commit.waiting, used=used, idle=idle)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a reader: its usual questions go with those of others, for the rest it has a connection of its own."""
        assert self.epoch
        with _unavailable(), ExitStack() as held:
            yield GatheredReader(
                self._gathers, lambda: held.enter_context(self._connections.reading()), self.blobs.size
            )

    def write(self, job: Callable[[Transaction], T], *, ahead: Callable[[], Ahead] = nothing_ahead) -> T:
        """Run `job` in a transaction; return when PostgreSQL has it on the disk.

        `unavailable` says that this is not known: when the connection is lost within COMMIT, it may be there or not.
        """
        assert self.epoch
        return self._commit.submit(job, ahead())

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def _carry_out(self, jobs: Sequence[Pending[Any]]) -> None:
        waiting, wanted, tries = list(jobs), frozenset[int](), _TRIES
        while waiting:
            try:
                waiting, wanted = self._commit_once(waiting, wanted)
            except _CIRCLE as error:
                tries -= 1
                if not tries:
                    _fail(waiting, _no_write(error))
                    return
            except _ONE_JOBS as error:
                if len(waiting) == 1:
                    _fail(waiting, _no_write(error) if isinstance(error, psycopg.OperationalError) else error)
                else:
                    for pending in waiting:
                        self._carry_out([pending])
                return
            except psycopg.Error as error:
                _fail(waiting, _no_write(error))
                return

    def _commit_once(
        self, jobs: list[Pending[Any]], wanted: frozenset[int]
    ) -> tuple[list[Pending[Any]], frozenset[int]]:
        """Carry out jobs once these locks were had; return those that must come again, and for which locks."""
        jobs, later = _not_too_many(jobs)
        with self._connections.writing() as connection, _undone(connection):
            work = Work(connection, self.blobs.size)
            work.begin([pending.ahead for pending in jobs], locks=wanted)
            outcomes = list[BaseException | None]()
            for pending in jobs:
                room = not outcomes or work.locks.count <= _LOCKS
                outcomes.append(_carried_out(pending, work) if room else Busy(frozenset()))
            try:
                moved = flush(work, connection)
            except Busy as busy:
                # Whoever writes what others read meanwhile begins anew, and then has it before all else.
                outcomes, moved = [busy] * len(jobs), {}
                connection.execute("ROLLBACK")
        again, missing = list[Pending[Any]](), frozenset[int]()
        for pending, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, Busy):
                again.append(pending)
                missing |= outcome.wanted
            elif outcome is not None:
                pending.fail(outcome)
            else:
                pending.done = True
        if moved:
            self._moved(moved)
        # What was wanted before is wanted still: two commits could else take in turn what the other one waits for.
        return [*again, *later], (wanted | missing if again else frozenset())


@contextmanager
def _undone(connection: Connection) -> Iterator[None]:
    """Undo what a block that fails has begun; one that ends well has ended its transaction itself."""
    try:
        yield
    except BaseException:
        if connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        raise Problem("unavailable", "expected the database to answer") from error


def _no_write(error: psycopg.Error) -> Problem:
    unavailable = Problem("unavailable", "expected the database to accept a write")
    unavailable.__cause__ = error
    return unavailable


def _fail(jobs: Sequence[Pending[Any]], error: BaseException) -> None:
    for pending in jobs:
        pending.fail(error)


def _not_too_many(jobs: list[Pending[Any]]) -> tuple[list[Pending[Any]], list[Pending[Any]]]:
    """Part jobs into those whose locks have room together, at least one, and the rest."""
    sizes = accumulate(
        len(pending.ahead.records | pending.ahead.writes) + len(pending.ahead.chains) for pending in jobs
    )
    number = max(1, sum(size <= _LOCKS for size in sizes))
    return jobs[:number], jobs[number:]


def _carried_out(pending: Pending[Any], work: Work) -> BaseException | None:
    """Run a job; return what kept it from its end. What PostgreSQL objects to ends the whole commit."""

    def whole() -> Any:
        result = pending.job(work)
        work.finish()
        return result

    try:
        # It runs for whoever leads the commit: in a context of its own it can't mistake that request for its own.
        pending.result = Context().run(whole)
    except psycopg.Error:
        raise
    except BaseException as error:  # noqa: BLE001  # it is raised again, to whoever submitted the job
        work.abandon()
        return error
    return None
