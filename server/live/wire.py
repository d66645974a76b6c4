"""One client's end of a live socket: what it follows, and what it has not been told because it does not read."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Final

from server.live import frames

_READ: Final = 4096
_WORDS: Final = 16
"""Messages of a client, which has nothing to say, that are passed over before it is taken for a hostile one."""


class Gone(Exception):
    """The client has left, or must; `code` is what to close for, None when there is nobody to say it to."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(str(code))
        self.code = code


class Wire:
    """A connection that was accepted, of which nothing is kept but its descriptor and these few words.

    Nothing here waits. What can't be sent at once is kept: the rest of one frame, and of each feed its newest number.
    """

    __slots__ = ("_behind", "_missed", "_read", "_words", "alive", "fd", "feeds", "owner", "until")

    def __init__(self, fd: int, *, owner: str, feeds: Collection[str], until: float) -> None:
        self.fd = fd
        self.owner = owner
        self.feeds = tuple(feeds)
        self.until = until
        self.alive = True
        """Whether something was heard of it since the last ping."""
        self._behind = b""
        self._missed: dict[str, bytes] = {}
        self._read = b""
        self._words = 0

    @property
    def behind(self) -> bool:
        """Whether something waits until the client reads again."""
        return bool(self._behind)

    def say(self, pokes: Mapping[str, bytes]) -> None:
        """Send the frame that tells of each feed, or remember it in place of an older one. Raises `Gone`."""
        if self._behind:
            self._missed.update(pokes)
        else:
            self._send(b"".join(pokes.values()))

    def ping(self) -> None:
        """Ask whether the client is there; who has not answered the last time, or has not read since, is not."""
        if not self.alive or self._behind:
            raise Gone
        self.alive = False
        self._send(frames.encode(frames.PING))

    def flush(self) -> None:
        """Send what waits, now that the client reads again. Raises `Gone`."""
        self._send(self._behind)
        if not self._behind and self._missed:
            missed, self._missed = self._missed, {}
            self._send(b"".join(missed.values()))

    def hear(self) -> None:
        """Take what the client sent. Raises `Gone`."""
        try:
            data = os.read(self.fd, _READ)
        except BlockingIOError:
            return
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        self.alive = True
        try:
            found, self._read = frames.decode(self._read + data)
        except frames.Unreadable as error:
            raise Gone(error.code) from error
        for frame in found:
            self._heed(frame)

    def close(self, code: int | None = None, reason: str = "") -> None:
        """End it, with a word if the client reads."""
        try:
            if code is not None and not self._behind:
                os.write(self.fd, frames.closing(code, reason))
        except OSError:
            pass  # it is closed all the same
        os.close(self.fd)
        self.fd = -1

    def _heed(self, frame: frames.Frame) -> None:
        if frame.opcode == frames.CLOSE:
            raise Gone(frames.NORMAL)
        if frame.opcode == frames.PING:
            if not self._behind:
                self._send(frames.encode(frames.PONG, frame.payload))
        elif frame.opcode != frames.PONG:
            self._words += 1
            if self._words > _WORDS:
                raise Gone(frames.POLICY)

    def _send(self, data: bytes) -> None:
        try:
            sent = os.write(self.fd, data) if data else 0
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise Gone from error
        self._behind = data[sent:]
