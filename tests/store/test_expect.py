"""What a reader was told to expect it answers as if it had not been told."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.store import Expected, Reader, Store
from server.store.postgres.arrays import Texts
from sync import record
from tests.databases import NewDatabase

TOKEN = ("session", "a secret")
PAGES = [("public", 0), ("public", 2), ("own", 0), ("own", 2), ("nobody", 0)]


def put(store: Store, id: str, *feeds: str) -> None:
    state = record.written({}, {"text": id}, replica="server", at=1)
    store.write(lambda transaction: transaction.put("note", id, state, feeds=frozenset(feeds)))


def looked_at(look: Reader) -> tuple[Any, ...]:
    records = [look.get("note", id) for id in ("a", "none", "a\0b")]
    tickets = [look.ticket(*each, now=now) for each in (TOKEN, ("session", "another")) for now in (5, 10)]
    pages = [look.page(feed, after=after, limit=9, size=10**6) for feed, after in PAGES]
    return records, tickets, pages


def test_what_a_reader_expects_it_finds_as_it_would_have(store: Store) -> None:
    for number in range(7):  # more than come with the answers to others
        put(store, f"n{number}", "public")
    put(store, "a", "public", "own")
    store.write(lambda transaction: transaction.add_ticket(*TOKEN, "{}", expires=10))
    with store.read() as look:
        plain = looked_at(look)
    with store.read() as look:
        records = [("note", "a"), ("note", "none"), ("note", "a\0b")]
        look.expect(Expected(records=records, tickets=[TOKEN, ("session", "another")], pages=PAGES))
        assert looked_at(look) == plain
    assert [len(page) for page in plain[2]] == [8, 6, 1, 0, 0]


def test_a_reader_that_expects_nothing_of_it_sees_what_was_written_since(store: Store) -> None:
    with store.read() as look:
        look.expect(Expected(records=[("note", "early")], pages=[("own", 0)]))
        put(store, "late", "public")
        assert look.get("note", "late") is not None
        assert [entry.id for entry in look.page("public", after=0, limit=9, size=10**6)] == ["late"]


def test_texts_come_to_postgresql_as_they_are(new_database: NewDatabase) -> None:
    with psycopg.connect(new_database(), autocommit=True) as connection:

        @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)))
        @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        def same(texts: list[str]) -> None:
            assert connection.execute("SELECT %b::text[]", (Texts(texts),)).fetchone() == (texts,)

        same()
        with pytest.raises(psycopg.DataError):
            connection.execute("SELECT %b::text[]", (Texts(["a\0b"]),))
