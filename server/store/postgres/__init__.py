"""The engine for a city that outgrows one machine: PostgreSQL, written by many processes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from server.errors import Problem
from server.store import NOTHING_AHEAD, Ahead, Moved, Reader, Transaction
from server.store.blobs import FileBlobs
from server.store.commit import GroupCommit, Pending
from server.store.postgres.flush import flush
from server.store.postgres.locks import Busy
from server.store.postgres.reader import Connection, PostgresReader
from server.store.postgres.schema import migrate
from server.store.postgres.work import Work

T = TypeVar("T")
_CONNECTIONS: Final = 16
"""Connections of one process at most."""


class PostgresStore:
    """Keeps records in the database at `url` and attachments in `folder`.

    Writers of one process share a transaction (`GroupCommit`); those of several processes meet only at what they both
    write (`locks.py`), and at the rows of the feeds that both move.
    """

    def __init__(
        self, url: str, folder: Path, *, moved: Moved = lambda _: None, blob_bytes: int = 32 * 1024 * 1024
    ) -> None:
        self._moved = moved
        self.blobs = FileBlobs(folder / "blobs", most=blob_bytes)
        self._pool = ConnectionPool(
            url, kwargs={"autocommit": True}, min_size=1, max_size=_CONNECTIONS, timeout=10, open=True
        )
        with self._pool.connection() as connection:
            migrate(connection)
            row = connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()
        assert row is not None
        self.epoch: str = row[0]
        self._commit = GroupCommit(self._carry_out)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a reader on a connection of its own."""
        with self._connection() as connection:
            yield PostgresReader(connection, self.blobs.size)

    def write(self, job: Callable[[Transaction], T], *, ahead: Ahead = NOTHING_AHEAD) -> T:
        """Run `job` in a transaction; return when PostgreSQL has it on the disk."""
        return self._commit.submit(job, ahead)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close(timeout=1)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise Problem("unavailable", "expected the database to answer") from error

    def _carry_out(self, jobs: Sequence[Pending[Any]]) -> None:
        waiting, wanted = list(jobs), frozenset[int]()
        try:
            while waiting:
                waiting, wanted = self._commit_once(waiting, wanted)
        except (psycopg.Error, PoolTimeout) as error:
            for pending in waiting:
                unavailable = Problem("unavailable", "expected the database to accept a write")
                unavailable.__cause__ = error
                pending.fail(unavailable)

    def _commit_once(
        self, jobs: list[Pending[Any]], wanted: frozenset[int]
    ) -> tuple[list[Pending[Any]], frozenset[int]]:
        """Carry out jobs once these locks were had; return those that must come again, and for which locks."""
        with self._pool.connection() as connection, connection.transaction():
            work = Work(connection, self.blobs.size)
            work.locks.wait(wanted)
            work.ahead([pending.ahead for pending in jobs])
            outcomes = [_carried_out(pending, work) for pending in jobs]
            try:
                moved = flush(work, connection)
            except Busy as busy:
                # Whoever writes what others read meanwhile begins anew, and then has it before all else.
                outcomes, moved = [busy] * len(jobs), {}
                raise psycopg.Rollback from busy
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
        return again, missing


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
