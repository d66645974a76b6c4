"""Clients of a switchboard over socket pairs, and what they hear."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import CloseConnection, Ping, TextMessage

from server.live.switchboard import Switchboard

SECONDS = 10.0


class Client:
    """The other end of a wire."""

    def __init__(self, switchboard: Switchboard, feeds: Sequence[str], owner: str = "a") -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(SECONDS)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self._frames = Connection(ConnectionType.CLIENT)
        self.pokes: list[tuple[str, int]] = []
        self.within: list[int] = []
        self.closed: tuple[int, str] | None = None
        self.gone = False
        switchboard.admit(owner)
        switchboard.open(theirs.detach(), owner=owner, followed=feeds)

    def read(self, *, answer: bool = True) -> None:
        """Take what comes next, and answer pings."""
        data = self.socket.recv(65_536)
        if not data:
            self.gone = True
            return
        self._frames.receive_data(data)
        for event in self._frames.events():
            if isinstance(event, TextMessage):
                poke = json.loads(event.data)
                self.pokes.append((poke["feed"], poke["seq"]))
                self.within.append(poke.get("within", 0))
            elif isinstance(event, CloseConnection):
                self.closed = (event.code, event.reason or "")
            elif isinstance(event, Ping) and answer:
                self.socket.sendall(self._frames.send(event.response()))

    def until(self, fact: Callable[[], bool], *, answer: bool = True) -> None:
        """Read until something is so."""
        deadline = time.monotonic() + SECONDS
        while not fact():
            assert time.monotonic() < deadline, self.pokes
            self.read(answer=answer)

    def knows(self, feed: str, seq: int) -> None:
        """Read until it was said that `feed` is at `seq`."""
        self.until(lambda: (feed, seq) in self.pokes)


class Heights(dict[str, int]):
    """Where feeds are, as a store would say it."""

    def __call__(self, feeds: Sequence[str]) -> Mapping[str, int]:
        return {feed: self.get(feed, 0) for feed in feeds}


@pytest.fixture
def heights() -> Heights:
    return Heights()


@pytest.fixture
def switchboard(heights: Heights) -> Iterator[Switchboard]:
    switchboard = Switchboard(heights)
    yield switchboard
    switchboard.close()
