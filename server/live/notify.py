"""Carries pokes between processes on any machine, by PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Final

import psycopg
import structlog

from server.live.followers import Followers

_log = structlog.get_logger(__name__)
_CHANNEL: Final = "motcua"
_PAYLOAD: Final = 7_000
"""Bytes; PostgreSQL takes less than 8,000."""
_PAUSE: Final = 1.0
"""Seconds before a connection that was lost is made anew."""


class NotifyBus:
    """Joins all processes that share a database.

    It notifies after the commit and on a connection of its own: inside the transaction, NOTIFY would make all commits
    of the database take turns. What moves while a notification is on its way goes out with the next one.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.followers = Followers()
        self._moved: dict[str, int] = {}
        self._changed = threading.Condition()
        self._closed = False
        for job in (self._speak, self._listen):
            threading.Thread(target=self._kept_up, args=(job,), name="live", daemon=True).start()

    def publish(self, moved: Mapping[str, int]) -> None:
        """Tell every subscriber, here and in the other processes."""
        self.followers.tell(moved)
        with self._changed:
            for feed, seq in moved.items():
                self._moved[feed] = max(seq, self._moved.get(feed, 0))
            self._changed.notify()

    def close(self) -> None:
        """Leave the bus."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _kept_up(self, job: object) -> None:
        while not self._closed:
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    job(connection)  # type: ignore[operator]
            except psycopg.OperationalError as error:
                _log.warning("live_database", expected="the database to answer", error=str(error))
                time.sleep(_PAUSE)

    def _speak(self, connection: psycopg.Connection) -> None:
        while True:
            with self._changed:
                while not self._moved:
                    if self._closed:
                        return
                    self._changed.wait()
                moved, self._moved = self._moved, {}
            for payload in _payloads(moved):
                connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, payload))

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {_CHANNEL}")
        while not self._closed:
            for note in connection.notifies(timeout=_PAUSE):
                self.followers.tell(json.loads(note.payload))


def _payloads(moved: Mapping[str, int]) -> Iterator[str]:
    """Return JSON objects of at most `_PAYLOAD` bytes each."""
    part: dict[str, int] = {}
    size = 2
    for feed, seq in moved.items():
        length = len(json.dumps({feed: seq}))
        if part and size + length > _PAYLOAD:
            yield json.dumps(part)
            part, size = {}, 2
        part[feed] = seq
        size += length
    if part:
        yield json.dumps(part)
