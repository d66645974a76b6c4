"""A reader whose usual questions go with those of others; for the rest it takes a connection of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from server.store import Entry
from server.store.postgres.connections import Connection, Connections
from server.store.postgres.gather import Gather
from server.store.postgres.reader import PostgresReader, can_stand
from server.store.states import one_page, state_of, ticket_name
from sync.record import State

_FEW: Final = 4
"""Entries of a feed that may come with the answers to others: states can be large, and many readers are behind."""
_RECORDS: Final = (
    "SELECT kind, id, state FROM records JOIN unnest(%b::text[], %b::text[]) AS wanted (kind, id) USING (kind, id)"
)
_TICKETS: Final = "SELECT hash, value, expires FROM tickets WHERE hash = ANY(%s)"
_HEIGHTS: Final = "SELECT feed, seq FROM feeds WHERE feed = ANY(%s)"
_PAGES: Final = """
SELECT wanted.feed, wanted.after, seq, kind, id, CASE WHEN NOT gone THEN state END, CASE WHEN NOT gone THEN digest END
FROM unnest(%b::text[], %s::bigint[]) AS wanted (feed, after) CROSS JOIN LATERAL (
    SELECT seq, kind, id, gone FROM entries WHERE entries.feed = wanted.feed AND seq > after ORDER BY seq LIMIT %s
) AS entered LEFT JOIN records USING (id, kind) ORDER BY seq
"""


class Gathers:
    """The questions of all readers of one process, by what is asked for."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.records = Gather[tuple[str, str], str](self._records)
        self.tickets = Gather[str, tuple[str, int]](self._tickets)
        self.heights = Gather[str, int](self._heights)
        self.pages = Gather[tuple[str, int], list[Entry]](self._pages)

    def _ask(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        # Readers that hold a connection of theirs may wait for this one: it must not wait for theirs.
        with self._connections.writing() as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def _records(self, names: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        kinds, ids = zip(*set(names), strict=True)
        return {(kind, id): state for kind, id, state in self._ask(_RECORDS, list(kinds), list(ids))}

    def _tickets(self, hashes: Sequence[str]) -> Mapping[str, tuple[str, int]]:
        return {hash: (value, expires) for hash, value, expires in self._ask(_TICKETS, list(hashes))}

    def _heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        return dict(self._ask(_HEIGHTS, list(set(feeds))))

    def _pages(self, places: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], list[Entry]]:
        feeds, afters = zip(*set(places), strict=True)
        found: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        for feed, after, *entry in self._ask(_PAGES, list(feeds), list(afters), _FEW + 1):
            found[feed, after].append(Entry(*entry))
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
        self.blob_size = blob_size

    def get(self, kind: str, id: str) -> State | None:
        text = self._gathers.records.ask((kind, id)) if can_stand(kind, id) else None
        return None if text is None else state_of(text)

    def heights(self, feeds: Sequence[str]) -> Mapping[str, int]:
        if len(feeds) > _FEW:
            return super().heights(feeds)
        return {feed: self._gathers.heights.ask(feed) or 0 for feed in feeds}

    def page(self, feed: str, *, after: int, limit: int, size: int) -> Sequence[Entry]:
        found = self._gathers.pages.ask((feed, after)) or []
        if len(found) > min(limit, _FEW):
            return super().page(feed, after=after, limit=limit, size=size)
        return one_page(found, size)

    def ticket(self, purpose: str, token: str, *, now: int) -> str | None:
        found = self._gathers.tickets.ask(ticket_name(purpose, token))
        return None if found is None or found[1] <= now else found[0]

    def _execute(self, *arguments: Any) -> Any:
        if self._connection is None:
            self._connection = self._take()
        return self._connection.execute(*arguments)
