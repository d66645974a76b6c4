"""Writers for the test of concurrency: jobs by chance, and what each of them knows of what it did."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from server.config import Config
from server.errors import Problem
from server.opening import open_store
from server.store import Store, Transaction
from sync import record
from sync.canonical import Value
from sync.record import State

NOTES = [f"note-{number}" for number in range(8)]
FEEDS = [f"feed/{number}" for number in range(4)]
SEATS = 2
"""So many may sit in a room, as `count` or `find` tells it. All writers come to the rooms in the same order."""
TICKETS = 60


@dataclass
class Known:
    """What successful jobs did: how often each note was counted up, how often each feed moved, and so on."""

    counted: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    jobs: list[str] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=lambda: {"a": [], "b": []})
    seated: Counter[str] = field(default_factory=Counter)
    taken: list[str] = field(default_factory=list)

    def add(self, other: Known) -> None:
        """Add what another one knows."""
        self.counted += other.counted
        self.moved += other.moved
        self.jobs += other.jobs
        for series, numbers in other.numbers.items():
            self.numbers[series] += numbers
        self.seated += other.seated
        self.taken += other.taken


def work(database: str, folder: Path, seed: int, report: Connection, *, threads: int, jobs: int) -> None:
    """Write in one process, from several threads; report what is known in the end."""
    store = open_store(Config(data=folder, database=database, key="k" * 32))
    known, errors, mutex = Known(), list[str](), threading.Lock()

    def run(thread: int) -> None:
        try:
            own = write(store, random.Random(seed * 100 + thread), f"{seed}-{thread}", jobs)
        except BaseException as error:  # noqa: BLE001  # it is told to the test
            errors.append(repr(error))
        else:
            with mutex:
                known.add(own)

    started = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
    for each in started:
        each.start()
    for each in started:
        each.join()
    store.close()
    report.send((errors, known))


def write(store: Store, chance: random.Random, name: str, jobs: int) -> Known:
    """Carry out jobs by chance; some change their mind in the end."""
    known = Known()
    for number in range(jobs):
        seed = chance.random()
        try:
            known.add(store.write(partial(job, seed=seed, name=name, number=number)))
        except Problem as problem:
            if problem.code != "bad_request":
                raise
    return known


def job(t: Transaction, *, seed: float, name: str, number: int) -> Known:
    """Do a few things in an order by chance. It may run more than once, and then does the same things."""
    chance, id = random.Random(seed), f"job-{name}-{number}"
    did = Known(jobs=[id])
    put(t, did, "job", id, text({}, id, 1), feeds=frozenset({"jobs"}))
    steps = [
        lambda: count_up(t, chance, did),
        lambda: sit_down(t, chance, did, id, f"room-{number}"),
        lambda: count(t, chance, did),
    ]
    steps += [lambda: count_up(t, chance, did), lambda: take(t, chance, did)]
    chance.shuffle(steps)
    for step in steps[: chance.randrange(1, 5)]:
        step()
    if chance.random() < 0.2:
        raise Problem("bad_request", "changed its mind")
    return did


def put(t: Transaction, did: Known, kind: str, id: str, state: State, *, feeds: frozenset[str], **found: str) -> None:
    did.moved.update(feeds | t.feeds_of(kind, id))
    t.put(kind, id, state, feeds=feeds, indexed=found)


def count_up(t: Transaction, chance: random.Random, did: Known) -> None:
    """Read a note, and write it with 1 more; it moves to other feeds."""
    id = chance.choice(NOTES)
    state = t.get("note", id) or {}
    count = int(str(state["text"].shown)) if state else 0
    feeds = frozenset(chance.sample(FEEDS, chance.randrange(1, 4)))
    put(t, did, "note", id, text(state, str(count + 1), count + 1), feeds=feeds, parity=str(count % 2))
    did.counted[id] += 1


def sit_down(t: Transaction, chance: random.Random, did: Known, id: str, room: str) -> None:
    """Sit down in a room, unless it is full."""
    taken = t.count("seat", "room", room) if chance.random() < 0.5 else len(t.find("seat", "room", room))
    if taken < SEATS:
        put(t, did, "seat", id, text({}, room, 1), feeds=frozenset({FEEDS[0]}), room=room)
        did.seated[room] += 1


def count(t: Transaction, chance: random.Random, did: Known) -> None:
    series = chance.choice("ab")
    did.numbers[series].append(t.next_number(series))


def take(t: Transaction, chance: random.Random, did: Known) -> None:
    token = f"ticket-{chance.randrange(TICKETS)}"
    if t.take_ticket("link", token, now=1) is not None:
        did.taken.append(token)


def text(state: State, value: Value, n: int) -> State:
    written = record.write(state, kind="note", id="x", key="text", replica="server", value=value, at=n)
    return record.apply(state, written)
