"""How a connection waits for PostgreSQL under gevent: in the loop, by watchers that it keeps for its whole life.

psycopg's own ways make a selector, and with it gevent's watchers and a timer, for every answer; on the busiest path
that costs more than the question. And what the database answers is taken before what clients send: whoever leads a
commit goes on with it while new requests wait, as everybody in that commit waits for it.
"""

from __future__ import annotations

import select
from typing import Any, TypeVar

import gevent
import psycopg
from gevent import monkey
from psycopg.abc import PQGen
from psycopg.waiting import Ready, Wait

RV = TypeVar("RV")
_READ, _WRITE = 1, 2
"""What libev calls them."""


class GreenConnection(psycopg.Connection[Any]):
    """A connection for greenlets of one thread."""

    _watchers: dict[int, Any] | None = None
    _poll: Any = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Go on with `gen` whenever the socket is ready; return what it returns."""
        if timeout is not None:
            return super().wait(gen, interval=interval, timeout=timeout)
        try:
            state = next(gen)
            while True:
                state = gen.send(self._ready(state))
        except StopIteration as end:
            value: RV = end.value
            return value

    def close(self) -> None:
        """Close the connection; nobody waits for it."""
        for watcher in (self._watchers or {}).values():
            watcher.close()
        self._watchers = None
        super().close()

    def _ready(self, state: Wait) -> Ready:
        # There is nearly always room to write, and to look costs less than to go through the loop.
        if state & Wait.W and (ready := self._look(state)):
            return ready
        hub = gevent.get_hub()
        events = (_READ if state & Wait.R else 0) | (_WRITE if state & Wait.W else 0)
        if self._watchers is None:
            self._watchers = {}
        if events not in self._watchers:
            self._watchers[events] = hub.loop.io(self.fileno(), events, priority=hub.loop.MAXPRI)
        hub.wait(self._watchers[events])
        return self._look(state) if state & Wait.W else Ready.R

    def _look(self, state: Wait) -> Ready:
        if self._poll is None:
            self._poll = monkey.get_original("select", "poll")()
            self._poll.register(self.fileno(), select.POLLIN | select.POLLOUT)
        ready = 0
        for _, event in self._poll.poll(0):
            if state & Wait.R and event & (select.POLLIN | select.POLLHUP | select.POLLERR):
                ready |= Ready.R
            if event & (select.POLLOUT | select.POLLERR):
                ready |= Ready.W
        return Ready(ready) if ready else Ready.NONE


def connection_class() -> type[psycopg.Connection[Any]]:
    """Return the kind of connection that this process uses: gevent's where gevent is at work."""
    return GreenConnection if monkey.is_module_patched("select") else psycopg.Connection
