"""The engines are alike: the same jobs, made by chance, give the same answers, and readers the same view."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors import Problem
from server.store import Ahead, Logged, Reader, Transaction
from server.store.commit import Pending
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from sync import record
from tests.databases import NewDatabase, needs_postgresql
from tests.store.writers import text

pytestmark = needs_postgresql
KINDS, IDS, FEEDS, VALUES = ("note", "job"), ("a", "ä", "Z"), ("public", "person/1", "unit/é"), ("", "ô")
DEVICES, SERIES, TOKENS, OWNERS, BLOBS = ("d", "e"), ("s", "t"), ("t1", "t2", "t3"), ("", "o", "p"), ("b1", "b2")
HUGE = 10**9
EXAMPLES = int(os.environ.get("MOTCUA_EXAMPLES", "30"))
TABLES = "records, fields, feeds, entries, batches, tickets, numbers, blob_feeds"
Step = Callable[[Transaction], Any]


def put(kind: str, id: str, value: str, feeds: frozenset[str], indexed: Mapping[str, str]) -> Step:
    def step(t: Transaction) -> Any:
        state = t.get(kind, id) or {}
        n = 1 + max((n for each in state.values() for n in each.context.values()), default=0)
        t.put(kind, id, text(state, value, n), feeds=feeds, indexed=indexed)
        return n, t.feeds_of(kind, id)

    return step


def log(device: str) -> Step:
    def step(t: Transaction) -> Any:
        last = t.last_batch(device)
        seq = 1 if last is None else last.seq + 1
        t.log_batch(device, Logged(seq, f"h{seq}", "a.b.c", "{}"))
        return last, t.batch(device, seq), t.batch(device, seq + 1)

    return step


def refuse(t: Transaction) -> Any:
    raise Problem("bad_request")


one_of = st.sampled_from
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        put, one_of(KINDS), one_of(IDS), one_of(VALUES), st.frozensets(one_of(FEEDS)),
        st.dictionaries(one_of(("text", "more")), one_of(VALUES)),
    ),
    st.builds(log, one_of(DEVICES)),
    st.builds(lambda s: lambda t: t.next_number(s), one_of(SERIES)),
    st.builds(lambda k, v, a, n: lambda t: [id for id, _ in t.find(k, "text", v, after=a, limit=n)],
              one_of(KINDS), one_of(VALUES), one_of(("", *IDS)), st.integers(1, 3)),
    st.builds(lambda k, v: lambda t: t.count(k, "text", v), one_of(KINDS), one_of(VALUES)),
    st.builds(lambda x, e, o: lambda t: t.ticket("link", x, now=1) or t.add_ticket("link", x, x, expires=e, owner=o)
              if t.take_ticket("link", x, now=HUGE) is None else None,
              one_of(TOKENS), one_of((1, 5)), one_of(OWNERS)),
    st.builds(lambda x: lambda t: (t.ticket("link", x, now=1), t.take_ticket("link", x, now=1)), one_of(TOKENS)),
    st.builds(lambda o, x: lambda t: t.drop_tickets(o, but=("link", x)), one_of(OWNERS), one_of(TOKENS)),
    st.builds(lambda b, f: lambda t: (t.share_blob(b, f), t.blob_feeds(b)),
              one_of(BLOBS), st.frozensets(one_of(FEEDS))),
    st.builds(lambda k, i, s: lambda t: t.at_end("late", s, lambda t, all_: put(k, i, "late", frozenset(all_), {})(t)),
              one_of(KINDS), one_of(IDS), one_of(FEEDS)),
    st.just(refuse),
)  # fmt: skip
jobs = st.lists(steps, max_size=6)
commits = st.lists(st.lists(jobs, min_size=1, max_size=3), max_size=8)


def view(look: Reader) -> list[Any]:
    """Return all that a reader may ask for."""
    found: list[Any] = [look.heights(FEEDS)]
    for feed in FEEDS:
        for after in (0, 2):
            for limit, size in ((HUGE, HUGE), (2, HUGE), (3, 1)):
                found.append(list(look.page(feed, after=after, limit=limit, size=size)))
    for kind in KINDS:
        for id in IDS:
            state = look.get(kind, id)
            found.append((kind, id, state and record.digest(state), look.feeds_of(kind, id)))
        for value in VALUES:
            for name in ("text", "more"):
                found.append([id for id, _ in look.find(kind, name, value)])
                found.append([id for id, _ in look.find(kind, name, value, after="Z", limit=2)])
                found.append(look.count(kind, name, value))
    for device in DEVICES:
        found += [look.last_batch(device), *(look.batch(device, seq) for seq in range(1, 5))]
    found += [look.ticket("link", token, now=now) for token in TOKENS for now in (0, 1, 5)]
    return [*found, *(look.blob_feeds(blob) for blob in BLOBS)]


def carried_out(store: Any, every: list[list[Step]]) -> list[Any]:
    """Carry out jobs in one commit; return what came of each."""

    def job(steps: list[Step]) -> Callable[[Transaction], list[Any]]:
        return lambda t: [step(t) for step in steps]

    pending = [Pending(job(each), Ahead()) for each in every]
    store._carry_out(pending)
    assert all(each.error is None or isinstance(each.error, Problem) for each in pending), pending
    return [str(each.error) if each.error else each.result for each in pending]


@pytest.fixture
def postgres(new_database: NewDatabase, tmp_path: Path) -> Iterator[tuple[str, PostgresStore, list[Any]]]:
    url, moved = new_database(), list[Any]()
    store = PostgresStore(url, tmp_path, moved=moved.append)
    assert store.epoch
    yield url, store, moved
    store.close()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commits=commits)
def test_the_same_jobs_give_the_same_answers_on_both_engines(
    postgres: tuple[str, PostgresStore, list[Any]], commits: list[list[list[Step]]]
) -> None:
    url, theirs, moved = postgres
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {TABLES}")
    moved.clear()
    with tempfile.TemporaryDirectory() as folder:
        told: list[Any] = []
        ours = SqliteStore(Path(folder), moved=told.append)
        try:
            for commit in commits:
                assert carried_out(theirs, commit) == carried_out(ours, commit)
                assert moved == told
            with ours.read() as one, theirs.read() as other:
                assert view(other) == view(one)
        finally:
            ours.close()
