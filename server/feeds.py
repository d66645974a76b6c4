"""Names of feeds. A unit's feed that many write to has shards: `unit/<code>/<number>` beside `unit/<code>` (F9)."""

from __future__ import annotations

from typing import Final

UNIT: Final = "unit/"
MOST: Final = 24
"""Shards that a unit may have: a request names at most 64 cursors, and dossier codes have a letter for each."""


def whole(feed: str) -> str:
    """Return the feed that a shard is part of; any other feed is whole itself.

    >>> whole("unit/1022/3"), whole("unit/1022"), whole("person/a")
    ('unit/1022', 'unit/1022', 'person/a')
    """
    if not feed.startswith(UNIT):
        return feed
    code, slash, _ = feed[len(UNIT) :].partition("/")
    return UNIT + code if slash else feed


def parts(feed: str, shards: int) -> tuple[str, ...]:
    """Return a feed with its shards: all that its reader follows.

    >>> parts("unit/1022", 2)
    ('unit/1022', 'unit/1022/0', 'unit/1022/1')
    """
    return (feed, *(f"{feed}/{number}" for number in range(shards)))
