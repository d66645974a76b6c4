"""What every bus must do: each commit is followed by a poke at least as new, in every process (SPEC.md L8)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import psycopg
import pytest

from loadtests.cluster import Cluster
from server.errors import Problem
from server.exchange import heights
from server.live import sweep
from server.live.bus import Bus
from server.live.live import Live
from server.live.notify import NotifyBus
from server.live.switchboard import Switchboard
from server.store import Store
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from sync import record
from tests.databases import ENGINES, NewDatabase, needs_postgresql
from tests.live.conftest import Client

SECONDS = 15.0


class Heard:
    """A listener that keeps the newest number of each feed, and says how often it was told to doubt."""

    def __init__(self) -> None:
        self.newest: dict[str, int] = {}
        self.doubts = 0

    def moved(self, moved: Mapping[str, int]) -> None:
        for feed, seq in moved.items():
            self.newest[feed] = max(seq, self.newest.get(feed, 0))

    def doubt(self) -> None:
        self.doubts += 1


class Process:
    """What a web process has: a bus, a store that speaks through it, and somebody who listens."""

    def __init__(self, folder: Path, url: str) -> None:
        self.bus: Live = NotifyBus(url) if url else Bus(folder)
        self.heard = Heard()
        self.bus.listen(self.heard)
        self.store: Store = (
            PostgresStore(url, folder, moved=self.bus.publish) if url else SqliteStore(folder, moved=self.bus.publish)
        )

    def put(self, id: str, *feeds: str) -> None:
        written = record.write({}, kind="note", id=id, key="text", replica="server", value="x", at=1)
        state = record.apply({}, written)
        self.store.write(lambda t: t.put("note", id, state, feeds=frozenset(feeds)))

    def close(self) -> None:
        self.store.close()
        self.bus.close()


NewProcess = Callable[[], Process]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    return new_database() if request.param == "postgresql" else ""


@pytest.fixture
def process(tmp_path: Path, url: str) -> Iterator[NewProcess]:
    opened: list[Process] = []

    def open_one() -> Process:
        opened.append(Process(tmp_path, url))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def until(fact: Callable[[], bool], what: object = None) -> None:
    deadline = time.monotonic() + SECONDS
    while not fact():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def ready(*processes: Process) -> None:
    """Wait until all hear each other."""
    names = [f"ready/{number}" for number in range(len(processes))]
    for number in range(1, 1000):
        if all(each.heard.newest.keys() >= set(names) for each in processes):
            return
        for name, each in zip(names, processes, strict=True):
            each.bus.publish({name: number})
        time.sleep(0.02)
    raise AssertionError([each.heard.newest for each in processes])


def test_L8_every_commit_is_followed_by_a_poke_in_every_process(process: NewProcess) -> None:
    processes = [process() for _ in range(3)]
    ready(*processes)

    def work(number: int) -> None:
        for index in range(20):
            processes[number % 3].put(f"n{number}-{index}", "public", f"person/{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    feeds = ["public", *(f"person/{number}" for number in range(6))]
    now = heights(processes[0].store, feeds)
    assert now == {"public": 120, **dict.fromkeys(feeds[1:], 20)}
    for each in processes:
        until(lambda each=each: {feed: each.heard.newest.get(feed) for feed in feeds} == now, each.heard.newest)  # type: ignore[misc]


def test_L8_many_feeds_move_at_once(process: NewProcess) -> None:
    one, two = process(), process()
    ready(one, two)
    doubts = two.heard.doubts
    moved = {f"person/{number:036d}": number for number in range(1, 10_001)}
    one.bus.publish(moved)
    for number in range(1, 1000):
        if moved.items() <= two.heard.newest.items() or two.heard.doubts > doubts:
            return
        one.bus.publish({"later": number})
        time.sleep(0.02)
    raise AssertionError("expected all to be told, or that something was lost")


def test_L8_what_a_process_committed_that_ended_before_it_could_say_so_is_found(
    process: NewProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setattr(sweep, "EVERY", 0.2)
    alive = process()
    switchboard = Switchboard(partial(heights, alive.store))
    client = Client(switchboard, ["public", "person/a"])
    client.until(lambda: len(client.pokes) == 2)
    silent: Store = PostgresStore(url, tmp_path) if url else SqliteStore(tmp_path)
    written = record.write({}, kind="note", id="x", key="text", replica="server", value="x", at=1)
    silent.write(lambda t: t.put("note", "x", record.apply({}, written), feeds=frozenset({"person/a"})))
    silent.close()
    client.knows("person/a", 1)
    switchboard.close()


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=needs_postgresql)], indirect=True)
def test_L8_connections_that_are_cut_are_made_anew_and_nothing_is_lost(process: NewProcess, url: str) -> None:
    one, two = process(), process()
    ready(one, two)
    doubts = two.heard.doubts
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ~ '(LISTEN|pg_notify)'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        for index in range(30):
            if index % 10 == 5:
                until(lambda: connection.execute(cut).fetchone() != (0,))
            one.put(f"n{index}", "public")
    until(lambda: two.heard.newest.get("public") == 30 or two.heard.doubts > doubts)
    ready_again = 0
    while two.heard.newest.get("again", 0) == 0:
        ready_again += 1
        assert ready_again < 1000
        one.bus.publish({"again": ready_again})
        time.sleep(0.02)
    assert two.heard.doubts > doubts, "expected to be told that pokes may have been lost"


@needs_postgresql
@pytest.mark.fault
def test_L8_a_database_that_crashes_and_comes_back_costs_no_poke(tmp_path: Path) -> None:
    cluster = Cluster()
    cluster.start()
    try:
        one, two = (Process(tmp_path, url) for url in [cluster.create("motcua")] * 2)
        switchboard = Switchboard(partial(heights, two.store))
        two.bus.listen(switchboard)
        ready(one, two)
        client = Client(switchboard, ["public"])
        client.knows("public", 0)
        one.put("x", "public")
        client.knows("public", 1)
        cluster.kill()
        cluster.start()
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                one.put("y", "public")
                break
            except Problem:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        client.knows("public", heights(one.store, ["public"])["public"])
        switchboard.close()
        one.close()
        two.close()
    finally:
        cluster.close()
