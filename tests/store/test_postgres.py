"""What PostgreSQL adds to what every engine must do: connections that end, processes that stop, limits of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from loadtests.cluster import Cluster
from server.errors import Problem
from server.store import Ahead, Logged, Transaction, postgres
from server.store.commit import Pending
from server.store.postgres import PostgresStore, connections
from tests.databases import NewDatabase, needs_postgresql
from tests.store.test_contract import put, seqs, state
from tests.store.together import at_once

pytestmark = needs_postgresql
Open = Callable[[], PostgresStore]


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database()


@pytest.fixture
def open_postgres(url: str, tmp_path: Path) -> Iterator[Open]:
    """Open the same database again and again, as several processes would."""
    opened: list[PostgresStore] = []

    def open_one() -> PostgresStore:
        opened.append(PostgresStore(url, tmp_path))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A PostgreSQL that a test may stop and start, with little room for locks."""
    cluster = Cluster(durable=False, max_connections="20", max_locks_per_transaction="16")
    cluster.start()
    yield cluster
    cluster.close()


def test_processes_that_start_together_make_the_tables_once(open_postgres: Open) -> None:
    stores = [open_postgres() for _ in range(8)]
    epochs = at_once(*(lambda each=each: each.epoch for each in stores))  # type: ignore[misc]
    assert len(set(epochs)) == 1
    assert isinstance(epochs[0], str)


def test_a_connection_is_as_jobs_rely_on_whatever_the_database_says(open_postgres: Open, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        for setting in ("synchronous_commit = off", "default_transaction_isolation = 'serializable'"):
            connection.execute(f"ALTER DATABASE {name} SET {setting}")
    store = open_postgres()
    put(store, "x")
    with store._connections.writing() as connection, connection.transaction():
        shown = [connection.execute(f"SHOW {each}").fetchone() for each in ("synchronous_commit", "lock_timeout")]
        assert shown == [("on",), ("40s",)]
        assert connection.execute("SHOW transaction_isolation").fetchone() == ("read committed",)


def test_a_connection_that_the_server_has_ended_is_not_used_again(open_postgres: Open, url: str) -> None:
    store = open_postgres()
    put(store, "x")
    with store._connections.reading() as one, store._connections.reading() as other:
        ended = [one.info.backend_pid, other.info.backend_pid]
    with psycopg.connect(url, autocommit=True) as connection:
        for process in ended:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))
    put(store, "y")
    assert [id for _, id, _ in seqs(store)] == ["x", "y"]


def test_while_the_database_is_away_it_says_so_at_once_and_in_one_line(own_cluster: Cluster, tmp_path: Path) -> None:
    store = PostgresStore(own_cluster.create("city"), tmp_path)
    put(store, "x")
    own_cluster.kill()
    with capture_logs() as lines:
        began = time.monotonic()
        for number in range(20):
            with pytest.raises(Problem, match="unavailable"):
                put(store, f"lost-{number}") if number % 2 else seqs(store)
        assert time.monotonic() - began < 2
        own_cluster.start()
        put_when_it_can(store, "y")
    assert [line["event"] for line in lines] == ["database_away", "database_back"]
    assert [id for _, id, _ in seqs(store)] == ["x", "y"]
    store.close()


def test_a_store_opens_before_its_database_answers(own_cluster: Cluster, tmp_path: Path) -> None:
    url = own_cluster.create("city")
    own_cluster.stop()
    store = PostgresStore(url, tmp_path)
    with pytest.raises(Problem, match="unavailable"):
        seqs(store)
    own_cluster.start()
    put_when_it_can(store, "x")
    store.close()


def put_when_it_can(store: PostgresStore, id: str) -> None:
    """Put a record as soon as the database takes it."""
    deadline = time.monotonic() + 10
    while True:
        try:
            return put(store, id)
        except Problem:
            assert time.monotonic() < deadline


def test_a_process_that_stops_in_mid_commit_gives_up_its_locks_and_rows(
    open_postgres: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was stopped (SIGSTOP), or its machine has vanished: its connection stands, and says nothing."""
    monkeypatch.setattr(connections, "_SESSION", connections._SESSION.replace("30s", "500ms"))
    stopped, alive = open_postgres(), open_postgres()
    put(alive, "x")
    with pytest.raises(psycopg.Error), stopped._connections.writing() as connection, connection.transaction():
        connection.execute("SELECT * FROM feeds WHERE feed = 'public' FOR UPDATE")
        put(alive, "y")  # waits for the row, until the server ends the other one
        connection.execute("SELECT 1")
    assert [id for _, id, _ in seqs(alive)] == ["x", "y"]
    put(stopped, "z")


def test_a_commit_whose_answer_is_lost_is_not_said_to_be_done_and_may_be_tried_again(
    open_postgres: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B3, G3: the batch that comes again finds its place in the chain taken by the same bytes."""
    store = open_postgres()
    logged, places = Logged(1, "h1", "a.b.c", "{}"), list[bool]()

    def job(t: Transaction) -> None:
        known = t.last_batch("device") == logged
        places.append(known)
        if not known:
            t.log_batch("device", logged)
            t.put("note", "x", state("a"), feeds=frozenset({"public"}))

    commit = postgres.flush

    def lose(*args: Any) -> None:
        commit(*args)
        raise psycopg.OperationalError("the connection was lost")

    assert store.epoch
    with monkeypatch.context() as patch:
        patch.setattr(postgres, "flush", lose)
        with pytest.raises(Problem, match="unavailable"):
            store.write(job)
    store.write(job)
    assert places == [False, True]
    assert seqs(store) == [(1, "x", False)]


@pytest.mark.parametrize("value", ["\0", "".join(map(chr, range(0x4E00, 0x5E00)))], ids=["NUL", "too long to index"])
def test_what_postgresql_cannot_hold_fails_alone(open_postgres: Open, value: str) -> None:
    store = open_postgres()
    hostile: Callable[[Transaction], None] = lambda t: t.put(  # noqa: E731
        "note", "bad", state("a"), feeds=frozenset({"public"}), indexed={"text": value}
    )
    jobs = [Pending(job, Ahead()) for job in (put_job("x"), hostile, put_job("y"))]
    assert store.epoch
    store._carry_out(jobs)
    assert [pending.error is None for pending in jobs] == [True, False, True]
    assert seqs(store) == [(1, "x", False), (2, "y", False)]


def put_job(id: str) -> Callable[[Transaction], None]:
    return lambda t: t.put("note", id, state("a"), feeds=frozenset({"public"}))


def test_commits_leave_room_for_the_locks_of_others(
    own_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_LOCKS", 100)
    store = PostgresStore(own_cluster.create("city"), tmp_path)

    def job(number: int) -> Pending[None]:
        ids = [f"n{number}-{index}" for index in range(50)]

        def write(t: Transaction) -> None:
            for id in ids:
                put_job(id)(t)

        return Pending(write, Ahead(records=frozenset(("note", id) for id in ids) if number % 2 else frozenset()))

    jobs = [job(number) for number in range(60)]
    assert store.epoch
    store._carry_out(jobs)
    assert [pending.error for pending in jobs] == [None] * 60
    assert len(seqs(store)) == 3000
    store.close()


def test_a_ticket_that_two_processes_take_is_used_once(open_postgres: Open) -> None:
    stores = [open_postgres() for _ in range(4)]
    for number in range(20):
        stores[0].write(lambda t, each=number: t.add_ticket("link", f"t{each}", "value", expires=100))  # type: ignore[misc]
        taken = at_once(
            *(lambda s=store, n=number: s.write(lambda t: t.take_ticket("link", f"t{n}", now=1)) for store in stores)  # type: ignore[misc]
        )
        assert sorted(taken, key=str) == [None, None, None, "value"]


def test_tickets_that_are_taken_in_a_circle_make_nobody_wait_for_the_end_of_it(open_postgres: Open) -> None:
    """Two processes want what the other one has: one gives way and begins anew."""
    stores = [open_postgres(), open_postgres()]
    names = [f"t{number}" for number in range(10)]
    for name in names:
        stores[0].write(lambda t, each=name: t.add_ticket("link", each, "v", expires=100, owner="o"))  # type: ignore[misc]

    def take(store: PostgresStore, order: list[str]) -> int:
        return store.write(lambda t: sum(t.take_ticket("link", each, now=1) is not None for each in order))

    began = time.monotonic()
    taken = at_once(lambda: take(stores[0], names), lambda: take(stores[1], names[::-1]))
    assert sorted(taken, key=str) == [0, 10]
    assert time.monotonic() - began < 0.9  # PostgreSQL looks for a circle after 1 s


def test_blobs_that_are_shared_in_a_circle_make_nobody_wait_for_the_end_of_it(open_postgres: Open) -> None:
    stores = [open_postgres(), open_postgres()]
    feeds = [f"person/{number}" for number in range(50)]

    def share(store: PostgresStore, order: list[str]) -> None:
        def job(t: Transaction) -> None:
            for feed in order:
                t.share_blob("blob", frozenset({feed}))

        store.write(job)

    began = time.monotonic()
    assert at_once(lambda: share(stores[0], feeds), lambda: share(stores[1], feeds[::-1])) == [None, None]
    assert time.monotonic() - began < 0.9
    with stores[0].read() as reader:
        assert reader.blob_feeds("blob") == set(feeds)
