"""The tables of the PostgreSQL engine, as an ordered list of migrations that only ever grows.

Each primary key is led by the column that a table is spread by (`DISTRIBUTION`), and no constraint spans two of its
values, so that Citus can spread the tables over machines as they are.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any, Final

import psycopg

from server.store import Life
from server.store.transfer import read_life

DISTRIBUTION: Final = {
    "records": "id",
    "fields": "value",
    "feeds": "feed",
    "entries": "feed",
    "batches": "device",
    "tickets": "hash",
    "numbers": "series",
    "blob_feeds": "sha256",
}
_LOCK: Final = 0x6D6F74637561  # "motcua"

_FIRST: Final = """
CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE records (
    id text COLLATE "C" NOT NULL, kind text NOT NULL, state text NOT NULL, digest text NOT NULL,
    standing text NOT NULL,
    PRIMARY KEY (id, kind)
);
CREATE TABLE fields (
    value text NOT NULL, field text NOT NULL, kind text NOT NULL, id text COLLATE "C" NOT NULL,
    PRIMARY KEY (value, field, kind, id)
);
CREATE TABLE feeds (feed text PRIMARY KEY, seq bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE entries (
    feed text NOT NULL, seq bigint NOT NULL, kind text NOT NULL, id text COLLATE "C" NOT NULL, gone boolean NOT NULL,
    PRIMARY KEY (feed, seq), UNIQUE (feed, id, kind)
);
CREATE TABLE batches (
    device text NOT NULL, seq bigint NOT NULL, hash text NOT NULL, jws text NOT NULL, answer text NOT NULL,
    PRIMARY KEY (device, seq)
);
CREATE TABLE tickets (hash text PRIMARY KEY, value text NOT NULL, expires bigint NOT NULL, owner text NOT NULL);
CREATE INDEX tickets_by_owner ON tickets (owner) WHERE owner != '';
CREATE INDEX tickets_by_expiry ON tickets (expires);
CREATE TABLE numbers (series text PRIMARY KEY, number bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE blob_feeds (sha256 text NOT NULL, feed text NOT NULL, PRIMARY KEY (sha256, feed));
"""

_JOURNAL: Final = """
CREATE TABLE journal (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(), tab text NOT NULL, a text NOT NULL, b text NOT NULL
);
CREATE INDEX journal_by_batch ON journal (a) WHERE tab = 'batches';
"""
"""What has moved since the last backup; nothing is written there before there is one."""

MIGRATIONS: Final = (_FIRST, _JOURNAL)


def migrate(connection: psycopg.Connection[Any]) -> Life:
    """Bring the tables up to date, in one transaction; return its life. Processes that start together take turns."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        connection.execute("CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY)")
        row = connection.execute("SELECT count(*) FROM migrations").fetchone()
        assert row is not None
        for number, statements in enumerate(MIGRATIONS[row[0] :], row[0]):
            connection.execute(statements)
            connection.execute("INSERT INTO migrations (number) VALUES (%s)", (number,))
        connection.execute(
            "INSERT INTO meta (name, value) VALUES ('epoch', %s) ON CONFLICT DO NOTHING", (token_hex(8),)
        )
        return read_life(dict(connection.execute("SELECT name, value FROM meta").fetchall()))
