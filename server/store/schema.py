"""The tables of the SQLite engine, as an ordered list of migrations that only ever grows."""

from __future__ import annotations

from secrets import token_hex
from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS: Final = Migrations("motcua")

_FIRST: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (id, kind)
) STRICT;
CREATE TABLE fields (
    id TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (id, kind, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX fields_by_value ON fields (kind, field, value, id);
CREATE TABLE feeds (feed TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    feed TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, gone INTEGER NOT NULL,
    PRIMARY KEY (feed, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_by_record ON entries (id, kind, feed);
CREATE TABLE batches (
    device TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, jws TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (device, seq)
) STRICT;
CREATE TABLE tickets (
    hash TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER NOT NULL, owner TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_by_owner ON tickets (owner) WHERE owner != '';
CREATE INDEX tickets_by_expiry ON tickets (expires);
CREATE TABLE numbers (series TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE blob_feeds (
    sha256 TEXT NOT NULL, feed TEXT NOT NULL, PRIMARY KEY (sha256, feed)
) STRICT, WITHOUT ROWID;
"""


_PEOPLE_BY_UNIT: Final = """
INSERT OR REPLACE INTO fields
SELECT id, kind, 'unit', json_extract(state, '$.unit.heads[#-1].value') FROM records
WHERE kind = 'person' AND json_type(state, '$.unit.heads[#-1].value') = 'text'
"""


@MIGRATIONS()
def first(db: Database) -> None:
    """Create the tables of SPEC.md's records, feeds and chains, and what the service keeps beside them."""
    for statement in _FIRST.split(";"):
        if statement.strip():
            db.execute(statement)
    db.execute("INSERT INTO meta (name, value) VALUES ('epoch', ?)", [token_hex(8)])


@MIGRATIONS()
def people_by_unit(db: Database) -> None:
    """Find the staff who were enrolled before by their unit."""
    db.execute(_PEOPLE_BY_UNIT)


@MIGRATIONS()
def journal(db: Database) -> None:
    """Have a place for what has moved since the last backup; nothing is written there before there is one."""
    db.execute("CREATE TABLE journal (n INTEGER PRIMARY KEY AUTOINCREMENT, tab TEXT, a TEXT, b TEXT) STRICT")
    db.execute("CREATE INDEX journal_by_batch ON journal (a) WHERE tab = 'batches'")
