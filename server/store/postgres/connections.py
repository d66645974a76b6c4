"""Connections to the database: kept while they are well, made anew at once when they are not.

A pool that mends itself in the background (psycopg-pool) tries again at ever longer intervals and lets whoever needs a
connection wait meanwhile. Here whoever needs one connects: so the service says `unavailable` within milliseconds while
the database is away, and works again with the first request after it is back.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
import structlog
from psycopg import conninfo
from psycopg.pq import TransactionStatus

from server.store.postgres.waiting import connection_class

Connection = psycopg.Connection[Any]

_log = structlog.get_logger(__name__)
_READERS: Final = 15
"""Connections of one process for readers at most; its one writer has another."""
_PATIENCE: Final = 5.0
"""Seconds that a reader waits for another to be done with its connection."""
_PAUSE: Final = 0.1
"""Seconds without a further try after one that failed: a server that is starting has better things to do."""
_WORD: Final = 10.0
"""Seconds between words in the log about a database that is away."""
_LINK: Final[dict[str, str | int]] = {
    "application_name": "motcua",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""What the URL does not say otherwise: a database whose machine has vanished is noticed within half a minute."""
_SESSION: Final = """
SELECT set_config('idle_in_transaction_session_timeout', '30s', false), set_config('lock_timeout', '40s', false),
    set_config('plan_cache_mode', 'force_generic_plan', false),
    set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false),
    set_config('synchronous_commit', CASE chosen WHEN 'off' THEN 'on' ELSE chosen END, false)
FROM current_setting('synchronous_commit') AS chosen
"""
"""Every question goes by an index and in its order, so one plan is good for all values. PostgreSQL would make a new one
for each array, which takes longer than to carry it out; and a plan that was made while a table or a feed was small must
not read all of it when it has grown."""


class Connections:
    """Connections to the database at `url`, each used by one thread at a time. Raises `ValueError` for a bad URL."""

    def __init__(self, url: str) -> None:
        try:
            named = conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise ValueError(f"expected the URL of a database: {error}") from error
        self._url = conninfo.make_conninfo(url, **{name: each for name, each in _LINK.items() if name not in named})
        self._idle: deque[Connection] = deque()
        self._used = 0
        self._readers = threading.BoundedSemaphore(_READERS)
        self._closed = False
        self._failed_at = self._said_at = -_WORD
        self._away = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that commits each statement. Raises `psycopg.OperationalError`."""
        if not self._readers.acquire(timeout=_PATIENCE):
            raise psycopg.OperationalError(f"expected one of {_READERS} connections to be free within {_PATIENCE} s")
        try:
            with self.writing() as connection:
                yield connection
        finally:
            self._readers.release()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection to the writer, who never waits for readers. Raises `psycopg.OperationalError`."""
        connection = self._take()
        self._used += 1
        try:
            yield connection
        finally:
            self._used -= 1
            if self._closed or connection.info.transaction_status is not TransactionStatus.IDLE:
                connection.close()  # it is broken, or left in the middle of something
            else:
                self._idle.append(connection)

    @property
    def count(self) -> tuple[int, int]:
        """How many are in use, and how many wait to be."""
        return self._used, len(self._idle)

    def close(self) -> None:
        """Close those that nobody uses, and the others when they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> Connection:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._connect()
            if _is_well(connection):
                return connection
            connection.close()

    def _connect(self) -> Connection:
        if time.monotonic() - self._failed_at < _PAUSE:
            raise psycopg.OperationalError("expected the database to answer; it did not a moment ago")
        connection: Connection | None = None
        try:
            connection = connection_class().connect(self._url, autocommit=True)
            # What a database or a user may have set otherwise: jobs rely on it.
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            connection.execute(_SESSION)
        except psycopg.OperationalError as error:
            if connection is not None:
                connection.close()
            self._failed_at, self._away = time.monotonic(), True
            if self._failed_at - self._said_at >= _WORD:
                self._said_at = self._failed_at
                _log.warning("database_away", expected="the database to take a connection", error=str(error))
            raise
        if self._away:
            self._away, self._said_at = False, -_WORD
            _log.warning("database_back")
        return connection


def _is_well(connection: Connection) -> bool:
    """Look whether the server has ended the connection, without asking it: what it sent last would have come."""
    try:
        for _ in range(2):  # its last words, and its end
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return False
    return connection.info.transaction_status is TransactionStatus.IDLE
