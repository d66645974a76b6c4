"""Being the only one of all processes that share a database."""

from __future__ import annotations

import psycopg
import structlog

from server.store.postgres.locks import name

_log = structlog.get_logger(__name__)
_LINK = {"connect_timeout": "5", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}
"""So that PostgreSQL misses a holder, and a holder misses PostgreSQL, soon after the line between them is cut."""
_SERVER = (
    "SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),"
    " set_config('tcp_keepalives_count', '3', false)"
)


class DatabaseLock:
    """An advisory lock of a session of its own; PostgreSQL takes it back when that ends."""

    def __init__(self, url: str, purpose: str) -> None:
        self._url = psycopg.conninfo.make_conninfo(url, application_name=f"motcua {purpose}", **_LINK)
        self._lock = name("alone", purpose)
        self._connection: psycopg.Connection | None = None

    def take(self) -> bool:
        """Take it if it is free; a database that does not answer gives it to nobody."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._url, autocommit=True)
                self._connection.execute(_SERVER)
            row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchone()
        except psycopg.OperationalError as error:
            _log.warning("lock_database", expected="the database to answer", error=str(error))
            self.leave()
            return False
        return row is not None and bool(row[0])

    def held(self) -> bool:
        """Ask on the session that took it: as long as that lives, so does the lock."""
        if self._connection is None:
            return False
        try:
            self._connection.execute("SELECT 1")
        except psycopg.OperationalError:
            self.leave()
            return False
        return True

    def leave(self) -> None:
        """End the session, and with it the lock."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
