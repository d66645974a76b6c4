"""Reading and writing rows of the SQLite engine: one statement for each question of the protocol."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from server.store import Entry, Expected, Logged, Transaction
from server.store.states import one_page, state_of, ticket_name
from sync import record
from sync.record import State

Item = TypeVar("Item")
_UNKNOWN: Final[State] = {}
BACKED_UP: Final = """
SELECT CASE WHEN EXISTS (SELECT 1 FROM meta WHERE name = 'follower' AND value LIKE 'backup %') THEN coalesce(
    (SELECT min(CAST(b AS INTEGER)) - 1 FROM journal WHERE tab = 'batches' AND a = ?),
    (SELECT max(seq) FROM batches WHERE device = ?), 0) ELSE 0 END
"""
"""What does not stand in the journal any more is in the backup that the journal is kept for."""


class SqliteReader:
    """`Reader` on one connection."""

    def __init__(self, connection: sqlite3.Connection, blob_size: Callable[[str], int | None]) -> None:
        self._connection = connection
        self._run = connection.execute
        self.blob_size = blob_size

    def expect(self, expected: Expected) -> None:
        """Every question is answered here."""

    def get(self, kind: str, id: str) -> State | None:
        row = self._run("SELECT state FROM records WHERE id = ? AND kind = ?", (id, kind)).fetchone()
        return None if row is None else state_of(row[0])

    def find(
        self, kind: str, field: str, value: str, *, after: str = "", limit: int = 100
    ) -> Sequence[tuple[str, State]]:
        rows = self._run(
            "SELECT id, state FROM fields JOIN records USING (id, kind)"
            " WHERE kind = ? AND field = ? AND value = ? AND id > ? ORDER BY id LIMIT ?",
            (kind, field, value, after, limit),
        )
        return [(id, state_of(state)) for id, state in rows]

    def count(self, kind: str, field: str, value: str) -> int:
        statement = "SELECT count(*) FROM fields WHERE kind = ? AND field = ? AND value = ?"
        (number,) = self._run(statement, (kind, field, value)).fetchone()
        return int(number)

    def feeds_of(self, kind: str, id: str) -> frozenset[str]:
        rows = self._run("SELECT feed FROM entries WHERE id = ? AND kind = ? AND gone = 0", (id, kind))
        return frozenset(feed for (feed,) in rows)

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        marks = ", ".join("?" * len(feeds))
        rows = self._run(f"SELECT feed, seq FROM feeds WHERE feed IN ({marks})", tuple(feeds))  # noqa: S608
        return dict.fromkeys(feeds, 0) | dict(rows.fetchall())

    def page(self, feed: str, *, after: int, limit: int, size: int) -> Sequence[Entry]:
        rows = self._run(
            "SELECT seq, kind, id, iif(gone, NULL, state), iif(gone, NULL, digest)"
            " FROM entries LEFT JOIN records USING (id, kind)"
            " WHERE feed = ? AND seq > ? ORDER BY seq LIMIT ?",
            (feed, after, limit),
        )
        return one_page((Entry(*row) for row in rows), size)

    def last_batch(self, device: str) -> Logged | None:
        row = self._run(
            "SELECT seq, hash, jws, answer FROM batches WHERE device = ? ORDER BY seq DESC LIMIT 1", (device,)
        ).fetchone()
        return None if row is None else Logged(*row)

    def batch(self, device: str, seq: int) -> Logged | None:
        row = self._run(
            "SELECT seq, hash, jws, answer FROM batches WHERE device = ? AND seq = ?", (device, seq)
        ).fetchone()
        return None if row is None else Logged(*row)

    def backed_up(self, device: str) -> int:
        row = self._run(BACKED_UP, (device, device)).fetchone()
        return int(row[0])

    def last_backup(self) -> int | None:
        row = self._run("SELECT value FROM meta WHERE name = 'backed_up_at'").fetchone()
        return None if row is None else int(row[0])

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        row = self._run(
            "SELECT value FROM tickets WHERE hash = ? AND expires > ?", (ticket_name(purpose, token), now)
        ).fetchone()
        return None if row is None else str(row[0])

    def blob_feeds(self, sha256: str) -> frozenset[str]:
        rows = self._run("SELECT feed FROM blob_feeds WHERE sha256 = ?", (sha256,))
        return frozenset(feed for (feed,) in rows)


class SqliteTransaction(SqliteReader):
    """`Transaction` on the one connection that writes.

    `moved` has the feeds that the commit will move, and their new numbers; a hot feed moves many times in one commit
    and is written once, by `flush`. Nobody else writes meanwhile: what a commit has read of records it reads once.
    """

    def __init__(self, connection: sqlite3.Connection, blob_size: Callable[[str], int | None]) -> None:
        super().__init__(connection, blob_size)
        self.moved: dict[str, int] = {}
        self._known: dict[tuple[str, str], State | None] = {}
        self._ending: dict[str, tuple[list[Any], Callable[[Any, list[Any]], None]]] = {}

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        return {feed: self.moved.get(feed, seq) for feed, seq in super().heights(feeds).items()}

    def get(self, kind: str, id: str) -> State | None:
        if (kind, id) not in self._known:
            self._known[kind, id] = super().get(kind, id)
        return self._known[kind, id]

    def feeds_of(self, kind: str, id: str) -> frozenset[str]:
        return frozenset() if self._is_new(kind, id) else super().feeds_of(kind, id)

    def flush(self) -> None:
        """Write the numbers of the feeds that moved; know nothing of the next commit."""
        self._connection.executemany(
            "INSERT INTO feeds (feed, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq",
            self.moved.items(),
        )
        self._known.clear()

    def put(
        self, kind: str, id: str, state: State, *, feeds: frozenset[str], indexed: Mapping[str, str] | None = None
    ) -> None:
        data = record.encode(state)
        self._run(
            "INSERT INTO records (id, kind, state, digest) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id, kind) DO UPDATE SET state = excluded.state, digest = excluded.digest",
            (id, kind, data.decode(), hashlib.sha256(data).hexdigest()),
        )
        for field, value in (indexed or {}).items():
            self._run(
                "INSERT OR REPLACE INTO fields (id, kind, field, value) VALUES (?, ?, ?, ?)", (id, kind, field, value)
            )
        before = {} if self._is_new(kind, id) else self._entered(kind, id)
        self._known[kind, id] = state
        for feed in sorted(before.keys() | feeds):
            if feed in feeds or not before[feed]:
                self._enter(feed, kind, id, gone=feed not in feeds, again=feed in before)

    def log_batch(self, device: str, logged: Logged) -> None:
        self._run(
            "INSERT INTO batches (device, seq, hash, jws, answer) VALUES (?, ?, ?, ?, ?)",
            (device, logged.seq, logged.hash, logged.jws, logged.answer),
        )

    def add_ticket(self, purpose: str, token: str, value: str, *, expires: int, owner: str = "") -> None:
        self._run(
            "INSERT INTO tickets (hash, value, expires, owner) VALUES (?, ?, ?, ?)",
            (ticket_name(purpose, token), value, expires, owner),
        )

    def drop_tickets(self, owner: str, *, but: tuple[str, str] | None = None) -> None:
        kept = "" if but is None else ticket_name(*but)
        self._run("DELETE FROM tickets WHERE owner = ? AND owner != '' AND hash != ?", (owner, kept))

    def take_ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        self._run("DELETE FROM tickets WHERE expires <= ?", (now,))
        row = self._run("DELETE FROM tickets WHERE hash = ? RETURNING value", (ticket_name(purpose, token),)).fetchone()
        return None if row is None else str(row[0])

    def next_number(self, series: str) -> int:
        statement = "INSERT INTO numbers (series, number) VALUES (?, 1)"
        statement += " ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number"
        (number,) = self._run(statement, (series,)).fetchone()
        return int(number)

    def at_end(self, name: str, item: Item, job: Callable[[Transaction, Sequence[Item]], None]) -> None:
        self._ending.setdefault(name, ([], job))[0].append(item)

    def finish(self) -> None:
        """Run what waits for the end of the job."""
        while self._ending:
            items, job = self._ending.pop(next(iter(self._ending)))
            job(self, items)

    def abandon(self) -> None:
        """Forget what waits for the end of a job that failed, and what it wrote."""
        self._ending.clear()
        self._known.clear()

    def share_blob(self, sha256: str, feeds: frozenset[str]) -> None:
        for feed in feeds:
            self._run("INSERT OR IGNORE INTO blob_feeds (sha256, feed) VALUES (?, ?)", (sha256, feed))

    def _is_new(self, kind: str, id: str) -> bool:
        """Whether this commit has looked for the record and found none: then no feed knows it either."""
        return self._known.get((kind, id), _UNKNOWN) is None

    def _entered(self, kind: str, id: str) -> Mapping[str, bool]:
        """Return the feeds in which the record has an entry, and whether it is gone from each."""
        return dict(self._run("SELECT feed, gone FROM entries WHERE id = ? AND kind = ?", (id, kind)).fetchall())

    def _enter(self, feed: str, kind: str, id: str, *, gone: bool, again: bool) -> None:
        seq = (self.moved[feed] if feed in self.moved else super().heights([feed])[feed]) + 1
        if again:
            self._run("DELETE FROM entries WHERE id = ? AND kind = ? AND feed = ?", (id, kind, feed))
        self._run("INSERT INTO entries (feed, seq, kind, id, gone) VALUES (?, ?, ?, ?, ?)", (feed, seq, kind, id, gone))
        self.moved[feed] = seq
