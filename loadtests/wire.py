"""A connection that carries one prepared request after another: little more than bytes, so that it costs little."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final, cast

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_RETRY_AFTER: Final = re.compile(rb"\r\nretry-after: *(\d+)", re.IGNORECASE)
_LAST: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status, the seconds that `Retry-After` asks for, and whether it is the last answer on its connection."""

    status: int
    retry_after: float | None
    last: bool


class Line(asyncio.Protocol):
    """One connection. Whoever asks must have had the answer to what was asked before."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._came = bytearray()

    @classmethod
    async def open(cls, port: int) -> Line:
        """Connect."""
        _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a request; the future ends with its answer, or with `ConnectionError`."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._answer.set_exception(ConnectionError("the connection was closed"))
        else:
            self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in a piece of an answer."""
        self._came += data
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._came[: end + 2])
        length = _LENGTH.search(head)
        if len(self._came) < end + 4 + (int(length[1]) if length else 0):
            return
        self._came.clear()
        asked = _RETRY_AFTER.search(head)
        answer = Answer(int(head[9:12]), float(asked[1]) if asked else None, _LAST.search(head) is not None)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(f"no answer: {exc or 'the server hung up'}"))
