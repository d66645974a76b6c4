"""Carries pokes to every listener, in this process and in the others that serve the same data folder."""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from pathlib import Path

import structlog

from server.live.live import Listener, Listeners

_log = structlog.get_logger(__name__)
_DATAGRAM = 64 * 1024
_FEEDS_A_DATAGRAM = 256
_DOUBT = b"?"
"""What a process is told that has missed something."""


class Bus:
    """Joins the processes that share `folder` by Unix datagrams, one socket each.

    A poke is a hint: a datagram that finds its receiver's buffer full is dropped, and the receiver is told to doubt as
    soon as it takes another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "live"
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(self._folder, os.O_RDONLY)
        self._path = self._folder / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self._address(self._path))
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._listeners = Listeners()
        self._missed: set[Path] = set()
        threading.Thread(target=self._listen, name="live", daemon=True).start()

    def listen(self, listener: Listener) -> None:
        """Tell `listener`, too, from now on."""
        self._listeners.add(listener)

    def publish(self, moved: Mapping[str, int]) -> None:
        """Tell every listener, here and in the other processes."""
        self._listeners.moved(moved)
        for path in tuple(self._missed):
            self._missed.discard(path)
            self._send(_DOUBT, path)
        feeds = list(moved.items())
        for start in range(0, len(feeds), _FEEDS_A_DATAGRAM):
            data = json.dumps(dict(feeds[start : start + _FEEDS_A_DATAGRAM])).encode()
            for path in self._others():
                self._send(data, path)

    def close(self) -> None:
        """Leave the bus."""
        self._path.unlink(missing_ok=True)
        self._socket.close()
        self._sender.close()
        os.close(self._handle)

    def _others(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path != self._path]
        except OSError as error:
            _log.warning("live_folder", expected=f"{self._folder} to be readable", error=str(error))
            return []  # what was committed stays committed; clients pull a little later

    def _send(self, data: bytes, path: Path) -> None:
        try:
            self._sender.sendto(data, self._address(path))
        except BlockingIOError:
            self._missed.add(path)
        except OSError:
            path.unlink(missing_ok=True)  # its process is gone

    def _address(self, path: Path) -> str:
        """Return a name that fits a socket's address (107 bytes), however deep the data folder stands."""
        by_handle = Path(f"/proc/self/fd/{self._handle}")
        return str((by_handle if by_handle.exists() else self._folder) / path.name)

    def _listen(self) -> None:
        while True:
            try:
                data = self._socket.recv(_DATAGRAM)
            except OSError:
                return  # closed
            if data == _DOUBT:
                self._listeners.doubt()
            else:
                self._listeners.moved(json.loads(data))
