"""Rows of the PostgreSQL engine, for copies and backups. See `transfer`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import psycopg

from server.store import Life
from server.store.postgres.connections import Connection
from server.store.postgres.schema import migrate
from server.store.postgres.standing import Standing, standing_of
from server.store.transfer import BACKED_UP_AT, FOLLOWER, LEAP, RESTORED_AT, Row, Snapshot, read_life

_MANY: Final = 2000
_TRIGGERS: Final = {
    "records": ("INSERT UPDATE", "id", "kind"),
    "batches": ("INSERT", "device", "seq::text"),
    "numbers": ("INSERT UPDATE", "series", "''"),
    "blob_feeds": ("INSERT", "sha256", "feed"),
    "tickets": ("INSERT DELETE", "hash", "''"),
}
"""After which statements the journal takes down what moved, and the two columns that name it."""
_RECORDS: Final = """
SELECT r.kind, r.id, r.state, r.digest, stands.feeds, stands.gone, (r.standing::json -> 2)::text FROM {},
LATERAL (
    SELECT coalesce(json_object_agg(e.feed, e.seq) FILTER (WHERE NOT e.gone), '{{}}')::text AS feeds,
        coalesce(json_object_agg(e.feed, e.seq) FILTER (WHERE e.gone), '{{}}')::text AS gone
    FROM entries e
    WHERE e.id = r.id AND e.kind = r.kind AND e.feed = ANY (ARRAY(
        SELECT json_array_elements_text(r.standing::json -> 0)
        UNION ALL SELECT json_array_elements_text(r.standing::json -> 1)
    ))
) AS stands
"""
_ALL: Final = {
    "records": _RECORDS.format("records r"),
    "batches": "SELECT device, seq, hash, jws, answer FROM batches",
    "numbers": "SELECT series, number FROM numbers",
    "blob_feeds": "SELECT sha256, feed FROM blob_feeds",
    "tickets": "SELECT hash, value, expires, owner FROM tickets",
    "feeds": "SELECT feed, seq FROM feeds",
    "chains": "SELECT device, max(seq) FROM batches GROUP BY device",
}
_NAMED: Final = "(SELECT DISTINCT a, b FROM journal WHERE tab = '{}') AS moved"
_MOVED: Final = {
    "records": _RECORDS.format(f"{_NAMED.format('records')} JOIN records r ON (r.id, r.kind) = (a, b)"),
    "batches": f"{_ALL['batches']} JOIN {_NAMED.format('batches')} ON (device, seq) = (a, b::bigint)",
    "numbers": f"{_ALL['numbers']} JOIN {_NAMED.format('numbers')} ON series = a",
    "blob_feeds": f"{_ALL['blob_feeds']} JOIN {_NAMED.format('blob_feeds')} ON (sha256, feed) = (a, b)",
    "tickets": "SELECT a, coalesce(value, ''), coalesce(expires, 0), coalesce(owner, '')"
    f" FROM {_NAMED.format('tickets')} LEFT JOIN tickets ON hash = a",
}
_COPY: Final = {
    "records": "COPY records (kind, id, state, digest, standing) FROM STDIN",
    "entries": "COPY entries (feed, seq, kind, id, gone) FROM STDIN",
    "fields": "COPY fields (id, kind, field, value) FROM STDIN",
    "batches": "COPY batches (device, seq, hash, jws, answer) FROM STDIN",
    "numbers": "COPY numbers (series, number) FROM STDIN",
    "blob_feeds": "COPY blob_feeds (sha256, feed) FROM STDIN",
    "tickets": "COPY tickets (hash, value, expires, owner) FROM STDIN",
}
_REPLACES: Final = {
    "records": "(id, kind) DO UPDATE SET state = excluded.state, digest = excluded.digest,"
    " standing = excluded.standing",
    "entries": "(feed, id, kind) DO UPDATE SET seq = excluded.seq, gone = excluded.gone",
    "fields": "DO NOTHING",
    "batches": "(device, seq) DO UPDATE SET hash = excluded.hash, jws = excluded.jws, answer = excluded.answer",
    "numbers": "(series) DO UPDATE SET number = excluded.number",
    "blob_feeds": "DO NOTHING",
    "tickets": "(hash) DO UPDATE SET value = excluded.value, expires = excluded.expires, owner = excluded.owner",
}
"""What of a row that is there is replaced by the one that comes."""


class PostgresCity:
    """The rows of the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = psycopg.connect(url, autocommit=True)
        migrate(self._connection)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Look on a connection of its own, in one transaction that writes nothing."""
        with psycopg.connect(self._url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield PostgresSnapshot(connection)

    def follow(self) -> None:
        """Make the triggers anew. Each waits for the commits under way, as those that come wait for it."""
        for table, (events, a, b) in _TRIGGERS.items():
            with self._alone():
                self._connection.execute(
                    f"CREATE OR REPLACE FUNCTION journal_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    f" INSERT INTO journal (tab, a, b) SELECT '{table}', {a}, {b} FROM changed;"
                    " RETURN NULL; END $$"
                )
                self._connection.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
                for event in events.split():
                    rows = "OLD" if event == "DELETE" else "NEW"
                    self._connection.execute(
                        f"CREATE OR REPLACE TRIGGER journal_{event.lower()} AFTER {event} ON {table}"
                        f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION journal_{table}()"
                    )

    def settle(self, snapshot: Snapshot, follower: str, *, backed_up_at: int | None = None) -> None:
        """What a commit wrote that the snapshot did not see stays in the journal."""
        assert isinstance(snapshot, PostgresSnapshot)
        with self._connection.transaction():
            self._connection.execute(
                "DELETE FROM journal WHERE pg_visible_in_snapshot(xid, %s::pg_snapshot)", (snapshot.mark,)
            )
            _set(self._connection, FOLLOWER, follower)
            if backed_up_at is not None:
                _set(self._connection, BACKED_UP_AT, str(backed_up_at))

    def unfollow(self) -> None:
        """Remove triggers and journal. Nobody follows from the first step on, so that it may stop at any."""
        _set(self._connection, FOLLOWER, None)
        for table in _TRIGGERS:
            with self._alone():
                self._connection.execute(f"DROP FUNCTION IF EXISTS journal_{table} CASCADE")
        self._connection.execute("DELETE FROM journal")

    @contextmanager
    def filling(self) -> Iterator[PostgresFilling]:
        """Write in one transaction."""
        with self._connection.transaction():
            yield PostgresFilling(self._connection)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Change one table in a transaction of its own.

        Commits lock tables in orders of their own: whoever held one and waited for the next would deadlock with them.
        """
        with self._connection.transaction():
            self._connection.execute("SET LOCAL lock_timeout = '10s'")
            yield


class PostgresSnapshot:
    """What one transaction sees. `mark` is PostgreSQL's own name for it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.execute("SET LOCAL jit = off")  # it takes longer to compile these statements than to run them
        meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        self.life = read_life(meta)
        self.follower: str | None = meta.get(FOLLOWER)
        row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
        assert row is not None
        self.mark: str = row[0]

    def rows(self, table: str, *, moved: bool) -> Iterator[Row]:
        """Fetch through a cursor of the server's, so that the memory holds a few rows only."""
        with self._connection.cursor(name=f"rows_{secrets.token_hex(4)}") as cursor:
            cursor.itersize = _MANY
            yield from cursor.execute((_MOVED if moved else _ALL)[table])


class PostgresFilling:
    """`Filling` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_empty(self) -> bool:
        row = self._connection.execute(
            "SELECT NOT (EXISTS (SELECT 1 FROM records) OR EXISTS (SELECT 1 FROM batches))"
        ).fetchone()
        return row is not None and bool(row[0])

    def take(self, table: str, rows: Iterable[Row], *, fresh: bool) -> None:
        coming = iter(rows)
        while many := list(islice(coming, _MANY)):
            if table == "records":
                self._take_records(many, fresh=fresh)
            else:
                self._put(table, many, fresh=fresh)
        if table == "tickets":
            self._connection.execute("DELETE FROM tickets WHERE expires = 0")

    def get(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM meta WHERE name = %s", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str | None) -> None:
        _set(self._connection, name, value)

    def begin_life(self, life: Life) -> None:
        _set(self._connection, "epoch", life.epoch)
        _set(self._connection, RESTORED_AT, str(life.restored_at))
        self._connection.execute("UPDATE numbers SET number = number + %s", (LEAP,))
        self._connection.execute("DELETE FROM tickets WHERE owner = ''")

    def _take_records(self, rows: Sequence[Row], *, fresh: bool) -> None:
        records, entries, fields, heights = list[Row](), list[Row](), list[Row](), dict[str, int]()
        for kind, id, state, digest, stands, left, indexed in rows:
            feeds, gone, found_by = json.loads(stands), json.loads(left), json.loads(indexed)
            standing = Standing(frozenset(feeds), frozenset(gone), found_by)
            records.append((kind, id, state, digest, standing.text))
            for numbers, has_left in ((feeds, False), (gone, True)):
                for feed, seq in numbers.items():
                    entries.append((feed, seq, kind, id, has_left))
                    heights[feed] = max(heights.get(feed, 0), seq)
            fields += [(id, kind, field, value) for field, value in found_by.items()]
        if not fresh:
            self._drop_fields([row[:2] for row in rows])
        self._put("records", records, fresh=fresh)
        self._put("entries", entries, fresh=fresh)
        self._put("fields", fields, fresh=fresh)
        self._connection.execute(
            "INSERT INTO feeds AS old (feed, seq) SELECT * FROM unnest(%s::text[], %s::bigint[])"
            " ON CONFLICT (feed) DO UPDATE SET seq = greatest(old.seq, excluded.seq)",
            (list(heights), list(heights.values())),
        )

    def _drop_fields(self, names: Sequence[Row]) -> None:
        """Forget what these records were found by."""
        before = self._connection.execute(
            "SELECT id, kind, standing FROM records"
            " JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, id) USING (kind, id)",
            ([kind for kind, _ in names], [id for _, id in names]),
        )
        rows = [
            (value, field, kind, id)
            for id, kind, standing in before
            for field, value in standing_of(standing).indexed.items()
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM fields WHERE value = %s AND field = %s AND kind = %s AND id = %s",
                rows,
            )

    def _put(self, table: str, rows: Sequence[Row], *, fresh: bool) -> None:
        if fresh:
            self._copy(_COPY[table], rows)
            return
        coming = f"coming_{table}"
        self._connection.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {coming} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP"
        )
        self._copy(_COPY[table].replace(f"COPY {table}", f"COPY {coming}"), rows)
        self._connection.execute(f"INSERT INTO {table} SELECT * FROM {coming} ON CONFLICT {_REPLACES[table]}")
        self._connection.execute(f"TRUNCATE {coming}")

    def _copy(self, statement: str, rows: Sequence[Row]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _set(connection: psycopg.Connection[Any], name: str, value: str | None) -> None:
    if value is None:
        connection.execute("DELETE FROM meta WHERE name = %s", (name,))
    else:
        connection.execute(
            "INSERT INTO meta (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
