"""A TCP proxy before the service: slow as a poor network, and cutting connections where or as often as a test says."""

from __future__ import annotations

import contextlib
import math
import socket
import struct
import threading
import time
from typing import Final

_CHUNK: Final = 16 * 1024
_RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() reset the connection, as a phone that loses its network seems to."""
_Pair = tuple[socket.socket, socket.socket]


class CutProxy:
    """Listens on `port` and carries bytes to and from `target`, until it is told to cut.

    All connections share a way up of `rate` bytes a second. `sent` counts the bytes that went up, `cuts` the cuts.
    """

    def __init__(self, target: int, *, rate: float = math.inf) -> None:
        self._target, self._rate = target, rate
        self._free_at = time.monotonic()
        self._turn = threading.Lock()
        self._pairs = set[_Pair]()
        self._closed = threading.Event()
        self._request: int | None = None
        self._answer: int | None = None
        self.sent = self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        # What waits in this machine's own buffers is not on its way yet.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * _CHUNK)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_request(self, after: int) -> None:
        """Let `after` bytes of the next request go by, then cut."""
        self._request = after

    def cut_answer(self, after: int) -> None:
        """Let the next request go by whole, and `after` bytes of its answer, then cut."""
        self._answer = after

    def cut_every(self, seconds: float) -> None:
        """Cut all connections again and again from now on."""
        threading.Thread(target=self._cut_all, args=(seconds,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections, and cut no more."""
        self._closed.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            pair = client, socket.create_connection(("127.0.0.1", self._target))
            self._pairs.add(pair)
            for job in (self._carry_request, self._carry_answer):
                threading.Thread(target=job, args=(pair,), daemon=True).start()

    def _carry_request(self, pair: _Pair) -> None:
        client, server = pair
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                self._wait_for(len(data))
                if (most := self._request) is not None:
                    self._request = None
                    server.sendall(data[:most])
                    self._cut(pair)
                    return
                server.sendall(data)
                self.sent += len(data)
        self._end(pair)

    def _carry_answer(self, pair: _Pair) -> None:
        client, server = pair
        with contextlib.suppress(OSError):
            while data := server.recv(_CHUNK):
                if (most := self._answer) is not None:
                    self._answer = None
                    client.sendall(data[:most])
                    self._cut(pair)
                    return
                client.sendall(data)
        self._end(pair)

    def _wait_for(self, length: int) -> None:
        """Wait until the way up has room."""
        with self._turn:
            self._free_at = max(self._free_at, time.monotonic()) + length / self._rate
            wait = self._free_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)

    def _cut_all(self, seconds: float) -> None:
        while not self._closed.wait(seconds):
            self.cuts += 1
            for pair in list(self._pairs):
                self._end(pair, reset=True)

    def _cut(self, pair: _Pair) -> None:
        self.cuts += 1
        self._end(pair, reset=True)

    def _end(self, pair: _Pair, *, reset: bool = False) -> None:
        try:
            self._pairs.remove(pair)
        except KeyError:
            return  # how a connection ends is decided once
        for end in pair:
            with contextlib.suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
            end.close()
