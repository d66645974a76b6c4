"""Carries pokes between processes on any machine, by PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from server.live.live import Listener, Listeners

_log = structlog.get_logger(__name__)
CHANNEL: Final = "motcua"
_PAYLOAD: Final = 7_000
"""Bytes; PostgreSQL takes less than 8,000."""
_LOOK: Final = 1.0
"""Seconds between looks at whether the bus was closed."""
_FIRST: Final = 0.1
_LONGEST: Final = 5.0
"""Seconds before a connection that was lost is made anew: full jitter, as in SPEC.md T1."""
_ALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 5}
"""So that a database whose machine is gone without a word is missed after half a minute."""

Job = Callable[[psycopg.Connection], None]
Connect = Callable[..., psycopg.Connection]


class NotifyBus:
    """Joins all processes that share a database: each speaks on one connection and listens on another.

    It notifies after the commit and on a connection of its own: inside the transaction, NOTIFY would make all commits
    of the database take turns. What moves while a notification is on its way goes out with the next one, and what could
    not be said goes out when the database is back. What was said meanwhile is lost, so listeners are told to `doubt`.
    """

    def __init__(self, url: str, *, speak_on: Connect = psycopg.connect) -> None:
        """Join the database at `url`; `speak_on` connects to it for whoever speaks."""
        self._url = url
        self._listeners = Listeners()
        self._moved: dict[str, int] = {}
        self._changed = threading.Condition()
        self._closed = threading.Event()
        for job, connect in ((self._speak, speak_on), (self._listen, psycopg.connect)):
            threading.Thread(target=self._kept_up, args=(job, connect), name="live", daemon=True).start()

    def listen(self, listener: Listener) -> None:
        """Tell `listener`, too, from now on."""
        self._listeners.add(listener)

    def publish(self, moved: Mapping[str, int]) -> None:
        """Tell every listener, here and in the other processes."""
        self._listeners.moved(moved)
        self._keep(moved)

    def close(self) -> None:
        """Leave the bus."""
        self._closed.set()
        with self._changed:
            self._changed.notify()

    def _keep(self, moved: Mapping[str, int]) -> None:
        with self._changed:
            for feed, seq in moved.items():
                self._moved[feed] = max(seq, self._moved.get(feed, 0))
            self._changed.notify()

    def _kept_up(self, job: Job, connect: Connect) -> None:
        failures = 0
        while not self._closed.is_set():
            try:
                with connect(make_conninfo(self._url, **_ALIVE), autocommit=True) as connection:
                    if failures:
                        _log.info("live_database_back", failures=failures)
                    failures = 0
                    job(connection)
            except psycopg.Error as error:
                if self._closed.is_set():
                    return
                if not failures:  # once for each time that it is away
                    _log.warning("live_database", expected="the database to answer", error=str(error))
                pause = min(_LONGEST, _FIRST * 2**failures) * random.random()  # noqa: S311  # so that not all come at once
                failures += 1
                self._closed.wait(pause)

    def _speak(self, connection: psycopg.Connection) -> None:
        while True:
            with self._changed:
                while not self._moved:
                    if self._closed.is_set():
                        return
                    self._changed.wait()
                moved, self._moved = self._moved, {}
            try:
                for payload in _payloads(moved):
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            except psycopg.Error:
                self._keep(moved)  # some may have been said: twice does no harm
                raise

    def _listen(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._listeners.doubt()
        while not self._closed.is_set():
            for note in connection.notifies(timeout=_LOOK):
                self._listeners.moved(json.loads(note.payload))


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
