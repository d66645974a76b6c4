"""The whole service is killed (SIGKILL) again and again while phones send: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import random
import secrets
import sqlite3
import threading
import time
from typing import Any

import pytest

from loadtests import crowd
from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from server.store import Reader
from sync import record
from tests.faults.conftest import Resident, make_residents

KILLS = int(os.environ.get("MOTCUA_KILLS", "50"))
PHONES = 6


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


@pytest.mark.fault
@pytest.mark.timeout(120 + 6 * KILLS)
def test_G2_G3_G4_nothing_acknowledged_is_lost_by_kills(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    residents = make_residents(service, PHONES)
    over, failures, starts = threading.Event(), list[BaseException](), list[float]()

    def run(resident: Resident, chance: random.Random) -> None:
        try:
            live(resident, chance, over)
        except BaseException as error:  # noqa: BLE001  # raised again below, in the thread that pytest sees
            failures.append(error)
            over.set()

    threads = [threading.Thread(target=run, args=(each, random.Random(chance.random()))) for each in residents]
    service.start()
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        over.wait(chance.uniform(0.05, 0.4))
        service.kill()
        began = time.monotonic()
        service.start()
        starts.append(time.monotonic() - began)
        if over.is_set():
            break
    over.set()
    for thread in threads:
        thread.join()
    with capsys.disabled():
        batches = sum(len(each.acknowledged) for each in residents)
        lost = sum(answer["result"] == "dup" for each in residents for _, answer in each.acknowledged)
        starts.sort()
        print(
            f"\n{len(starts)} kills (seed {seed}): {batches} batches acknowledged, {lost} of them after their first"
            f" answer was lost, {sum(each.line.unanswered for each in residents)} requests unanswered;"
            f" start {starts[len(starts) // 2]:.2f} s in the median, {starts[-1]:.2f} s at most"
        )
    if failures:
        raise failures[0]
    fresh = [again(each) for each in residents]
    service.kill()
    prove(service, residents, fresh)


def again(resident: Resident) -> Person:
    """Return a further phone of the same person, which pulls everything; the first one pulls what it lacks."""
    resident.person.sync()
    phone = Person(resident.line.post, "localhost", resident.person.origin, crowd.now)
    phone.sync()
    return phone


def prove(service: Service, residents: list[Resident], fresh: list[Person]) -> None:
    """Compare what the phones were told with what the store holds."""
    with sqlite3.connect(service.data / "motcua.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    parts = crowd.parts_of(service)
    try:
        with parts.store.read() as look:
            for resident, phone in zip(residents, fresh, strict=True):
                prove_chain(resident, look)
                prove_feed(resident, phone, look)
            prove_submissions(residents, look)
    finally:
        parts.store.close()


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
    entries = look.page("unit/1022", after=0, limit=10**6, size=10**12)
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
    numbers = {day: sum(code.startswith(f"{day}-") for code in codes) for day in days}
    assert sorted(codes) == sorted(f"{day}-{number:04d}" for day in days for number in range(1, numbers[day] + 1))
