"""The one who writes in PostgreSQL: jobs work on what a commit has fetched, and what they wrote goes out at its end.

A round trip for each row would make a commit of fifty submissions wait a thousand times. So records are fetched for all
jobs of a commit at once (`Ahead`), changed in memory, and written by a few statements; feeds are numbered last, since
their rows are what commits of all processes meet at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, TypeVar

from server.store import Ahead, Logged, Transaction
from server.store.postgres.arrays import Texts, columns
from server.store.postgres.connections import Connection
from server.store.postgres.locks import TRY, Busy, Locks, name
from server.store.postgres.reader import PostgresReader, can_stand
from server.store.postgres.standing import Standing, standing_of
from server.store.states import state_of, ticket_name
from sync import record
from sync.record import State

Item = TypeVar("Item")
Name = tuple[str, str]


_RECORDS = (
    "SELECT kind, id, state, digest, standing FROM records"
    " JOIN unnest(%b::text[], %b::text[]) AS wanted (kind, id) USING (kind, id)"
)
_LAST = (
    "SELECT device, last.* FROM unnest(%b::text[]) AS wanted (device) CROSS JOIN LATERAL"
    " (SELECT seq, hash, jws, answer FROM batches WHERE batches.device = wanted.device"
    " ORDER BY seq DESC LIMIT 1) AS last"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A record as this commit knows it; `text` is None for none."""

    text: str | None = None
    digest: str = ""
    standing: Standing = field(default_factory=Standing)


@dataclass(slots=True)
class Written:
    """What a commit writes in the end. `entries` are the feeds' moves: an offset past the feed's number, and gone."""

    records: dict[Name, Standing] = field(default_factory=dict)
    """Those that were put, each with where it stood before this commit."""
    fields: dict[tuple[str, str, str], str] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)
    entries: dict[tuple[str, str, str], tuple[int, bool]] = field(default_factory=dict)
    batches: dict[tuple[str, int], Logged] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    shared: dict[tuple[str, str], None] = field(default_factory=dict)
    """Blobs and the feeds whose readers may read them."""


class Work(PostgresReader):
    """`Transaction` on one connection, for all jobs of one commit."""

    def __init__(self, connection: Connection, blob_size: Callable[[str], int | None]) -> None:
        super().__init__(connection, blob_size)
        self._connection = connection
        self.locks = Locks(connection)
        self.written = Written()
        self._rows: dict[Name, Row] = {}
        self._last: dict[str, Logged | None] = {}
        self._numbers: dict[str, int] = {}
        self._undo: list[Callable[[], None]] = []
        self._saved = False
        self._ending: dict[str, tuple[list[Any], Callable[[Any, list[Any]], None]]] = {}

    # Reading

    def begin(self, wanted: Sequence[Ahead], *, locks: frozenset[int]) -> None:
        """Begin the transaction, wait for `locks`, and fetch what jobs will look at, in one round trip.

        Whoever numbers by the same series waits now, and does nothing in vain. What another commit holds is left for
        when a job asks for it.
        """
        series = {each for ahead in wanted for each in ahead.series}
        with self._connection.pipeline():
            self._run("BEGIN")
            self.locks.wait(locks | {name("series", each) for each in series})
            take_numbers = self._begin_numbers(series)
            take_rest = self._begin_fetch(
                {each for ahead in wanted for each in ahead.records},
                alone={each for ahead in wanted for each in ahead.writes},
                chains={device for ahead in wanted for device in ahead.chains},
            )
        take_numbers()  # what was fetched within the pipeline would be asked to hurry, and its end waited for anyway
        take_rest()

    def get(self, kind: str, id: str) -> State | None:
        row = self._row((kind, id))
        return None if row.text is None else state_of(row.text)

    def find(
        self, kind: str, field: str, value: str, *, after: str = "", limit: int = 100
    ) -> Sequence[tuple[str, State]]:
        if not can_stand(value, after):
            return []
        self.locks.read(name("field", kind, field, value))
        own = {id: text for (k, id, f), text in self.written.fields.items() if (k, f) == (kind, field)}
        rows = self._run(
            "SELECT id FROM fields WHERE value = %s AND field = %s AND kind = %s AND id > %s ORDER BY id LIMIT %s",
            (value, field, kind, after, limit + len(own)),
        )
        ids = {id for (id,) in rows if own.get(id, value) == value}
        ids |= {id for id, text in own.items() if text == value and id > after}
        chosen = sorted(ids)[:limit]
        self._need({(kind, id) for id in chosen})
        states = ((id, self.get(kind, id)) for id in chosen)
        return [(id, state) for id, state in states if state is not None]

    def count(self, kind: str, field: str, value: str) -> int:
        if not can_stand(value):
            return 0
        self.locks.read(name("field", kind, field, value))
        own = {id: text for (k, id, f), text in self.written.fields.items() if (k, f) == (kind, field)}
        if not own:
            return super().count(kind, field, value)
        statement = "SELECT count(*) FROM fields WHERE value = %s AND field = %s AND kind = %s AND id != ALL(%s)"
        others = int(self._one(statement, (value, field, kind, list(own)))[0])
        return others + sum(text == value for text in own.values())

    def feeds_of(self, kind: str, id: str) -> frozenset[str]:
        return self._row((kind, id)).standing.feeds

    def last_batch(self, device: str) -> Logged | None:
        if device not in self._last:
            self.locks.read(name("chain", device))
            self._last[device] = super().last_batch(device)
        return self._last[device]

    def blob_feeds(self, sha256: str) -> frozenset[str]:
        return super().blob_feeds(sha256) | {feed for shared, feed in self.written.shared if shared == sha256}

    def batch(self, device: str, seq: int) -> Logged | None:
        return self.written.batches.get((device, seq)) or super().batch(device, seq)

    # Writing

    def put(
        self, kind: str, id: str, state: State, *, feeds: frozenset[str], indexed: Mapping[str, str] | None = None
    ) -> None:
        key = (kind, id)
        before = self._row(key).standing
        data = record.encode(state)
        standing = Standing(feeds, (before.feeds | before.left) - feeds, {**before.indexed, **(indexed or {})})
        self._set(self._rows, key, Row(data.decode(), hashlib.sha256(data).hexdigest(), standing))
        if key not in self.written.records:
            self._set(self.written.records, key, before)
        for each, value in (indexed or {}).items():
            self._set(self.written.fields, (kind, id, each), value)
        for feed in sorted(feeds | before.feeds):
            self._enter(feed, kind, id, gone=feed not in feeds)

    def log_batch(self, device: str, logged: Logged) -> None:
        self._set(self.written.batches, (device, logged.seq), logged)
        self._set(self._last, device, logged)

    def next_number(self, series: str) -> int:
        self.locks.write([name("series", series)])
        if series not in self._numbers:
            row = self._run("SELECT number FROM numbers WHERE series = %s", (series,)).fetchone()
            self._numbers[series] = 0 if row is None else int(row[0])
        number = self._numbers[series] + 1
        self._set(self._numbers, series, number)
        self._set(self.written.numbers, series, number)
        return number

    # A ticket is alone with whoever takes it; whoever drops those of an owner is alone with all who would add one.

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        self.locks.read(name("ticket", ticket_name(purpose, token)))
        return super().ticket(purpose, token, now=now)

    def add_ticket(self, purpose: str, token: str, value: str, *, expires: int, owner: str = "") -> None:
        if owner:
            self.locks.read(name("owner", owner))
        self._save()
        self._run(
            "INSERT INTO tickets (hash, value, expires, owner) VALUES (%s, %s, %s, %s)",
            (ticket_name(purpose, token), value, expires, owner),
        )

    def drop_tickets(self, owner: str, *, but: tuple[str, str] | None = None) -> None:
        kept = "" if but is None else ticket_name(*but)
        self.locks.write([name("owner", owner)])
        found = self._run("SELECT hash FROM tickets WHERE owner = %s AND owner != '' AND hash != %s", (owner, kept))
        dropped = [hash for (hash,) in found]
        self.locks.write(name("ticket", hash) for hash in dropped)
        self._save()
        self._run(
            "DELETE FROM tickets WHERE hash IN (SELECT hash FROM tickets WHERE hash = ANY(%s) FOR UPDATE SKIP LOCKED)",
            (dropped,),
        )

    def take_ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        self.locks.write([name("ticket", ticket_name(purpose, token))])
        self._save()
        self._run(
            "DELETE FROM tickets WHERE hash IN"
            " (SELECT hash FROM tickets WHERE expires <= %s LIMIT 1000 FOR UPDATE SKIP LOCKED)",
            (now,),
        )
        row = self._run(
            "DELETE FROM tickets WHERE hash = %s AND expires > %s RETURNING value", (ticket_name(purpose, token), now)
        ).fetchone()
        return None if row is None else str(row[0])

    def share_blob(self, sha256: str, feeds: frozenset[str]) -> None:
        for feed in feeds:
            self._set(self.written.shared, (sha256, feed), None)

    # The end of a job

    def at_end(self, name: str, item: Item, job: Callable[[Transaction, Sequence[Item]], None]) -> None:
        self._ending.setdefault(name, ([], job))[0].append(item)

    def finish(self) -> None:
        """Run what waits for the end of the job, and keep what it wrote."""
        while self._ending:
            items, job = self._ending.pop(next(iter(self._ending)))
            job(self, items)
        self._undo.clear()
        if self._saved:
            self._run("RELEASE SAVEPOINT job")
            self._saved = False

    def abandon(self) -> None:
        """Take back what a job wrote."""
        self._ending.clear()
        while self._undo:
            self._undo.pop()()
        if self._saved:
            # The locks that were taken since are gone, and with them all reason to trust what was read.
            self._run("ROLLBACK TO SAVEPOINT job")
            self._run("RELEASE SAVEPOINT job")
            self._saved = False
            self.forget()

    def forget(self) -> None:
        """Know nothing that this commit does not write itself."""
        self.locks.forget()
        self._rows = {key: row for key, row in self._rows.items() if key in self.written.records}
        self._last = {device: logged for (device, _), logged in self.written.batches.items()}
        self._numbers = dict(self.written.numbers)

    def _row(self, key: Name) -> Row:
        if key not in self._rows:
            self._need({key})
        return self._rows[key]

    def _need(self, names: set[Name]) -> None:
        self._fetch(names)
        taken = names - self._rows.keys()
        if taken:
            raise Busy(frozenset(name("record", *key) for key in taken))

    def _fetch(self, names: set[Name]) -> None:
        """Lock records for reading and read them, in one round trip; those that can't be had are left out."""
        if not names <= self._rows.keys():
            with self._connection.pipeline():
                take = self._begin_fetch(names)
            take()

    def _begin_fetch(
        self, names: Set[Name], *, alone: Set[Name] = frozenset(), chains: Set[str] = frozenset()
    ) -> Callable[[], None]:
        """Ask for records, and to be alone with some and with the ends of chains, which jobs add to.

        Return what waits for all that and takes it in.
        """
        self._rows |= {key: Row() for key in names | alone if not can_stand(*key)}
        records = {key: name("record", *key) for key in (names | alone) - self._rows.keys()}
        ends = {device: name("chain", device) for device in chains - self._last.keys()}
        wanted = {lock: key in alone for key, lock in records.items()} | dict.fromkeys(ends.values(), True)
        if not wanted:
            return _nothing
        locked = self._run(TRY, (list(wanted), list(wanted.values())))
        # These see what was committed before the locks were had.
        rows = self._run(_RECORDS, columns(records)) if records else ()
        last = self._run(_LAST, (Texts(ends),)) if ends else ()

        def take() -> None:
            free = {lock for (lock,) in locked}
            self.locks.took(free, alone={lock for lock in free if wanted[lock]})
            found = {(kind, id): Row(text, digest, standing_of(text_)) for kind, id, text, digest, text_ in rows}
            self._rows.update({key: found.get(key, Row()) for key, lock in records.items() if lock in free})
            logged = {device: Logged(*rest) for device, *rest in last}
            self._last.update({device: logged.get(device) for device, lock in ends.items() if lock in free})

        return take

    def _begin_numbers(self, series: set[str]) -> Callable[[], None]:
        """Ask where series are that this commit is alone with."""
        if not series:
            return _nothing
        rows = self._run("SELECT series, number FROM numbers WHERE series = ANY(%b)", (Texts(series),))
        return lambda: self._numbers.update(dict.fromkeys(series, 0) | dict(rows.fetchall()))

    def _enter(self, feed: str, kind: str, id: str, *, gone: bool) -> None:
        offset = self.written.moves.get(feed, 0) + 1
        self._set(self.written.moves, feed, offset)
        self._set(self.written.entries, (feed, kind, id), (offset, gone))

    def _save(self) -> None:
        """Before the first statement of a job that writes at once, make a place to go back to."""
        if not self._saved:
            self._run("SAVEPOINT job")
            self._saved = True

    def _set(self, mapping: dict[Any, Any], key: object, value: object) -> None:
        missing = object()
        before = mapping.get(key, missing)

        def undo() -> None:
            if before is missing:
                del mapping[key]
            else:
                mapping[key] = before

        self._undo.append(undo)
        mapping[key] = value

    def rows_written(self) -> Mapping[Name, Row]:
        """Return the records as this commit leaves them."""
        return {key: self._rows[key] for key in self.written.records}


def _nothing() -> None:
    """Take in nothing."""
