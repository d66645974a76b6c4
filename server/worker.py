"""The web process, which takes leave of those it serves: no answer is lost, and nobody waits for the idle."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any, Final

import gevent
from gevent.monkey import get_original
from gevent.pool import Pool
from gevent.server import StreamServer

from server.direct_worker import DirectWorker
from server.draining import DRAINING

_LOOK: Final = 0.05
_LINGER: Final = 1.0
"""Seconds that idle connections stay open, so that who is just about to use one gets an answer, the last on it."""


class Worker(DirectWorker):
    """Serves connections of one listening socket until SIGTERM.

    Then it takes those that had come, closes live sockets, lets requests in progress end with their commit and answer,
    and says `Connection: close` in each answer.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._idle: set[Any] = set()
        self._busy: set[Any] = set()

    def run(self) -> None:
        """Serve, and take leave in the end."""
        (listener,) = self.sockets
        listener.setblocking(True)
        server = StreamServer(listener, handle=partial(self.handle, listener), spawn=Pool(self.worker_connections))
        server.start()
        noted = 0.0
        while self.alive:
            if time.monotonic() - noted > 1:
                noted = time.monotonic()
                self.notify()
            gevent.sleep(_LOOK)
        self._leave(server)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection from its first request to its last."""
        self._idle.add(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self._idle.discard(client)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """Answer one request."""
        if DRAINING.closes:
            req.force_close()
        self._idle.discard(sock)
        self._busy.add(req)
        try:
            return super().handle_request(listener_name, req, sock, addr)
        finally:
            self._busy.discard(req)
            self._idle.add(sock)

    def _leave(self, server: Any) -> None:
        DRAINING.begin()
        for request in tuple(self._busy):
            request.force_close()  # its answer was not begun, or it ends anyway
        server.stop_accepting()
        while (come := server.do_read()) is not None:
            server.do_handle(*come)
        server.close()
        began = time.monotonic()
        while server.pool and time.monotonic() < began + self.cfg.graceful_timeout:
            if time.monotonic() > began + _LINGER:
                for client in tuple(self._idle):
                    _end_reading(client)
            self.notify()
            gevent.sleep(_LOOK)
        if server.pool:
            self.log.warning("%d connections were cut at the end of the grace period", len(server.pool))
            server.stop(timeout=1)


def _end_reading(client: Any) -> None:
    """Let a connection end after what it has received: that is still answered, where a close would reset it."""
    handle = client.fileno()
    if handle >= 0:
        with get_original("socket", "socket")(fileno=os.dup(handle)) as same:
            same.shutdown(get_original("socket", "SHUT_RD"))
