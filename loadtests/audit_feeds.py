"""The audit's look at the feeds: no number is missing, and none was given twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from loadtests.findings import Findings
from loadtests.rows import Rows

_BY_CHANGES = frozenset({"draft", "meeting", "profile"})
"""Kinds that move once for each batch which changes them."""
_BY_THE_SERVER = frozenset({"invitation_code", "mail", "statuslist", "credential", "identity"})
"""Kinds that the server may change at any time: how often it did does not stand in the tables."""


def feeds(read: Rows, touched: Mapping[tuple[str, str], int], found: Findings) -> None:
    """Count the moves of each feed: its height is one for each entry, and one for each later change of that entry.

    Where a feed has entries that the server changes by itself, its height is at least that. The feed `public` was
    filled before the run.
    """
    moves: Counter[str] = Counter()
    highest: dict[str, int] = {}
    unsure: set[str] = set()
    for feed, seq, kind, id, gone in read("SELECT feed, seq, kind, id, gone FROM entries"):
        moves[feed] += touched.get((kind, id), 1) if kind in _BY_CHANGES else 1
        highest[feed] = max(seq, highest.get(feed, 0))
        if gone or kind in _BY_THE_SERVER:
            unsure.add(feed)
    heights: dict[str, int] = dict(read("SELECT feed, seq FROM feeds"))
    for feed in sorted(heights.keys() | moves.keys()):
        height = heights.get(feed, 0)
        found.expect(highest.get(feed) == height, f"expected an entry {height} in feed {feed}")
        if feed == "public":
            continue
        enough = moves[feed] <= height if feed in unsure else moves[feed] == height
        found.expect(enough, f"expected feed {feed} at {moves[feed]}, got {height}")
    found.counts["feeds without a gap"] = len(heights)
