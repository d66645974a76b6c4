"""Where everything is kept. `Store` is the protocol; `sqlite.py` is the engine that runs without being set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from sync.record import State

T = TypeVar("T")
Item = TypeVar("Item")
Moved = Callable[[Mapping[str, int]], None]
"""Called after a durable commit with the feeds that moved and the numbers they are at now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `text` is the record's state as canonical JSON; None when the record left the feed (F4)."""

    seq: int
    kind: str
    id: str
    text: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Logged:
    """A batch in a device's chain: its exact bytes, their hash, and the JSON text of its answer (B2, B3)."""

    seq: int
    hash: str
    jws: str
    answer: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a job will probably look at: records by kind and id, those that it will write (`writes`), the ends of the
    devices' chains that it adds to, and series that it numbers by.

    It is a hint. An engine to which every question is a journey fetches it for many jobs at once.
    """

    records: frozenset[tuple[str, str]] = frozenset()
    writes: frozenset[tuple[str, str]] = frozenset()
    chains: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()


NOTHING_AHEAD: Final = Ahead()


def nothing_ahead() -> Ahead:
    """Say that nothing is known of what a job will look at."""
    return NOTHING_AHEAD


@dataclass(frozen=True, slots=True)
class Load:
    """What a process's store is at: jobs that wait for a commit, connections to a database server used and idle."""

    waiting: int
    used: int = 0
    idle: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a city's data (SPEC.md, Words): it ends when the data is restored from a backup, and another begins.

    `restored_at` is when that happened last, in ms since 1970; 0 for never.
    """

    epoch: str
    restored_at: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reader will be asked: records by kind and id, tickets by purpose and token, pages by feed and `after`."""

    records: Iterable[tuple[str, str]] = ()
    tickets: Iterable[tuple[str, str]] = ()
    pages: Iterable[tuple[str, int]] = ()


class Reader(Protocol):
    """What may be asked of the store. Nothing here waits for a writer."""

    def expect(self, expected: Expected) -> None:
        """Say what this reader will be asked soon.

        An engine to which every question is a journey asks for it all on one, and answers from that: what is found then
        may be as old as this call.
        """
        ...

    def get(self, kind: str, id: str) -> State | None:
        """Return the record's state, or None when there is no such record."""
        ...

    def find(
        self, kind: str, field: str, value: str, *, after: str = "", limit: int = 100
    ) -> Sequence[tuple[str, State]]:
        """Return id and state of the records past the id `after` whose indexed `field` shows `value`, oldest id first.

        Ids that clients make begin with their time, so that `after` may be the id of a moment.
        """
        ...

    def count(self, kind: str, field: str, value: str) -> int:
        """Return how many records `find` could return."""
        ...

    def feeds_of(self, kind: str, id: str) -> frozenset[str]:
        """Return the feeds that the record stands in."""
        ...

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        """Return the number that each feed is at; 0 for a feed that has no entry yet (F1)."""
        ...

    def page(self, feed: str, *, after: int, limit: int, size: int) -> Sequence[Entry]:
        """Return up to `limit` entries numbered past `after`, oldest first, ending with the one that passes `size`
        characters of text in all (F3)."""
        ...

    def last_batch(self, device: str) -> Logged | None:
        """Return the end of a device's chain."""
        ...

    def batch(self, device: str, seq: int) -> Logged | None:
        """Return one batch of a device's chain."""
        ...

    def backed_up(self, device: str) -> int:
        """Return the last batch of a device's chain up to which all are in a finished backup; 0 for none (B7)."""
        ...

    def last_backup(self) -> int | None:
        """Return the time (ms) of the last backup, which has all that was committed before it; None without one."""
        ...

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        """Return what `add_ticket` kept under the token, unless it has expired."""
        ...

    def blob_feeds(self, sha256: str) -> frozenset[str]:
        """Return the feeds whose readers may read the blob."""
        ...

    def blob_size(self, sha256: str) -> int | None:
        """Return the length in bytes of a whole blob, or None."""
        ...


class Transaction(Reader, Protocol):
    """A reader that also writes. All of it becomes durable together, or none of it."""

    def put(
        self, kind: str, id: str, state: State, *, feeds: frozenset[str], indexed: Mapping[str, str] | None = None
    ) -> None:
        """Store the state and move the record up in `feeds`; feeds that it leaves get a gone entry (F1, F4)."""
        ...

    def log_batch(self, device: str, logged: Logged) -> None:
        """Add to the end of a device's chain."""
        ...

    def add_ticket(self, purpose: str, token: str, value: str, *, expires: int, owner: str = "") -> None:
        """Keep `value` under a secret token, of which only the SHA-256 is stored, until `expires` (ms)."""
        ...

    def drop_tickets(self, owner: str, *, but: tuple[str, str] | None = None) -> None:
        """Remove every ticket of an owner, save the one of the purpose and token `but`."""
        ...

    def take_ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        """Return and remove what stands under the token: a ticket that is taken is used."""
        ...

    def next_number(self, series: str) -> int:
        """Return 1, 2, 3, ... for each series, without gaps."""
        ...

    def at_end(self, name: str, item: Item, job: Callable[[Transaction, Sequence[Item]], None]) -> None:
        """Have `job` run once before this transaction ends, with every item that was given under `name`.

        What many changes of one transaction write to the same place is so written once.
        """
        ...

    def share_blob(self, sha256: str, feeds: frozenset[str]) -> None:
        """Let the readers of `feeds` read the blob."""
        ...


class Blobs(Protocol):
    """Attachments by the SHA-256 of their bytes; one that is not whole yet belongs to whoever sends it (A1)."""

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes of a whole blob, or None."""
        ...

    def part(self, sha256: str, *, sender: str) -> int:
        """Return how many bytes the sender has sent of a blob that is not whole yet."""
        ...

    def append(self, sha256: str, data: bytes, *, sender: str, offset: int, length: int) -> bool:
        """Append durably at `offset` of a blob of `length` bytes; return whether it is whole. Raises `Problem`."""
        ...

    def read(self, sha256: str) -> bytes | None:
        """Return a whole blob, or None."""
        ...


class Store(Protocol):
    """An engine. Every engine passes the contract suite in `tests/store`."""

    @property
    def epoch(self) -> str:
        """Another value after the data was made anew or restored: clients then pull from the start (F5)."""
        ...

    @property
    def life(self) -> Life:
        """What began with the epoch."""
        ...

    @property
    def blobs(self) -> Blobs:
        """The attachments."""
        ...

    @property
    def load(self) -> Load:
        """What the store is at in this process."""
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """Open a reader."""
        ...

    def write(self, job: Callable[[Transaction], T], *, ahead: Callable[[], Ahead] = nothing_ahead) -> T:
        """Run `job` in a transaction and return its result once that is durable; raising rolls all of `job` back.

        It may run more than once, when another process is faster, and in another thread, for another request: it sees
        no context variables, so no `flask.request`. An engine may ask `ahead` what the job will look at.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
