"""Shards of a unit's feed, so that many processes write into a busy unit without waiting for each other (SPEC.md F9).

All commits that move a feed meet at its row. Features say `unit/1022`; here it is settled which part of that feed a
record enters, and which parts a reader follows.
"""

from __future__ import annotations

import os
import socket
import zlib
from collections.abc import Iterable
from typing import Final

from server import feeds
from server.store import Reader

_machine: Final = zlib.crc32(socket.gethostname().encode())
_settled: Final[list[int]] = []
_seen: Final[dict[str, int]] = {}
"""How many shards feeds had when this process looked last."""
KEY: Final = "shards"
"""The key of a unit's record that says how many there are; there are never fewer than before."""


def shards_of(look: Reader, feed: str) -> int:
    """Return how many shards a whole feed has; 0 for one that was never split."""
    if not feed.startswith(feeds.UNIT):
        return 0
    state = look.get("unit", feed.removeprefix(feeds.UNIT))
    if state is None:
        return 0
    found = state[KEY].shown if KEY in state else 0
    shards = _seen[feed] = found if isinstance(found, int) else 0
    return shards


def with_shards(look: Reader, whole: Iterable[str]) -> frozenset[str]:
    """Return feeds with the shards they have: what somebody who may read them follows."""
    return frozenset(part for feed in whole for part in feeds.parts(feed, shards_of(look, feed)))


def lane(look: Reader, feed: str) -> int | None:
    """Return the shard of a feed that this process writes new records to; None where there is none.

    Each process has one of its own as long as there are enough. Which one it is means nothing to anybody else.
    """
    return _lane(shards_of(look, feed))


def lane_seen(feed: str) -> int | None:
    """Return what `lane` said last: for a hint, which may be wrong."""
    return _lane(_seen.get(feed, 0))


def settle(number: int) -> None:
    """Say which of this machine's processes this is, counted from 0."""
    _settled.append(number)


def process() -> int:
    """Return a number that no other process of this machine has, if `settle` was called in all of them."""
    return _settled[-1] + _machine if _settled else os.getpid()


def _lane(shards: int) -> int | None:
    return process() % shards if shards else None


def placed(whole: Iterable[str], *, kind: str, id: str, look: Reader) -> frozenset[str]:
    """Return the parts of feeds that a record enters: where it stands it stays, so that it never stands twice."""
    standing: frozenset[str] | None = None
    found = set()
    for feed in whole:
        if not feed.startswith(feeds.UNIT):
            found.add(feed)
            continue
        if standing is None:
            standing = look.feeds_of(kind, id)
        stands = {each for each in standing if feeds.whole(each) == feed}
        own = None if stands else lane(look, feed)
        found |= stands or {feed if own is None else f"{feed}/{own}"}
    return frozenset(found)


def readers_of(look: Reader, kind: str, id: str) -> frozenset[str]:
    """Return the whole feeds that a record stands in: who reads one of them may read the record."""
    return frozenset(map(feeds.whole, look.feeds_of(kind, id)))
