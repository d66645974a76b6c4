"""Phones that send without rest while the service breaks, readers who follow, and the proof that nothing was lost."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from loadtests import crowd
from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from server.errors import Problem
from server.kinds import Role
from server.store import Reader
from sync import record
from tests.faults.conftest import PAUSE, Line, Resident, make_residents

UNIT = "1022"
FEED = f"unit/{UNIT}"


@dataclass
class Follower:
    """An officer who pulls small pages of the unit's feed without rest, each from whichever process takes the line."""

    person: Person
    line: Line
    seen: list[tuple[int, str, str]] = field(default_factory=list)
    """Number, kind and id of each entry, as they came."""
    pulls: int = 0

    def follow(self, over: threading.Event) -> None:
        """Pull until it is over; an answer that is lost leaves the cursor where it was."""
        cursors, epoch = {**self.person.cursors, FEED: 0}, self.person.epoch
        while not over.is_set():
            self.line.close()
            try:
                answer = self.line.post_once("/sync", {"epoch": epoch, "cursors": cursors, "limit": 7})
            except (OSError, http.client.HTTPException):
                self.line.unanswered += 1
                over.wait(PAUSE)
                continue
            except Problem as problem:
                assert problem.code == "unavailable", problem
                over.wait(PAUSE)
                continue
            assert answer["epoch"] == epoch
            came = [(each["seq"], each["kind"], each["id"]) for each in answer["entries"] if each["feed"] == FEED]
            assert [number for number, _, _ in came] == list(range(cursors[FEED] + 1, cursors[FEED] + 1 + len(came)))
            cursors = answer["cursors"]
            self.seen += came
            self.pulls += 1
            over.wait(PAUSE)


@dataclass
class Rush:
    """What goes on while a test breaks things: `residents` live on, `followers` follow, until it is `over`."""

    service: Service
    chance: random.Random
    residents: list[Resident]
    followers: list[Follower]
    over: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Let everyone begin."""
        for resident in self.residents:
            self._start(partial(live, resident, random.Random(self.chance.random()), self.over))
        for follower in self.followers:
            self._start(partial(follower.follow, self.over))

    def all_answered(self) -> float:
        """Wait until everyone had something more acknowledged; return how long that took (s)."""
        began, before = time.monotonic(), [len(each.acknowledged) for each in self.residents]
        while any(len(each.acknowledged) == count for each, count in zip(self.residents, before, strict=True)):
            if self.over.wait(PAUSE):
                break
        return time.monotonic() - began

    def end(self) -> None:
        """Let everyone finish what they are at; raise what went wrong."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def say(self) -> str:
        """Say what went on."""
        lost = sum(answer["result"] == "dup" for each in self.residents for _, answer in each.acknowledged)
        return (
            f"{self._acknowledged()} batches acknowledged, {lost} of them after their first answer was lost,"
            f" {sum(each.line.unanswered for each in self.residents)} requests unanswered,"
            f" {sum(each.pulls for each in self.followers)} pulls of {len(self.followers)} followers"
        )

    def prove(self) -> None:
        """Compare what the phones were told with what the service tells a further phone, and with the store."""
        phones = [again(each) for each in self.residents]
        self.service.kill()
        with self.service.opened() as store, store.read() as look:
            for resident, phone in zip(self.residents, phones, strict=True):
                prove_chain(resident, look)
                prove_feed(resident, phone, look)
            prove_submissions(self.residents, look)
            for follower in self.followers:
                prove_followed(follower, look)

    def _acknowledged(self) -> int:
        return sum(len(each.acknowledged) for each in self.residents)

    def _start(self, job: Callable[[], None]) -> None:
        def run() -> None:
            try:
                job()
            except BaseException as error:  # noqa: BLE001  # raised again in `end`, in the thread that pytest sees
                self.failures.append(error)
                self.over.set()

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()


def make_rush(service: Service, chance: random.Random, *, phones: int, followers: int = 0) -> Rush:
    """Make people straight in the data of a service."""
    residents = make_residents(service, phones)
    parts = crowd.parts_of(service)
    made = crowd.make(parts, followers, role=Role.OFFICER, unit=UNIT)
    officers = [Follower(person, Line(service.origin, service.port, secret)) for person, secret in made]
    parts.store.close()
    return Rush(service, chance, residents, officers)


def live(resident: Resident, chance: random.Random, over: threading.Event) -> None:
    """Do what people do until it is over: begin a draft, write to an old one, submit, or all of it in one request."""
    person = resident.person
    drafts: list[str] = []
    while not over.is_set():
        batches: list[list[Any]] = []
        for _ in range(chance.choice((1, 1, 2))):
            what = chance.random()
            if what < 0.4:
                id, change = person.submission(PROCEDURE, {**FEEDBACK, "place": f"Số {chance.randrange(10**6)}"})
                resident.submissions.append(id)
                batches.append([change])
            elif what < 0.7 or not drafts:
                id, changes = person.draft(PROCEDURE, FEEDBACK)
                drafts.append(id)
                batches.append(changes)
            else:
                id = chance.choice(drafts)
                batches.append([person.change("draft", id, "answer/place", f"Số {chance.randrange(10**6)}")])
        resident.send(*batches)


def again(resident: Resident) -> Person:
    """Return a further phone of the same person, which pulls everything; the first one pulls what it lacks."""
    resident.person.sync()
    phone = Person(resident.line.post, "localhost", resident.person.origin, crowd.now)
    phone.sync()
    return phone


def prove_chain(resident: Resident, look: Reader) -> None:
    """Every acknowledged batch is in its chain once, with the same bytes and the same answer, and no other is."""
    device = resident.person.device.id
    last = look.last_batch(device)
    assert (0 if last is None else last.seq) == len(resident.acknowledged)
    for seq, (jws, answer) in enumerate(resident.acknowledged, start=1):
        logged = look.batch(device, seq)
        assert logged is not None
        assert logged.jws == jws
        assert json.loads(logged.answer) == {**answer, "result": "ok"}


def prove_feed(resident: Resident, phone: Person, look: Reader) -> None:
    """The feed has counted each move of each record without a gap, and all who read it hold what the server holds."""
    feed = f"person/{resident.person.id}"
    height = look.heights([feed])[feed]
    receipts = len(resident.submissions)
    assert height == 3 + resident.moves + receipts  # 3: the person, their passkey, their device
    entries = look.page(feed, after=0, limit=10**6, size=10**12)
    numbers = [entry.seq for entry in entries]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == height
    assert len({(entry.kind, entry.id) for entry in entries}) == len(entries)
    for entry in entries:
        states = [look.get(entry.kind, entry.id), phone.records[entry.kind, entry.id]]
        if entry.kind not in ("person", "passkey", "device"):
            states.append(resident.person.records[entry.kind, entry.id])
        assert [record.digest(state or {}) for state in states] == [entry.digest] * len(states)


def prove_submissions(residents: list[Resident], look: Reader) -> None:
    """Each acknowledged submission is one record with one receipt, under a code that no other has."""
    sent = {id: resident for resident in residents for id in resident.submissions}
    entries = look.page(FEED, after=0, limit=10**6, size=10**12)
    assert [entry.seq for entry in entries] == list(range(1, 2 * len(sent) + 1))
    assert sorted(entry.id for entry in entries if entry.kind == "submission") == sorted(sent)
    assert sorted(entry.id for entry in entries if entry.kind == "receipt") == sorted(sent)
    codes: list[str] = []
    for id, resident in sent.items():
        submission, receipt = look.get("submission", id), look.get("receipt", id)
        assert submission is not None
        assert receipt is not None
        assert submission["act"].shown == resident.person.records["submission", id]["act"].shown
        codes.append(str(receipt["code"].shown))
    days = sorted({code.rsplit("-", 1)[0] for code in codes})
    numbers = {day: sum(code.rsplit("-", 1)[0] == day for code in codes) for day in days}
    assert sorted(codes) == sorted(f"{day}-{number:04d}" for day in days for number in range(1, numbers[day] + 1))


def prove_followed(follower: Follower, look: Reader) -> None:
    """Whoever followed the feed while it grew has seen each of its entries, up to where they stopped (F2)."""
    entries = [(each.seq, each.kind, each.id) for each in look.page(FEED, after=0, limit=10**6, size=10**12)]
    assert follower.seen == entries[: len(follower.seen)]
    assert len(follower.seen) > len(entries) // 2
