"""Pulling: whole states of the records that moved past a cursor (SPEC.md F1 to F6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.store import Entry, Expected, Reader

BYTES: Final = 2 * 1024 * 1024
"""About how much one answer carries at most; one entry always fits."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a pull answers: entries as JSON texts, oldest first in each feed, and where the reader is then."""

    entries: tuple[str, ...]
    cursors: Mapping[str, int]
    more: bool


def pull(reader: Reader, *, cursors: Mapping[str, int], limit: int) -> Page:
    """Read up to `limit` entries past `cursors`, which names every feed that the reader follows."""
    entries: list[str] = []
    reached = dict(cursors)
    size = 0
    reader.expect(Expected(pages=cursors.items()))
    for feed in sorted(cursors):
        for entry in reader.page(feed, after=cursors[feed], limit=limit - len(entries) + 1, size=BYTES - size):
            if len(entries) == limit or size >= BYTES:
                return Page(tuple(entries), reached, more=True)
            text = _text(feed, entry)
            entries.append(text)
            size += len(text)
            reached[feed] = entry.seq
    return Page(tuple(entries), reached, more=False)


def _text(feed: str, entry: Entry) -> str:
    head = f'{{"feed":{json.dumps(feed)},"seq":{entry.seq},"kind":"{entry.kind}","id":"{entry.id}",'
    if entry.text is None:
        return head + '"gone":true}'
    return head + f'"state":{entry.text},"digest":"{entry.digest}"}}'
