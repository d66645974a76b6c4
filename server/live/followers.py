"""Who follows which feeds in this process, and what each has not been told yet."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol


class Subscription:
    """What one subscriber has not been told yet: the latest number of each of its feeds that moved."""

    def __init__(self, feeds: Collection[str]) -> None:
        self.feeds = frozenset(feeds)
        self._moved: dict[str, int] = {}
        self._changed = threading.Condition()

    def offer(self, feed: str, seq: int) -> None:
        """Take note that `feed` is at `seq`."""
        with self._changed:
            self._moved[feed] = max(seq, self._moved.get(feed, 0))
            self._changed.notify()

    def wait(self, seconds: float) -> Mapping[str, int]:
        """Return what moved since the last call, waiting up to `seconds` for something to move."""
        with self._changed:
            if not self._moved:
                self._changed.wait(seconds)
            moved, self._moved = self._moved, {}
        return moved


class Followers:
    """The subscribers of one process."""

    def __init__(self) -> None:
        self._of: dict[str, set[Subscription]] = defaultdict(set)

    @contextlib.contextmanager
    def subscribe(self, feeds: Collection[str]) -> Iterator[Subscription]:
        """Follow `feeds` until the block ends."""
        subscription = Subscription(feeds)
        for feed in subscription.feeds:
            self._of[feed].add(subscription)
        try:
            yield subscription
        finally:
            for feed in subscription.feeds:
                self._of[feed].discard(subscription)
                if not self._of[feed]:
                    del self._of[feed]

    def tell(self, moved: Mapping[str, int]) -> None:
        """Tell every subscriber of this process."""
        for feed, seq in moved.items():
            for subscription in tuple(self._of.get(feed, ())):
                subscription.offer(feed, seq)


class Live(Protocol):
    """Carries pokes to the subscribers of every process."""

    @property
    def followers(self) -> Followers:
        """Those of this process."""
        ...

    def publish(self, moved: Mapping[str, int]) -> None:
        """Tell every subscriber, here and in the other processes. A poke is a hint: it may be lost, and never waits."""
        ...

    def close(self) -> None:
        """Leave."""
        ...
