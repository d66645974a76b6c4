"""A TCP proxy before the service that cuts a connection where a test says, in the request or in the answer."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

_CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() reset the connection, as a phone that loses its network seems to."""


class CutProxy:
    """Listens on `port` and carries bytes to and from `target`, until `cut_request` or `cut_answer` is set."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._request: int | None = None
        self._answer: int | None = None
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_request(self, after: int) -> None:
        """Let `after` bytes of the next request go by, then cut."""
        self._request = after

    def cut_answer(self, after: int) -> None:
        """Let the next request go by whole, and `after` bytes of its answer, then cut."""
        self._answer = after

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # closed
            server = socket.create_connection(("127.0.0.1", self._target))
            for job in (self._carry_request, self._carry_answer):
                threading.Thread(target=job, args=(client, server), daemon=True).start()

    def _carry_request(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                if self._request is not None:
                    server.sendall(data[: self._request])
                    self._request = None
                    self._cut(client, server)
                    return
                server.sendall(data)
        server.close()

    def _carry_answer(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(_CHUNK):
                if self._answer is not None:
                    client.sendall(data[: self._answer])
                    self._answer = None
                    self._cut(client, server)
                    return
                client.sendall(data)
        client.close()

    def _cut(self, *ends: socket.socket) -> None:
        self.cuts += 1
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            end.shutdown(socket.SHUT_RD)
            end.close()
