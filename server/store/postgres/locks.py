"""Locks of a commit: advisory ones of PostgreSQL, by name, held until the commit has ended.

A commit that has begun its work never waits for one: what is taken makes it give the job back (`Busy`), and the next
commit begins by waiting, in a fixed order, for all that was missing. So commits can't wait for each other in a circle,
and whoever waits is served, since PostgreSQL serves in turn.

The end of a commit (`flush.py`) waits for rows of shared blobs and then of feeds, in the order of their names; whoever
has those waits for nothing else but the disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Set
from typing import Any, Final

import psycopg

TRY: Final = (
    "SELECT lock FROM unnest(%s::bigint[], %s::boolean[]) AS wanted (lock, alone)"
    " WHERE CASE WHEN alone THEN pg_try_advisory_xact_lock(lock) ELSE pg_try_advisory_xact_lock_shared(lock) END"
)
"""Takes what can be had, some of it alone, and says what that is."""


class Busy(Exception):
    """Another commit holds what is wanted; `wanted` are the locks that were missing."""

    def __init__(self, wanted: frozenset[int]) -> None:
        super().__init__(f"{len(wanted)} locks are taken")
        self.wanted = wanted


def name(*parts: str) -> int:
    """Return the lock of a thing: 64 bits of its name's hash. Two things of one lock only wait more than they must."""
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest(), signed=True)


class Locks:
    """What one commit holds."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._run = connection.execute
        self._shared: set[int] = set()
        self._alone: set[int] = set()

    @property
    def count(self) -> int:
        """How many it knows of."""
        return len(self._shared) + len(self._alone)

    def wait(self, wanted: Iterable[int]) -> None:
        """Wait until this commit, which holds nothing yet, has these locks alone."""
        missing = sorted(wanted)
        if missing:
            self._run("SELECT pg_advisory_xact_lock(lock) FROM unnest(%s::bigint[]) AS lock", (missing,))
            self._alone.update(missing)

    def read(self, lock: int) -> None:
        """Take a lock that other readers may take too; raise `Busy`."""
        if lock not in self._shared | self._alone:
            if not self._run(TRY, ([lock], [False])).fetchall():
                raise Busy(frozenset({lock}))
            self._shared.add(lock)

    def write(self, wanted: Iterable[int]) -> None:
        """Take locks alone; raise `Busy`."""
        missing = set(wanted) - self._alone
        if missing:
            free = {lock for (lock,) in self._run(TRY, (list(missing), [True] * len(missing)))}
            self._alone.update(free)
            if missing - free:
                raise Busy(frozenset(missing - free))

    def missing(self, wanted: Iterable[int]) -> list[int]:
        """Return those that this commit does not hold in any way."""
        return list(set(wanted) - self._shared - self._alone)

    def took(self, locks: Set[int], *, alone: Set[int]) -> None:
        """Take note of locks that a statement of one's own has taken (`TRY`), some of them `alone`."""
        self._alone |= alone
        self._shared |= locks - alone

    def forget(self) -> None:
        """Know of no lock: the commit has ended, or went back to before it took some."""
        self._shared.clear()
        self._alone.clear()
