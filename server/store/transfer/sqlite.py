"""Rows of the SQLite engine, for copies and backups. See `transfer`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from server.store import Life
from server.store.schema import MIGRATIONS
from server.store.transfer import BACKED_UP_AT, FOLLOWER, LEAP, RESTORED_AT, Row, Snapshot, read_life
from server.store.turns import turn

_MANY: Final = 2000
_TRIGGERS: Final = {
    "records": ("INSERT UPDATE", "id", "kind"),
    "batches": ("INSERT", "device", "seq"),
    "numbers": ("INSERT UPDATE", "series", "''"),
    "blob_feeds": ("INSERT", "sha256", "feed"),
    "tickets": ("INSERT DELETE", "hash", "''"),
}
"""What writes a row of the journal, and the two columns that name what moved."""
_STANDING: Final = (
    "(SELECT json_group_object(feed, seq) FROM entries e WHERE (e.id, e.kind, e.gone) = (r.id, r.kind, {gone}))"
)
_RECORDS: Final = (
    f"SELECT kind, id, state, digest, {_STANDING.format(gone=0)}, {_STANDING.format(gone=1)},"
    " (SELECT json_group_object(field, value) FROM fields f WHERE (f.id, f.kind) = (r.id, r.kind)) FROM records r"
)
_ALL: Final = {
    "records": _RECORDS,
    "batches": "SELECT device, seq, hash, jws, answer FROM batches",
    "numbers": "SELECT series, number FROM numbers",
    "blob_feeds": "SELECT sha256, feed FROM blob_feeds",
    "tickets": "SELECT hash, value, expires, owner FROM tickets",
    "feeds": "SELECT feed, seq FROM feeds",
    "chains": "SELECT device, max(seq) FROM batches GROUP BY device",
}
_MOVED: Final = {
    "records": f"{_RECORDS} WHERE (id, kind) IN (SELECT a, b FROM journal WHERE tab = 'records')",
    "batches": f"{_ALL['batches']} WHERE (device, seq) IN"
    " (SELECT a, CAST(b AS INTEGER) FROM journal WHERE tab = 'batches')",
    "numbers": f"{_ALL['numbers']} WHERE series IN (SELECT a FROM journal WHERE tab = 'numbers')",
    "blob_feeds": f"{_ALL['blob_feeds']} WHERE (sha256, feed) IN (SELECT a, b FROM journal WHERE tab = 'blob_feeds')",
    "tickets": "SELECT a, coalesce(value, ''), coalesce(expires, 0), coalesce(owner, '')"
    " FROM (SELECT DISTINCT a FROM journal WHERE tab = 'tickets') LEFT JOIN tickets ON hash = a",
}
_PUT: Final = {
    "batches": "INSERT OR REPLACE INTO batches (device, seq, hash, jws, answer) VALUES (?, ?, ?, ?, ?)",
    "numbers": "INSERT OR REPLACE INTO numbers (series, number) VALUES (?, ?)",
    "blob_feeds": "INSERT OR REPLACE INTO blob_feeds (sha256, feed) VALUES (?, ?)",
    "tickets": "INSERT OR REPLACE INTO tickets (hash, value, expires, owner) VALUES (?, ?, ?, ?)",
}


class SqliteCity:
    """The rows of `motcua.db` in a folder, which is made when it is missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "motcua.db"
        self._lock = (folder / "motcua.lock").open("w")
        self._writer = self._connect()
        with turn(self._lock):
            MIGRATIONS.apply(Database(self._writer))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Look on a connection of its own; the WAL grows until it has ended."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield SqliteSnapshot(connection)

    def follow(self) -> None:
        """Make the triggers that are not there."""
        with self._writing():
            for table, (events, a, b) in _TRIGGERS.items():
                for event in events.split():
                    row = "old" if event == "DELETE" else "new"
                    second = b if b == "''" else f"{row}.{b}"
                    self._writer.execute(
                        f"CREATE TRIGGER IF NOT EXISTS journal_{table}_{event.lower()} AFTER {event} ON {table}"
                        f" BEGIN INSERT INTO journal (tab, a, b) VALUES ('{table}', {row}.{a}, {second}); END"
                    )

    def settle(self, snapshot: Snapshot, follower: str, *, backed_up_at: int | None = None) -> None:
        """What came later has a greater number."""
        assert isinstance(snapshot, SqliteSnapshot)
        with self._writing():
            self._writer.execute("DELETE FROM journal WHERE n <= ?", (snapshot.mark,))
            self._writer.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (FOLLOWER, follower))
            if backed_up_at is not None:
                self._writer.execute(
                    "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (BACKED_UP_AT, str(backed_up_at))
                )

    def unfollow(self) -> None:
        """Remove triggers and journal."""
        with self._writing():
            for table, (events, _, _) in _TRIGGERS.items():
                for event in events.split():
                    self._writer.execute(f"DROP TRIGGER IF EXISTS journal_{table}_{event.lower()}")
            self._writer.execute("DELETE FROM journal")
            self._writer.execute("DELETE FROM meta WHERE name = ?", (FOLLOWER,))

    @contextmanager
    def filling(self) -> Iterator[SqliteFilling]:
        """Write in one transaction."""
        with self._writing():
            yield SqliteFilling(self._writer)

    def close(self) -> None:
        """Close the file."""
        self._writer.close()
        self._lock.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with turn(self._lock):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


class SqliteSnapshot:
    """What one read transaction sees. `mark` is the journal's last number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        meta = dict(self._run("SELECT name, value FROM meta").fetchall())
        self.life = read_life(meta)
        self.follower: str | None = meta.get(FOLLOWER)
        (self.mark,) = self._run("SELECT coalesce(max(n), 0) FROM journal").fetchone()

    def rows(self, table: str, *, moved: bool) -> Iterator[Row]:
        return iter(self._run((_MOVED if moved else _ALL)[table]))


class SqliteFilling:
    """`Filling` within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def is_empty(self) -> bool:
        (some,) = self._run("SELECT EXISTS (SELECT 1 FROM records) OR EXISTS (SELECT 1 FROM batches)").fetchone()
        return not some

    def take(self, table: str, rows: Iterable[Row], *, fresh: bool) -> None:
        if table == "records":
            self._take_records(rows)
        else:
            self._run_many(_PUT[table], rows)
            if table == "tickets":
                self._run("DELETE FROM tickets WHERE expires = 0")

    def get(self, name: str) -> str | None:
        row = self._run("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str | None) -> None:
        self._run("DELETE FROM meta WHERE name = ?", (name,))
        if value is not None:
            self._run("INSERT INTO meta (name, value) VALUES (?, ?)", (name, value))

    def begin_life(self, life: Life) -> None:
        self.set("epoch", life.epoch)
        self.set(RESTORED_AT, str(life.restored_at))
        self._run("UPDATE numbers SET number = number + ?", (LEAP,))
        self._run("DELETE FROM tickets WHERE owner = ''")

    def _take_records(self, rows: Iterable[Row]) -> None:
        """An entry takes the place of the record's entry before it; a feed is where its last entry is."""
        coming = iter(rows)
        while many := list(islice(coming, _MANY)):
            self._run_many(
                "INSERT INTO records (kind, id, state, digest) VALUES (?, ?, ?, ?) ON CONFLICT (id, kind)"
                " DO UPDATE SET state = excluded.state, digest = excluded.digest",
                (row[:4] for row in many),
            )
            entries, fields, heights = list[Row](), list[Row](), dict[str, int]()
            for kind, id, _, _, stands, left, indexed in many:
                for text, gone in ((stands, 0), (left, 1)):
                    for feed, seq in json.loads(text).items():
                        entries.append((feed, seq, kind, id, gone))
                        heights[feed] = max(heights.get(feed, 0), seq)
                fields += [(id, kind, field, value) for field, value in json.loads(indexed).items()]
            self._run_many("INSERT OR REPLACE INTO entries (feed, seq, kind, id, gone) VALUES (?, ?, ?, ?, ?)", entries)
            self._run_many("INSERT OR REPLACE INTO fields (id, kind, field, value) VALUES (?, ?, ?, ?)", fields)
            self._run_many(
                "INSERT INTO feeds (feed, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)",
                heights.items(),
            )
