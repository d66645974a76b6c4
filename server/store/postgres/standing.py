"""Where a record stands, kept beside its state: so that one row says all that a write must know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """The feeds that a record stands in, those in which it has a gone entry, and what it is found by."""

    feeds: frozenset[str] = _NOTHING
    left: frozenset[str] = _NOTHING
    indexed: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return json.dumps([sorted(self.feeds), sorted(self.left), dict(self.indexed)])


def standing_of(text: str) -> Standing:
    """Read what `Standing.text` wrote."""
    feeds, left, indexed = json.loads(text)
    return Standing(frozenset(feeds), frozenset(left), indexed)
