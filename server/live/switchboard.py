"""The live sockets of one process, all served by one loop: they are told when feeds move, and asked whether they live.

A socket that has nothing to say costs about a kilobyte: no thread, no greenlet, no request stays with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import selectors
import socket
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, ParamSpec

from server import feeds, metrics
from server.errors import Problem
from server.live import frames
from server.live.sweep import Sweep
from server.live.wire import Gone, Wire

PING: Final = 45.0
"""Seconds between looks at whether a client is there; proxies often cut what was silent for 60."""
LIFETIME: Final = 15 * 60
"""Seconds after which a socket ends at the latest, so that the client's right to its feeds is looked at again."""
_OF_ONE: Final = 32
"""Sockets that a person may have in one process: phones, tabs, and those that nobody has missed yet."""
_OF_STRANGERS: Final = 1000
"""Sockets without a session, all together."""
_RESERVE: Final = 1000
"""Descriptors that are left for requests, files and databases."""
PAUSE: Final = 0.25
"""Seconds from one word about a feed to the next."""
_PAUSE_EACH: Final = 0.0002
"""Seconds more for each follower, so that telling them all never takes more than a fraction of the time."""
_PULL: Final = 0.002
"""Seconds over which one follower's pull is spread, so that a word to thousands brings no storm."""
_SPREAD: Final = 0.1
_BREATH: Final = 64
"""Followers that are told until others of the process have their turn."""

Words = ParamSpec("Words")
Heights = Callable[[Sequence[str]], Mapping[str, int]]


class Switchboard:
    """Tells sockets which feeds have moved. `heights` gives the numbers of feeds, and of the shards they have.

    A feed that moves often is told of in turns, each time with its newest number, and a follower of a unit's feed hears
    of all of its shards. `Live` calls `moved` and `doubt`; a request that became a socket calls `open`.
    """

    def __init__(self, heights: Heights, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._heights = heights
        self._clock = clock
        self._of: defaultdict[str, set[Wire]] = defaultdict(set)
        self._owners = Counter[str]()
        self._count = 0
        self._closed = False
        self._most = max(100, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _RESERVE)
        self._moved: dict[str, dict[str, int]] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._again: dict[str, float] = {}
        self._greetings: deque[tuple[Wire, Mapping[str, int]]] = deque()
        self._pings: deque[tuple[float, Wire]] = deque()
        self._mutex = threading.Lock()
        self._wires = threading.RLock()  # held where a wire comes, speaks or goes: nothing waits there
        self._selector: selectors.BaseSelector | None = None
        self._ring: socket.socket | None = None
        self._sweep = Sweep(self)

    # What others call, from any thread

    def admit(self, owner: str) -> None:
        """Refuse one socket too many (`unavailable`); `owner` is a person's id, or nothing for who has no session."""
        if self._count >= self._most:
            raise Problem("unavailable", f"expected fewer than {self._most} live sockets in this process")
        most = _OF_ONE if owner else _OF_STRANGERS
        if self._owners[owner] >= most:
            raise Problem("unavailable", f"expected fewer than {most} live sockets of one person")

    def open(self, fd: int, *, owner: str, followed: Collection[str]) -> None:
        """Serve a socket whose handshake was answered: say once where each of its feeds is, then when they move.

        The descriptor is the switchboard's from here on. What moves meanwhile is told twice rather than not at all.
        """
        os.set_blocking(fd, False)
        until = self._clock() + LIFETIME * random.uniform(0.7, 1)  # noqa: S311  # so that not all come back at once
        wire = Wire(fd, owner=owner, feeds=followed, until=until)
        metrics.SOCKETS.inc()
        with self._wires:
            self._owners[owner] += 1
            self._count += 1
            for feed in wire.feeds:
                self._of[feed].add(wire)
        try:
            heights = self._heights(sorted(followed))
        except BaseException:
            self._drop(wire, reason="unavailable")
            raise
        if self._closed:
            self._drop(wire, code=frames.RESTART, reason="restart")
            return
        self._greetings.append((wire, heights))
        self._wake()

    def moved(self, moved: Mapping[str, int]) -> None:
        """Take note of feeds that moved; who follows them is told soon."""
        news = False
        with self._mutex:
            for feed, seq in moved.items():
                whole = feeds.whole(feed)
                if whole in self._of:
                    numbers = self._moved.setdefault(whole, {})
                    numbers[feed] = max(seq, numbers.get(feed, 0))
                    news = True
        if news:
            self._wake()

    def doubt(self) -> None:
        """Look soon whether a feed moved that nobody spoke of."""
        self._sweep.soon()

    def look(self) -> None:
        """Compare where the feeds are with what was said of them, and make up for what was not."""
        for start in range(0, len(followed := list(self._of)), 500):
            heights = self._heights(followed[start : start + 500])
            told = {feed: seq for whole in {*map(feeds.whole, heights)} for feed, seq in self._said(whole).items()}
            self.moved({feed: seq for feed, seq in heights.items() if seq > told.get(feed, 0)})

    def close(self) -> None:
        """End all sockets, and those that still come: the process stops. Their clients come back, not all at once."""
        self._closed = True
        with self._wires:
            for wire in {wire for wires in self._of.values() for wire in wires}:
                self._drop(wire, code=frames.RESTART, reason="restart")

    # The loop

    def _wake(self) -> None:
        with self._mutex:
            if self._selector is None:
                self._selector = selectors.DefaultSelector()
                self._ring, bell = socket.socketpair()
                self._ring.setblocking(False)
                self._selector.register(bell, selectors.EVENT_READ, bell)
                threading.Thread(target=self._serve, args=(self._selector,), name="live", daemon=True).start()
                self._sweep.start()
        assert self._ring is not None
        with contextlib.suppress(BlockingIOError):  # it rings already
            self._ring.send(b"!")

    def _serve(self, selector: selectors.BaseSelector) -> None:
        while True:
            for key, events in selector.select(self._until_next()):
                if isinstance(key.data, Wire):
                    self._attend(key.data, events)
                else:
                    key.data.recv(4096)
            self._greet(selector)
            self._tell()
            self._ask()

    def _until_next(self) -> float:
        now = self._clock()
        due = [self._pings[0][0]] if self._pings else []
        due += [self._again.get(whole, now) for whole in tuple(self._moved)]
        return max(0.0, min(due) - now) if due else 60.0

    def _attend(self, wire: Wire, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self._with(wire, wire.flush)
        if events & selectors.EVENT_READ:
            self._with(wire, wire.hear)

    def _greet(self, selector: selectors.BaseSelector) -> None:
        while self._greetings:
            wire, heights = self._greetings.popleft()
            with self._wires:
                if wire.fd < 0:
                    continue
                selector.register(wire.fd, selectors.EVENT_READ, wire)
            self._pings.append((self._clock() + PING, wire))
            for feed, seq in heights.items():
                self._said(feeds.whole(feed))[feed] = max(seq, self._said(feeds.whole(feed)).get(feed, 0))
            pokes = {feed: _poke(feed, seq, 0) for feed, seq in heights.items()}
            self._with(wire, wire.say, pokes)

    def _tell(self) -> None:
        now = self._clock()
        for whole in tuple(self._moved):
            if self._again.get(whole, 0) > now:
                continue
            with self._mutex:
                numbers = self._moved.pop(whole)
            wires = tuple(self._of.get(whole, ()))
            self._again[whole] = now + PAUSE + _PAUSE_EACH * len(wires)
            self._said(whole).update(numbers)
            spread = _PULL * len(wires)
            within = round(spread * 1000) if spread >= _SPREAD else 0
            pokes = {feed: _poke(feed, seq, within) for feed, seq in numbers.items()}
            for number, wire in enumerate(wires, 1):
                self._with(wire, wire.say, pokes)
                if number % _BREATH == 0:
                    time.sleep(0)
            metrics.POKES.inc(len(wires) * len(pokes))
        if len(self._again) > 1000:
            self._again = {whole: at for whole, at in self._again.items() if at > now}

    def _ask(self) -> None:
        now = self._clock()
        while self._pings and self._pings[0][0] <= now:
            _, wire = self._pings.popleft()
            if wire.fd < 0:
                continue
            if wire.until < now:
                self._drop(wire, code=frames.NORMAL, reason="lifetime")
                continue
            self._pings.append((now + PING, wire))
            self._with(wire, wire.ping)

    def _with(self, wire: Wire, work: Callable[Words, None], *words: Words.args, **more: Words.kwargs) -> None:
        """Do something with a wire; end it when its client has left, or must."""
        with self._wires:
            if wire.fd < 0:
                return
            before = wire.behind
            try:
                work(*words, **more)
            except Gone as gone:
                self._drop(wire, code=gone.code, reason="client" if gone.code in (None, frames.NORMAL) else "rules")
                return
            if wire.behind != before and self._selector is not None:
                events = selectors.EVENT_READ | (selectors.EVENT_WRITE if wire.behind else 0)
                self._selector.modify(wire.fd, events, wire)

    def _drop(self, wire: Wire, *, code: int | None = None, reason: str) -> None:
        with self._wires:
            if wire.fd < 0:
                return
            if self._selector is not None and wire.fd in self._selector.get_map():
                self._selector.unregister(wire.fd)
            wire.close(code, reason)
            self._count -= 1
            self._owners[wire.owner] -= 1
            if not self._owners[wire.owner]:
                del self._owners[wire.owner]
            for feed in wire.feeds:
                self._of[feed].discard(wire)
                if not self._of[feed]:
                    del self._of[feed]
                    self._told.pop(feed, None)
            metrics.SOCKETS.dec()
            metrics.CLOSED.labels(reason).inc()

    def _said(self, whole: str) -> dict[str, int]:
        return self._told.setdefault(whole, {})


def _poke(feed: str, seq: int, within: int) -> bytes:
    """Return the frame of one poke; `within` are the ms over which its hearers shall spread their pulls."""
    said: dict[str, str | int] = {"feed": feed, "seq": seq}
    if within:
        said["within"] = within
    return frames.encode(frames.TEXT, json.dumps(said).encode())
