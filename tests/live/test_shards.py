"""A unit's feed in shards (SPEC.md F9): whoever writes, and whenever it is split, a reader ends with what is there."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import shards, units
from server.errors import Problem
from server.exchange import heights
from server.exchange.pull import pull
from server.kinds import Kind, Sort
from server.store import Store
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from server.units import Unit
from tests.databases import ENGINES, NewDatabase

NOTE = Kind(
    name="note", sort=Sort.SERVED, feeds=lambda id, state, look: frozenset(json.loads(str(state["feeds"].shown)))
)
_codes = (f"u{number}" for number in itertools.count())

Open = Callable[[], Store]


@pytest.fixture(params=ENGINES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path, new_database: NewDatabase) -> Iterator[Open]:
    url = new_database() if request.param == "postgresql" else ""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(PostgresStore(url, tmp_path) if url else SqliteStore(tmp_path))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def new_unit(store: Store) -> str:
    code = next(_codes)
    units.publish(store, [Unit(code, "Đơn vị", "Unit")], now=1)
    return code


def put(store: Store, id: str, *feeds: str, text: str = "x") -> None:
    values: dict[str, Any] = {"feeds": json.dumps(sorted(feeds)), "text": text}
    store.write(lambda t: NOTE.serve(t, id, values, now=1))


@dataclass
class Reader:
    """A client: its cursors, and the feeds in which each record stands, as the app keeps them."""

    store: Store
    follows: frozenset[str]
    cursors: dict[str, int] = field(default_factory=dict)
    base: dict[str, set[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def pull(self, limit: int = 3) -> None:
        with self.store.read() as look:
            feeds = shards.with_shards(look, self.follows)
            assert feeds >= self.cursors.keys(), "expected no feed to be taken away"
            page = pull(look, cursors={feed: self.cursors.get(feed, 0) for feed in feeds}, limit=limit)
        for entry in map(json.loads, page.entries):
            stands = self.base.setdefault(entry["id"], set())
            if entry.get("gone"):
                stands.discard(entry["feed"])
            else:
                stands.add(entry["feed"])
                self.texts[entry["id"]] = entry["state"]["text"]["heads"][-1]["value"]
        self.cursors = dict(page.cursors)
        if page.more:
            self.pull(limit)

    @property
    def has(self) -> dict[str, str]:
        return {id: self.texts[id] for id, stands in self.base.items() if stands}


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("leave"), st.integers(0, 5), st.integers(0, 3)),
        st.tuples(st.just("shard"), st.integers(1, 6), st.just(0)),
        st.tuples(st.just("pull"), st.integers(0, 1), st.integers(1, 4)),
    ),
    max_size=40,
)


@given(steps)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_F9_writers_on_any_process_and_shards_at_any_time_leave_a_reader_with_just_what_is_there(
    open_store: Open, monkeypatch: pytest.MonkeyPatch, taken: list[tuple[str, int, int]]
) -> None:
    store = _only(open_store)
    unit = new_unit(store)
    feed = f"unit/{unit}"
    readers = [Reader(store, frozenset({feed})) for _ in range(2)]
    there: dict[str, str] = {}
    for number, (what, which, how) in enumerate(taken):
        id = f"{unit}-{which}"
        if what == "put":
            monkeypatch.setattr(shards, "process", lambda how=how: how)
            put(store, id, feed, text=str(number))
            there[id] = str(number)
        elif what == "leave":
            monkeypatch.setattr(shards, "process", lambda how=how: how)
            put(store, id)
            there.pop(id, None)
        elif what == "shard":
            with store.read() as look:
                before = shards.shards_of(look, feed)
            units.shard(store, unit, max(which, before), now=1)
        else:
            readers[which].pull(how)
    for reader in (*readers, Reader(store, frozenset({feed}))):
        reader.pull()
        assert reader.has == there
        assert all(len(stands) <= 1 for stands in reader.base.values()), "expected no record to stand twice"


_opened: dict[Open, Store] = {}


def _only(open_store: Open) -> Store:
    """Open one store for all examples of a test."""
    if open_store not in _opened:
        _opened[open_store] = open_store()
    return _opened[open_store]


def test_F9_G4_many_writers_while_the_feed_is_split_leave_no_gap_and_no_record_twice(
    open_store: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = [open_store() for _ in range(3)]
    unit = new_unit(stores[0])
    feed = f"unit/{unit}"
    numbers, begun = itertools.count(), threading.Event()
    monkeypatch.setattr(shards, "process", lambda: next(numbers))

    def work(writer: int) -> None:
        begun.wait()
        for index in range(25):
            put(stores[writer % 3], f"{unit}-{writer}-{index % 20}", feed, text=str(index))

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    begun.set()
    reader = Reader(stores[0], frozenset({feed}))
    for count in (2, 5, 8):
        units.shard(stores[1], unit, count, now=1)
        reader.pull()
    for thread in threads:
        thread.join()
    reader.pull()
    last = {index: str(index + 20 if index < 5 else index) for index in range(20)}
    assert reader.has == {f"{unit}-{writer}-{index}": text for writer in range(6) for index, text in last.items()}
    now = heights(stores[0], [feed])
    assert len(now) == 9
    assert sum(now.values()) == 150
    with stores[0].read() as look:
        for part, height in now.items():
            seqs = [entry.seq for entry in look.page(part, after=0, limit=1000, size=10**9)]
            assert seqs == sorted(set(seqs))
            assert not seqs or seqs[-1] == height


def test_F9_there_are_never_fewer_shards_than_before_nor_too_many(open_store: Open) -> None:
    store = open_store()
    unit = new_unit(store)
    units.shard(store, unit, 8, now=1)
    for wrong in (0, 7, 25):
        with pytest.raises(ValueError, match="expected 8 to 24"):
            units.shard(store, unit, wrong, now=1)
    with pytest.raises(Problem, match="unit_unknown"):
        units.shard(store, "nowhere", 8, now=1)
