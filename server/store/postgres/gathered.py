"""A reader whose usual questions go with those of others; for the rest it takes a connection of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from typing import Any, Final, TypeAlias

from server.store import Entry, Expected
from server.store.postgres.arrays import columns
from server.store.postgres.connections import Connection, Connections
from server.store.postgres.gather import Gather
from server.store.postgres.reader import PostgresReader, can_stand
from server.store.states import one_page, state_of, ticket_name
from sync.record import State

Question: TypeAlias = tuple[Any, ...]
"""A sort, and the name of what is asked for: one value for each array of the sort's statement."""
Rows: TypeAlias = Sequence[tuple[Any, ...]]

_FEW: Final = 4
"""Entries of a feed, and feeds of a reader, that may come with the answers to others: states can be large, and many
readers are behind."""
_STATEMENTS: Final[Mapping[str, bytes]] = {
    "record": b"SELECT kind, id, state FROM records"
    b" JOIN unnest(%b::text[], %b::text[]) AS wanted (kind, id) USING (kind, id)",
    "ticket": b"SELECT hash, value, expires FROM tickets WHERE hash = ANY(%b::text[])",
    "height": b"SELECT feed, seq FROM feeds WHERE feed = ANY(%b::text[])",
    "page": b"""
SELECT wanted.feed, wanted.after, seq, kind, id, CASE WHEN NOT gone THEN state END, CASE WHEN NOT gone THEN digest END
FROM unnest(%%b::text[], %%s::bigint[]) AS wanted (feed, after) CROSS JOIN LATERAL (
    SELECT seq, kind, id, gone FROM entries WHERE entries.feed = wanted.feed AND seq > after ORDER BY seq LIMIT %d
) AS entered LEFT JOIN records USING (id, kind) ORDER BY seq
"""
    % (_FEW + 1),
}
"""What each sort of question asks. Rows begin with the name of what they answer."""


class Gathers(Gather[Question, Rows]):
    """The questions of all readers of one process."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(self._rows)
        self._connections = connections

    def _rows(self, questions: Collection[Question]) -> Mapping[Question, Rows]:
        names: dict[str, list[Question]] = defaultdict(list)
        for sort, *name in questions:
            names[sort].append(tuple(name))
        found: dict[Question, list[tuple[Any, ...]]] = defaultdict(list)
        # Readers that hold a connection of theirs may wait for this one: it must not wait for theirs.
        with self._connections.writing() as connection:
            with connection.pipeline() if len(names) > 1 else nullcontext():
                asked = {sort: connection.execute(_STATEMENTS[sort], columns(some)) for sort, some in names.items()}
            for sort, cursor in asked.items():
                width = len(names[sort][0])
                for row in cursor:
                    found[(sort, *row[:width])].append(row[width:])
        return found


class GatheredReader(PostgresReader):
    """`Reader` for whoever is served; `take` lends a connection for as long as the reader is open."""

    def __init__(
        self, gathers: Gathers, take: Callable[[], Connection], blob_size: Callable[[str], int | None]
    ) -> None:
        self._gathers = gathers
        self._take = take
        self._connection: Connection | None = None
        self._run = self._execute  # type: ignore[assignment]  # it lends itself to the same calls
        self._expected: dict[Question, Rows] = {}
        self.blob_size = blob_size

    def expect(self, expected: Expected) -> None:
        questions: list[Question] = [("record", *name) for name in expected.records if can_stand(*name)]
        questions += [("ticket", ticket_name(*each)) for each in expected.tickets]
        questions += [("page", *each) for each in islice(expected.pages, _FEW)]
        if questions:
            found = self._gathers.ask(questions)
            self._expected |= {question: found.get(question, ()) for question in questions}

    def get(self, kind: str, id: str) -> State | None:
        rows = self._answer("record", kind, id) if can_stand(kind, id) else ()
        return state_of(rows[0][0]) if rows else None

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        if len(feeds) > _FEW:
            return super().heights(feeds)
        found = self._gathers.ask([("height", feed) for feed in feeds])
        return {feed: rows[0][0] if (rows := found.get(("height", feed))) else 0 for feed in feeds}

    def page(self, feed: str, *, after: int, limit: int, size: int) -> Sequence[Entry]:
        rows = self._answer("page", feed, after)
        if len(rows) > min(limit, _FEW):
            return super().page(feed, after=after, limit=limit, size=size)
        return one_page((Entry(*row) for row in rows), size)

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        rows = self._answer("ticket", ticket_name(purpose, token))
        return str(rows[0][0]) if rows and rows[0][1] > now else None

    def _answer(self, *question: Any) -> Rows:
        rows = self._expected.get(question)
        return self._gathers.ask([question]).get(question, ()) if rows is None else rows

    def _execute(self, *arguments: Any) -> Any:
        if self._connection is None:
            self._connection = self._take()
        return self._connection.execute(*arguments)
