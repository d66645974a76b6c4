"""Many writers in several processes, and readers who follow: what every engine must hold then (F1, F2, G4).

Each job knows what it did, and each may change its mind in the end. Afterwards the store must hold all that was done,
once, and nothing of what was not.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import threading
import time
from pathlib import Path

import pytest

from server.config import Config
from server.opening import open_store
from server.store import Store
from tests.databases import ENGINES, NewDatabase
from tests.store.writers import FEEDS, NOTES, SEATS, TICKETS, Known, work

PROCESSES = 3
THREADS = 4
JOBS = int(os.environ.get("MOTCUA_JOBS", "10"))
"""Of each thread."""
BOUND = 120
"""Seconds; writers that wait for each other in a circle never end."""
HUGE = 10**9


class Follower(threading.Thread):
    """Follows a feed in small pages while it grows. `seen` maps each record to the number at which it was last seen."""

    def __init__(self, store: Store, feed: str, over: threading.Event) -> None:
        super().__init__()
        self.store, self.feed, self.over = store, feed, over
        self.seen: dict[tuple[str, str], int] = {}
        self.skipped: list[str] = []

    def run(self) -> None:
        cursor, ending = 0, False
        while True:
            ending = self.over.is_set()
            with self.store.read() as reader:
                told = reader.heights([self.feed])[self.feed]
                page = reader.page(self.feed, after=cursor, limit=5, size=HUGE)
            if told > cursor and not page:
                self.skipped.append(f"{self.feed} is at {told}, and nothing comes after {cursor}")
            for entry in page:
                if self.feed == "jobs" and entry.seq != cursor + 1:  # its records never move on
                    self.skipped.append(f"{entry.seq} of jobs came after {cursor}")
                self.seen[entry.kind, entry.id] = cursor = entry.seq
            if ending and not page:
                return


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.timeout(BOUND + 60)
def test_F1_F2_G4_writers_in_many_processes_lose_nothing_and_readers_skip_nothing(
    engine: str, tmp_path: Path, new_database: NewDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("MOTCUA_SEED", secrets.randbits(24)))
    print(f"MOTCUA_SEED={seed}")
    database = new_database() if engine == "postgresql" else ""
    store = open_store(Config(data=tmp_path, database=database, key="k" * 32))

    def hand_out(t: object) -> None:
        for number in range(TICKETS):
            t.add_ticket("link", f"ticket-{number}", "value", expires=HUGE)  # type: ignore[attr-defined]

    store.write(hand_out)
    over = threading.Event()
    followers = [Follower(store, feed, over) for feed in ("jobs", *FEEDS)]
    for follower in followers:
        follower.start()
    began = time.monotonic()
    known = written(database, tmp_path, seed)
    took = time.monotonic() - began
    over.set()
    for follower in followers:
        follower.join()
    prove(store, known, followers)
    store.close()
    with capsys.disabled():
        print(f"\n{engine}: {len(known.jobs)} jobs kept of {PROCESSES * THREADS * JOBS} in {took:.1f} s (seed {seed})")


def written(database: str, folder: Path, seed: int) -> Known:
    """Have processes write; return what they know together."""
    spawn, known = multiprocessing.get_context("spawn"), Known()
    started = []
    for number in range(PROCESSES):
        mine, theirs = spawn.Pipe(duplex=False)
        settings = {"threads": THREADS, "jobs": JOBS}
        process = spawn.Process(
            target=work, args=(database, folder, seed + number, theirs), kwargs=settings, daemon=True
        )
        process.start()
        started.append((process, mine))
    deadline = time.monotonic() + BOUND
    for process, report in started:
        try:
            assert report.poll(max(0, deadline - time.monotonic())), f"expected writers to end within {BOUND} s"
            errors, one = report.recv()
            assert errors == []
            known.add(one)
        finally:
            if time.monotonic() > deadline:
                process.kill()
            process.join()
    return known


def prove(store: Store, known: Known, followers: list[Follower]) -> None:
    """Compare what the writers know, and what the followers saw, with what the store holds."""
    with store.read() as look:
        for note in NOTES:
            state = look.get("note", note)
            assert (int(str(state["text"].shown)) if state else 0) == known.counted[note]
        for feed in ("jobs", *FEEDS):
            assert look.heights([feed])[feed] == known.moved[feed]
            entries = look.page(feed, after=0, limit=HUGE, size=HUGE)
            numbers = [entry.seq for entry in entries]
            assert numbers == sorted(set(numbers))
            assert not numbers or numbers[-1] == known.moved[feed]
        jobs = [(each.seq, each.id) for each in look.page("jobs", after=0, limit=HUGE, size=HUGE)]
        assert [number for number, _ in jobs] == list(range(1, len(known.jobs) + 1))
        assert sorted(id for _, id in jobs) == sorted(known.jobs)
        for numbers in known.numbers.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1))
        for room in (f"room-{number}" for number in range(JOBS)):
            assert look.count("seat", "room", room) == len(look.find("seat", "room", room)) == known.seated[room]
            assert known.seated[room] <= SEATS
        assert len(known.taken) == len(set(known.taken))
        for number in range(TICKETS):
            there = look.ticket("link", f"ticket-{number}", now=1) is not None
            assert there == (f"ticket-{number}" not in known.taken)
        for follower in followers:
            assert follower.skipped == []
            entries = look.page(follower.feed, after=0, limit=HUGE, size=HUGE)
            assert follower.seen == {(each.kind, each.id): each.seq for each in entries}
