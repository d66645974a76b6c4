"""The embedded engine: SQLite in WAL mode, durable at each acknowledged commit, shared by several processes."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from server.errors import Problem
from server.store import Ahead, Load, Moved, Reader, Transaction, nothing_ahead
from server.store.blobs import FileBlobs
from server.store.commit import GroupCommit, Pending
from server.store.rows import SqliteReader, SqliteTransaction
from server.store.schema import MIGRATIONS
from server.store.transfer import read_life
from server.store.turns import turn

T = TypeVar("T")


class SqliteStore:
    """Keeps all state in one folder: `motcua.db`, its WAL, and `blobs/`.

    Readers never wait. Writers of one process share commits; writers of several processes take turns at a file lock,
    which wakes the next one at once where SQLite's own busy handler would sleep.
    """

    def __init__(self, folder: Path, *, moved: Moved = lambda _: None, blob_bytes: int = 32 * 1024 * 1024) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "motcua.db"
        self._lock = (folder / "motcua.lock").open("w")
        self._moved = moved
        self._writer = self._connect()
        with turn(self._lock):
            MIGRATIONS.apply(Database(self._writer))
        self.blobs = FileBlobs(folder / "blobs", most=blob_bytes)
        self._transaction = SqliteTransaction(self._writer, self.blobs.size)
        self._readers: deque[sqlite3.Connection] = deque()
        self._commit = GroupCommit(self._carry_out)
        self.life = read_life(dict(self._writer.execute("SELECT name, value FROM meta").fetchall()))
        self.epoch = self.life.epoch

    @property
    def load(self) -> Load:
        """What the store is at; there is no server to connect to."""
        return Load(self._commit.waiting)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a reader on a connection of its own."""
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield SqliteReader(connection, self.blobs.size)
        finally:
            self._readers.append(connection)

    def write(self, job: Callable[[Transaction], T], *, ahead: Callable[[], Ahead] = nothing_ahead) -> T:
        """Run `job` in a transaction; return when it is on the disk (synchronous=FULL)."""
        return self._commit.submit(job)

    def close(self) -> None:
        """Close all connections; the last one to close folds the WAL into the database."""
        while self._readers:
            self._readers.pop().close()
        self._writer.close()
        self._lock.close()

    def _carry_out(self, jobs: Sequence[Pending[Any]]) -> None:
        try:
            with turn(self._lock):
                self._writer.execute("BEGIN IMMEDIATE")
                for pending in jobs:
                    self._run(pending)
                self._transaction.flush()
                self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            self._abandon()
            for pending in jobs:
                unavailable = Problem("unavailable", "expected the database to accept a write")
                unavailable.__cause__ = error
                pending.fail(unavailable)
            return
        except BaseException:
            self._abandon()
            raise
        moved = dict(self._transaction.moved)
        self._transaction.moved.clear()
        for pending in jobs:
            pending.done = True
        if moved:
            self._moved(moved)

    def _abandon(self) -> None:
        """Leave nothing of a commit that failed: the next one must find neither its rows nor its feed numbers."""
        self._transaction.moved.clear()
        self._transaction.abandon()
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")

    def _run(self, pending: Pending[Any]) -> None:
        before = dict(self._transaction.moved)
        self._writer.execute("SAVEPOINT job")
        try:
            # It runs for whoever leads the commit: in a context of its own it can't mistake that request for its own.
            pending.result = Context().run(self._whole, pending.job)
        except sqlite3.Error:
            raise  # the disk is full or the database damaged: no job of this commit can be trusted
        except BaseException as error:  # noqa: BLE001  # it is raised again, to whoever submitted the job
            self._writer.execute("ROLLBACK TO job")
            self._transaction.moved = before
            self._transaction.abandon()
            pending.error = error
        self._writer.execute("RELEASE job")

    def _whole(self, job: Callable[[Transaction], T]) -> T:
        result = job(self._transaction)
        self._transaction.finish()
        return result

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=128)
        for pragma in (
            "busy_timeout=10000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "cache_size=-65536",
            "wal_autocheckpoint=8000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection
