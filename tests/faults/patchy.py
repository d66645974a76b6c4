"""A TCP proxy that is as slow as a poor network, and cuts every connection again and again."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

_CHUNK = 16 * 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() reset the connection, as a phone that loses its network seems to."""


class PatchyProxy:
    """Carries bytes to and from a service at `rate` bytes a second upwards; `sent` counts those that went up.

    Once `cut_every` was called, all connections are cut every so many seconds.
    """

    def __init__(self, target: int, *, rate: int) -> None:
        self._target = target
        self._rate = rate
        self._free_at = time.monotonic()
        self._turn = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._closed = threading.Event()
        self.sent = 0
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        # What waits in this machine's own buffers is not on its way yet.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * _CHUNK)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_every(self, seconds: float) -> None:
        """Begin to cut."""
        threading.Thread(target=self._cut, args=(seconds,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections, and cut no more."""
        self._closed.set()
        self._listener.close()

    def _cut(self, seconds: float) -> None:
        while not self._closed.wait(seconds):
            self.cuts += 1
            for pair in list(self._pairs):
                self._end(pair, reset=True)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            pair = client, socket.create_connection(("127.0.0.1", self._target))
            self._pairs.add(pair)
            for job in (self._carry_up, self._carry_down):
                threading.Thread(target=job, args=(pair,), daemon=True).start()

    def _carry_up(self, pair: tuple[socket.socket, socket.socket]) -> None:
        client, server = pair
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                self._wait_for(len(data))
                server.sendall(data)
                self.sent += len(data)
        self._end(pair, reset=False)

    def _carry_down(self, pair: tuple[socket.socket, socket.socket]) -> None:
        client, server = pair
        with contextlib.suppress(OSError):
            while data := server.recv(_CHUNK):
                client.sendall(data)
        self._end(pair, reset=False)

    def _wait_for(self, length: int) -> None:
        """Wait until the link has room: all connections share it."""
        with self._turn:
            self._free_at = max(self._free_at, time.monotonic()) + length / self._rate
            wait = self._free_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)

    def _end(self, pair: tuple[socket.socket, socket.socket], *, reset: bool) -> None:
        self._pairs.discard(pair)
        for end in pair:
            with contextlib.suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()
