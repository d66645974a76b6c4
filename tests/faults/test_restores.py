"""A city is backed up under load, lost and restored, and its phones bring back what they had been told since."""

from __future__ import annotations

import random
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from loadtests.audit import audit
from loadtests.ledger import Noted
from loadtests.person import FEEDBACK, PROCEDURE
from loadtests.service import Service
from sync import batch as batches
from tests.databases import ENGINES, NewDatabase
from tests.faults.conftest import Resident
from tests.faults.rush import Rush, make_rush

PHONES = 6
ENOUGH = 3
"""Batches that each phone has acknowledged before the next thing happens."""
AT_ONCE = 5


@pytest.fixture
def places(tmp_path: Path, new_database: NewDatabase) -> Iterator[list[Service]]:
    """Services that a test makes; all are killed in the end."""
    made: list[Service] = []
    yield made
    for service in made:
        service.kill()


def new_service(
    places: list[Service], engine: str, folder: Path, new_database: NewDatabase, port: int | None = None
) -> Service:
    settings = {"database": new_database()} if engine == "postgresql" else {}
    places.append(Service(folder, workers=2, port=port, **settings))
    return places[-1]


@pytest.mark.fault
@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ENGINES)
def test_B7_B8_what_was_acknowledged_after_a_backup_under_load_comes_back_once_with_the_same_receipts(
    engine: str,
    tmp_path: Path,
    places: list[Service],
    new_database: NewDatabase,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed, backup = secrets.randbits(32), tmp_path / "backup"
    city = new_service(places, engine, tmp_path / "lost", new_database)
    city.command("demo")
    rush = make_rush(city, random.Random(seed), phones=PHONES)
    city.start()
    rush.begin()
    wait_for_more(rush)
    city.command("backup", str(backup))
    wait_for_more(rush)
    city.command("backup", str(backup))
    in_backup = [len(each.acknowledged) for each in rush.residents]
    wait_for_more(rush)
    rush.end()
    for resident in rush.residents:
        resident.person.sync()
    seen = {id: code_of(resident, id) for resident in rush.residents for id in resident.submissions}
    city.kill()
    shutil.rmtree(city.data)
    city = rush.service = new_service(places, engine, tmp_path / "restored", new_database, port=city.port)
    city.command("restore", str(backup))
    city.start()
    missing = at_once([partial(bring_back, each) for each in rush.residents])
    assert all(missing)
    for resident, backed_up in zip(rush.residents, in_backup, strict=True):
        assert len(resident.acknowledged) - backed_up > 0
        id, change = resident.person.submission(PROCEDURE, FEEDBACK)
        resident.submissions.append(id)
        resident.send([change])  # and life goes on
    rush.prove()
    for resident in rush.residents:
        for id in resident.submissions[:-1]:
            assert code_of(resident, id) == seen[id]
    noted = Noted(submissions={id: code_of(each, id) for each in rush.residents for id in each.submissions})
    for resident in rush.residents:
        for jws, _ in resident.acknowledged:
            read = batches.parse(jws)
            noted.batches[read.device, read.seq] = read.hash
    found = audit(city.data, noted, database=city.database)
    assert found.faults == []
    with capsys.disabled():
        print(f"\n{engine} (seed {seed}): {rush.say()}; {sum(missing)} of them brought back")


def code_of(resident: Resident, submission: str) -> str:
    return str(resident.person.records["receipt", submission]["code"].shown)


def wait_for_more(rush: Rush) -> None:
    """Wait until each phone was told of a few batches more."""
    before = [len(each.acknowledged) for each in rush.residents]
    while any(len(each.acknowledged) < had + ENOUGH for each, had in zip(rush.residents, before, strict=True)):
        assert not rush.over.wait(0.01)


def bring_back(resident: Resident) -> int:
    """Do as the app does under a new epoch: send what is kept from the expected batch on; return how many those are."""
    person = resident.person
    kept = [jws for jws, _ in resident.acknowledged]
    (answer,) = person.exchange(kept[-1:])
    if answer["result"] == "dup":
        return 0
    assert answer["result"] == "gap"
    back = kept[answer["expected"] - 1 :]
    for start in range(0, len(back), AT_ONCE):
        some = back[start : start + AT_ONCE]
        of_these = {f"receipt/{each.id}" for jws in some for each in batches.parse(jws).changes}
        receipts = {name: jws for name, jws in person.receipts().items() if name in of_these}
        for answer in person.exchange(some, receipts=receipts):
            assert (answer["result"], answer["refused"]) == ("ok", [])
    assert [each["result"] for each in person.exchange(kept[-1:])] == ["dup"]
    return len(back)


def at_once(jobs: list[Callable[[], int]]) -> list[int]:
    """Run jobs beside each other; return what they return."""
    results: list[int | BaseException] = [0] * len(jobs)

    def run(which: int) -> None:
        try:
            results[which] = jobs[which]()
        except BaseException as error:  # noqa: BLE001  # raised below, in the thread that pytest sees
            results[which] = error

    threads = [threading.Thread(target=run, args=(which,)) for which in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if isinstance(result, int)]
