"""Reading rows of the PostgreSQL engine: one statement for each question of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from server.store import Entry, Expected, Logged
from server.store.postgres.connections import Connection
from server.store.postgres.standing import standing_of
from server.store.states import one_page, state_of, ticket_name
from sync.record import State

BACKED_UP: Final = """
SELECT CASE WHEN EXISTS (SELECT 1 FROM meta WHERE name = 'follower' AND value LIKE 'backup %%') THEN coalesce(
    (SELECT min(b::bigint) - 1 FROM journal WHERE tab = 'batches' AND a = %s),
    (SELECT max(seq) FROM batches WHERE device = %s), 0) ELSE 0 END
"""
"""What does not stand in the journal any more is in the backup that the journal is kept for."""


def can_stand(*texts: str) -> bool:
    """Whether PostgreSQL can hold such texts; nothing is there under a name that it can't hold."""
    return not any("\0" in text for text in texts)


class PostgresReader:
    """`Reader` on one connection, on which each statement sees what was committed when it began."""

    def __init__(self, connection: Connection, blob_size: Callable[[str], int | None]) -> None:
        self._run = connection.execute
        self.blob_size = blob_size

    def expect(self, expected: Expected) -> None:
        """Ask when it is time to."""

    def get(self, kind: str, id: str) -> State | None:
        if not can_stand(kind, id):
            return None
        row = self._run("SELECT state FROM records WHERE id = %s AND kind = %s", (id, kind)).fetchone()
        return None if row is None else state_of(row[0])

    def find(
        self, kind: str, field: str, value: str, *, after: str = "", limit: int = 100
    ) -> Sequence[tuple[str, State]]:
        if not can_stand(value, after):
            return []
        rows = self._run(
            "SELECT id, state FROM fields JOIN records USING (id, kind)"
            " WHERE value = %s AND field = %s AND kind = %s AND fields.id > %s ORDER BY fields.id LIMIT %s",
            (value, field, kind, after, limit),
        )
        return [(id, state_of(state)) for id, state in rows]

    def count(self, kind: str, field: str, value: str) -> int:
        if not can_stand(value):
            return 0
        statement = "SELECT count(*) FROM fields WHERE value = %s AND field = %s AND kind = %s"
        return int(self._one(statement, (value, field, kind))[0])

    def feeds_of(self, kind: str, id: str) -> frozenset[str]:
        if not can_stand(kind, id):
            return frozenset()
        row = self._run("SELECT standing FROM records WHERE id = %s AND kind = %s", (id, kind)).fetchone()
        return frozenset() if row is None else standing_of(row[0]).feeds

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        rows = self._run("SELECT feed, seq FROM feeds WHERE feed = ANY(%s)", (list(feeds),))
        return dict.fromkeys(feeds, 0) | dict(rows.fetchall())

    def page(self, feed: str, *, after: int, limit: int, size: int) -> Sequence[Entry]:
        rows = self._run(
            "SELECT seq, kind, id, CASE WHEN NOT gone THEN state END, CASE WHEN NOT gone THEN digest END"
            " FROM entries LEFT JOIN records USING (id, kind)"
            " WHERE feed = %s AND seq > %s ORDER BY seq LIMIT %s",
            (feed, after, limit),
        )
        return one_page((Entry(*row) for row in rows), size)

    def last_batch(self, device: str) -> Logged | None:
        row = self._run(
            "SELECT seq, hash, jws, answer FROM batches WHERE device = %s ORDER BY seq DESC LIMIT 1", (device,)
        ).fetchone()
        return None if row is None else Logged(*row)

    def batch(self, device: str, seq: int) -> Logged | None:
        row = self._run(
            "SELECT seq, hash, jws, answer FROM batches WHERE device = %s AND seq = %s", (device, seq)
        ).fetchone()
        return None if row is None else Logged(*row)

    def backed_up(self, device: str) -> int:
        return int(self._one(BACKED_UP, (device, device))[0])

    def last_backup(self) -> int | None:
        row = self._run("SELECT value FROM meta WHERE name = 'backed_up_at'").fetchone()
        return None if row is None else int(row[0])

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        row = self._run(
            "SELECT value FROM tickets WHERE hash = %s AND expires > %s", (ticket_name(purpose, token), now)
        ).fetchone()
        return None if row is None else str(row[0])

    def blob_feeds(self, sha256: str) -> frozenset[str]:
        rows = self._run("SELECT feed FROM blob_feeds WHERE sha256 = %s", (sha256,))
        return frozenset(feed for (feed,) in rows)

    def _one(self, statement: str, parameters: Sequence[object]) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._run(statement, parameters).fetchone()
        assert row is not None
        return row
