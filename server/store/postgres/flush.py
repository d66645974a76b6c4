"""Writing out what a commit has gathered: a few statements, however many jobs it carried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.store.postgres.arrays import columns
from server.store.postgres.connections import Connection
from server.store.postgres.locks import name
from server.store.postgres.work import Work

_RECORDS: Final = """
INSERT INTO records (id, kind, state, digest, standing)
SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[], %b::text[])
ON CONFLICT (id, kind) DO UPDATE
SET state = excluded.state, digest = excluded.digest, standing = excluded.standing
"""
_OLD_FIELDS: Final = """
DELETE FROM fields USING unnest(%b::text[], %b::text[], %b::text[], %b::text[]) AS old (value, field, kind, id)
WHERE (fields.value, fields.field, fields.kind, fields.id) = (old.value, old.field, old.kind, old.id)
"""
_FIELDS: Final = """
INSERT INTO fields (value, field, kind, id) SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])
ON CONFLICT DO NOTHING
"""
_BATCHES: Final = """
INSERT INTO batches (device, seq, hash, jws, answer)
SELECT * FROM unnest(%b::text[], %s::bigint[], %b::text[], %b::text[], %b::text[])
"""
_NUMBERS: Final = """
INSERT INTO numbers (series, number) SELECT * FROM unnest(%b::text[], %s::bigint[])
ON CONFLICT (series) DO UPDATE SET number = excluded.number
"""
_SHARED: Final = """
INSERT INTO blob_feeds (sha256, feed)
SELECT * FROM unnest(%b::text[], %b::text[]) AS s (sha256, feed) ORDER BY sha256, feed
ON CONFLICT DO NOTHING
"""
_ENTRIES: Final = """
WITH moved AS (
    INSERT INTO feeds AS old (feed, seq) SELECT * FROM unnest(%b::text[], %s::bigint[]) AS m (feed, seq) ORDER BY feed
    ON CONFLICT (feed) DO UPDATE SET seq = old.seq + excluded.seq RETURNING feed, seq
), entered AS (
    INSERT INTO entries (feed, seq, kind, id, gone)
    SELECT feed, moved.seq - back, kind, id, gone
    FROM unnest(%b::text[], %s::bigint[], %b::text[], %b::text[], %s::boolean[]) AS e (feed, back, kind, id, gone)
    JOIN moved USING (feed)
    ON CONFLICT (feed, id, kind) DO UPDATE SET seq = excluded.seq, gone = excluded.gone
)
SELECT feed, seq FROM moved
"""


def flush(work: Work, connection: Connection) -> Mapping[str, int]:
    """Write out all of a commit and end it; return the feeds that it moves and their numbers. Raises `Busy`.

    The rows of feeds come last and in the order of their names: whoever has them waits for nothing but the disk.
    """
    written, rows = work.written, work.rows_written()
    fields = written.fields
    old = _old_fields(work)
    locks = [name("record", *key) for key in rows]
    locks += [name("field", kind, field, value) for (kind, _, field), value in fields.items()]
    locks += [name("field", kind, field, value) for value, field, kind, _ in old]
    locks += [name("chain", device) for device, _ in written.batches]
    work.locks.write(locks)
    with connection.pipeline():
        if rows:
            listed = [(id, kind, row.text, row.digest, row.standing.text) for (kind, id), row in rows.items()]
            connection.execute(_RECORDS, columns(listed))
        if old:
            connection.execute(_OLD_FIELDS, columns(old))
        if fields:
            connection.execute(_FIELDS, columns([(value, f, kind, id) for (kind, id, f), value in fields.items()]))
        if written.batches:
            batches = [
                (device, seq, each.hash, each.jws, each.answer) for (device, seq), each in written.batches.items()
            ]
            connection.execute(_BATCHES, columns(batches))
        if written.numbers:
            connection.execute(_NUMBERS, columns(list(written.numbers.items())))
        if written.shared:
            connection.execute(_SHARED, columns(list(written.shared)))
        moved = connection.execute(_ENTRIES, _entries(work)) if written.moves else None
        connection.execute("COMMIT")
    return {} if moved is None else dict(moved.fetchall())


def _old_fields(work: Work) -> list[tuple[str, str, str, str]]:
    """Return the rows by which records are not found any more."""
    return [
        (before, field, kind, id)
        for (kind, id, field), value in work.written.fields.items()
        if (before := work.written.records[kind, id].indexed.get(field)) not in (None, value)
    ]


def _entries(work: Work) -> list[list[object]]:
    moves = sorted(work.written.moves.items())
    entries = [
        (feed, work.written.moves[feed] - offset, kind, id, gone)
        for (feed, kind, id), (offset, gone) in work.written.entries.items()
    ]
    return [*columns(moves), *columns(entries)]
