"""What the benchmark asks of each store that takes part."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loadtests import crowd

WARM = 256
"""How many requests come before, so that nothing is measured cold."""


class Contender(Protocol):
    """A store behind HTTP, with requests that were prepared for it."""

    title: str

    @property
    def port(self) -> int: ...

    @property
    def origin(self) -> str: ...

    @property
    def requests(self) -> Path:
        """The prepared requests, each another record's."""
        ...

    @property
    def warm(self) -> Path:
        """`WARM` other requests."""
        ...

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that do its work, with all that they started: web processes and database."""
        ...

    def begin(self) -> None:
        """Start with fresh data."""
        ...

    def count(self) -> int:
        """Ask the store how many records it has."""
        ...

    def end(self) -> None:
        """Stop."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Bytes of one request and of its answer, heads included."""

    request: int
    answer: int


def wire(contender: Contender) -> Wire:
    """Send the last of the requests, which no run reaches; return what went over the wire."""
    *_, request = crowd.prepared(contender.requests)
    with socket.create_connection(("127.0.0.1", contender.port), timeout=30) as connection:
        connection.sendall(request)
        answer = bytearray()
        while not (length := whole(bytes(answer))):
            if not (data := connection.recv(65_536)):
                raise RuntimeError(f"expected an answer of {contender.title}, got {bytes(answer)!r}")
            answer += data
    if not answer.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(f"expected success of {contender.title}, got {bytes(answer)!r}")
    return Wire(request=len(request), answer=length)


def whole(answer: bytes) -> int:
    """Return the length of an answer that has come whole, else 0."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not end or (length and len(body) < int(length[1])):
        return 0
    if length is None and not body.endswith(b"0\r\n\r\n"):
        return 0  # in chunks, of which the last is empty
    return len(answer)
