"""Rows of a city as every engine gives and takes them: what copies, backups and restores are made of.

A table's rows are tuples of texts and numbers, the same whichever engine they come from:

- `records`: `(kind, id, state, digest, feeds, left, indexed)`; the last three are JSON objects: the record's number in
  each feed where it stands, its number in each that it has left, and what it is found by;
- `batches`: `(device, seq, hash, jws, answer)`;
- `numbers`: `(series, number)`;
- `blob_feeds`: `(sha256, feed)`;
- `tickets`: `(hash, value, expires, owner)`; one that is gone has the time 0.

A feed's height is the greatest number in it: whatever moved last stands there.

What has moved since the last copy or backup stands in the table `journal`, which triggers fill from the moment that
somebody follows. So whoever never makes a backup pays nothing for it, and writers know nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol, TypeAlias

from server.config import ConfigError
from server.store import Life

Row: TypeAlias = tuple[Any, ...]
TABLES: Final = ("records", "batches", "numbers", "blob_feeds", "tickets")
VIEWS: Final = ("feeds", "chains")
"""What follows from the tables and may be looked at too: `(feed, height)` and `(device, last seq)`."""
LEAP: Final = 10_000
"""By how much every series of numbers leaps ahead in a restored city: what was given out since is not given again."""
GENERATION: Final = 1
"""Of the tables that this code works with, the newest."""
RESTORED_AT: Final = "restored_at"
BACKED_UP_AT: Final = "backed_up_at"
FOLLOWER: Final = "follower"
"""Names in the table `meta`: when the city was restored (ms), and whom the journal is kept for."""


class Snapshot(Protocol):
    """A city as it was at one moment, while it goes on."""

    @property
    def life(self) -> Life:
        """The city's epoch, and when it was restored."""
        ...

    @property
    def follower(self) -> str | None:
        """Whom the journal is kept for: nothing of theirs is missing from it."""
        ...

    def rows(self, table: str, *, moved: bool) -> Iterator[Row]:
        """Yield a table's rows, in no order: all of them, or those that stand in the journal."""
        ...


class City(Protocol):
    """The rows of one engine, past the service that may be running on them."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Look at this moment for as long as it takes; nobody waits for it."""
        ...

    def follow(self) -> None:
        """Keep a journal from now on."""
        ...

    def settle(self, snapshot: Snapshot, follower: str, *, backed_up_at: int | None = None) -> None:
        """Take what a snapshot saw out of the journal, which is kept for `follower`: they have it for good now.

        `backed_up_at` is the time (ms) of the backup that the follower is.
        """
        ...

    def unfollow(self) -> None:
        """Keep no journal any more."""
        ...

    def filling(self) -> AbstractContextManager[Filling]:
        """Change the rows, all in one transaction; raising leaves them as they were."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Filling(Protocol):
    """Rows on their way in."""

    def is_empty(self) -> bool:
        """Return whether there is neither record nor batch."""
        ...

    def take(self, table: str, rows: Iterable[Row], *, fresh: bool) -> None:
        """Put rows in the place of what they replace; `fresh` says that there can be none of it."""
        ...

    def get(self, name: str) -> str | None:
        """Return what `meta` has under a name."""
        ...

    def set(self, name: str, value: str | None) -> None:
        """Put a text into `meta`, or take it out."""
        ...

    def begin_life(self, life: Life) -> None:
        """Make this the city's life: the epoch, and what a restored city must not do again.

        Series of numbers leap ahead by `LEAP`; tickets that nobody owns (one-time links and the like, which may have
        been used since) are dropped. Sessions stay.
        """
        ...


def read_life(meta: Mapping[str, str]) -> Life:
    """Read what the table `meta` says of a city's life. Raises `ConfigError` when this code is too old for it.

    Migrations only add, so that code of the version before goes on beside newer code. One that takes away what older
    code needs, a version later, sets `generation` in `meta`, and `GENERATION` rises with it.
    """
    generation = int(meta.get("generation", 1))
    if generation > GENERATION:
        raise ConfigError(
            f"the database was changed by a newer version: expected generation {GENERATION} of its tables or less,"
            f" got {generation}. Install that version, or a later one."
        )
    return Life(meta["epoch"], int(meta.get(RESTORED_AT, 0)))
