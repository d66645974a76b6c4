"""The audit after a rehearsal notices what it is there to notice, on both engines."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loadtests import crowd, ledger
from loadtests.audit import audit
from loadtests.cluster import Cluster
from loadtests.drive import read_wrk
from loadtests.findings import Findings
from loadtests.ledger import Ledger, Noted
from loadtests.person import PROCEDURE, Person, photographed
from server import app, config, units
from server.exchange import Exchange, Request
from server.features.forms import publish_catalogue
from server.features.gate import publish_demo
from server.kinds import Actor, Role
from server.opening import open_store
from sync.batch import hash_of
from sync.canonical import Value
from tests.databases import ENGINES

UNIT = "ben-thanh"


@dataclass(frozen=True)
class City:
    """A store in which people have been at work, and what they were told."""

    data: Path
    database: str
    noted: Noted
    photo: str

    def audit(self, noted: Noted | None = None) -> Findings:
        return audit(self.data, self.noted if noted is None else noted, database=self.database)

    def spoil(self, statement: str) -> None:
        """Change its tables behind its back; `{id}` is a submission."""
        statement = statement.replace("{id}", min(self.noted.submissions))
        if self.database:
            with psycopg.connect(self.database) as connection:
                connection.execute(statement.encode())
            return
        with closing(sqlite3.connect(self.data / "motcua.db")) as database, database:
            database.execute(statement)


@pytest.fixture
def city(rehearsed: City, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[City]:
    """Return a copy that may be spoilt."""
    data = shutil.copytree(rehearsed.data, tmp_path / "data")
    if not rehearsed.database:
        yield replace(rehearsed, data=data)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield replace(rehearsed, data=data, database=cluster.create("spoilt", template="rehearsed"))
    cluster.drop("spoilt")


@pytest.fixture(scope="module", params=ENGINES)
def rehearsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Three residents begin a draft and submit twice, the last one with a photo; each lets somebody in as a guard."""
    data = tmp_path_factory.mktemp("rehearsed")
    database = request.getfixturevalue("cluster").create("rehearsed") if request.param == "postgresql" else ""
    environment = {
        "MOTCUA_KEY": "a key for rehearsals, known to all",
        "MOTCUA_DATA": str(data),
        "MOTCUA_DATABASE": database,
    }
    settings = config.from_environment(environment)
    parts = app.parts_of(settings, open_store(settings), crowd.now)
    units.publish(parts.store, units.DEMO, now=parts.now())
    for form in publish_catalogue(parts.store, now=parts.now()):
        parts.issuers.ensure(form.unit)
    parts.store.write(lambda transaction: publish_demo(transaction, now=parts.now()))
    exchange = Exchange(parts.store, app.kinds_of(parts), parts.credentials)
    kept, photo = Ledger(data / "ledger"), secrets.token_bytes(1000)
    name = hashlib.sha256(photo).hexdigest()

    def send(person: Person, role: Role, *changes: Value) -> Any:
        jws = person.device.batch(list(changes), at=crowd.now())
        wanted = Request(epoch=None, cursors={f"person/{person.id}": 3}, batches=[jws], limit=200)
        unit = UNIT if role is Role.GUARD else None
        said = json.loads(exchange(wanted, crowd.Known(Actor(person.id, role, unit)), now=crowd.now()))
        assert said["answers"] == [{"result": "ok", "seq": person.device.seq, "refused": []}], said["answers"]
        kept.batch(person.device.id, person.device.seq, hash_of(jws))
        return said

    def submit(person: Person, *changes: Value) -> None:
        for entry in send(person, Role.RESIDENT, *changes)["entries"]:
            if entry["kind"] == "receipt":
                kept.note(entry["id"], entry["state"]["code"]["heads"][0]["value"])

    for person, _ in crowd.make(parts, 3):
        send(person, Role.RESIDENT, *person.draft(PROCEDURE, {"topic": "flood"})[1])
        parts.store.blobs.append(name, photo, sender=person.id, offset=0, length=len(photo))
        feeds = frozenset({f"person/{person.id}"})
        parts.store.write(lambda transaction, feeds=feeds: transaction.share_blob(name, feeds))
        kept.blob(name, len(photo))
        submit(person, person.submission(PROCEDURE, photographed())[1])
        submit(person, person.submission(PROCEDURE, photographed((name, len(photo))))[1])
        send(person, Role.GUARD, _passage(person))
    parts.store.close()
    return City(data, database, ledger.read(data / "ledger"), name)


def _passage(guard: Person) -> Value:
    at = guard.now()
    guard.now = lambda: at  # the time of a check-in is that of its id
    value: dict[str, Value] = {
        "unit": UNIT, "place": 1, "gate": 0, "subject": secrets.token_hex(8), "sort": "invitation",
        "meeting": "0a1b2c", "way": "in", "at": at, "max": 1, "word": "ADMIT", "reason": "invitation",
        "override": None, "shown": None,
    }  # fmt: skip
    return guard.change("checkin", guard.new_id(), "checkin", value)


def test_an_honest_store_passes(city: City) -> None:
    found = city.audit()
    assert found.faults == []
    assert found.counts["submissions that the server acknowledged to people"] == len(city.noted.submissions) == 6
    assert found.counts["batches that the server acknowledged to phones"] == 12
    assert found.counts["records of the kind checkin, each taken once"] == 3
    assert found.counts["files, each whole"] == 1


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("DELETE FROM records WHERE kind = 'submission' AND id = '{id}'", "in the store"),
        ("DELETE FROM records WHERE kind = 'receipt' AND id = '{id}'", "expected a receipt for submission"),
        ("DELETE FROM records WHERE kind = 'checkin'", ", which was changed, in the store"),
        ("DELETE FROM batches WHERE seq = 1", "expected batch 1 of device"),
        ("DELETE FROM batches WHERE seq = 4", "expected the acknowledged batch 4 of device"),
        ("UPDATE batches SET hash = 'x' WHERE seq = 1", "to follow the one before it"),
        ("UPDATE batches SET hash = 'x' WHERE seq = 4", "in the bytes that were acknowledged"),
        ('UPDATE batches SET answer = \'{"refused": [{"index": 0}]}\'', "to be taken once, got 0 times"),
        ("UPDATE records SET state = replace(state, 'answer/topic', 'answer/trick')", "to answer/topic in draft"),
        ("UPDATE records SET state = replace(state, '-0001', '-0002') WHERE kind = 'receipt'", "0002 twice"),
        ("DELETE FROM entries WHERE feed = 'unit/1022' AND seq = 3", "expected feed unit/1022 at 11, got 12"),
        ("UPDATE feeds SET seq = seq + 1 WHERE feed = 'unit/1022'", "expected an entry 13 in feed unit/1022"),
        ("UPDATE feeds SET seq = seq + 1 WHERE feed = 'gate/ben-thanh'", "expected an entry 4 in feed gate/ben-thanh"),
        ("DELETE FROM feeds WHERE feed = 'gate/ben-thanh'", "expected feed gate/ben-thanh at 3, got 0"),
        ("UPDATE records SET state = replace(state, 'flood', 'light') WHERE kind = 'submission'", "of that submission"),
        ("DELETE FROM blob_feeds", "expected somebody to be able to read the file"),
    ],
)
def test_a_spoilt_store_is_noticed(city: City, spoil: str, fault: str) -> None:
    city.spoil(spoil)
    faults = city.audit().faults
    assert any(fault.replace(" twice", " once, got it 2 times") in each for each in faults), faults


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: file.write_bytes(bytes(1000))], ids=["lost", "altered"])
def test_a_file_that_is_not_whole_is_noticed(city: City, spoil: Callable[[Path], object]) -> None:
    spoil(city.data / "blobs" / city.photo[:2] / city.photo)
    assert f"expected the file {city.photo} of 1000 bytes to be whole" in city.audit().faults


def test_what_was_acknowledged_and_is_not_there_is_noticed(city: City) -> None:
    lost, noted = "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9", city.noted
    more = Noted({**noted.submissions, lost: None}, {**noted.batches, ("A" * 22, 7): "x"}, {**noted.blobs, "a" * 64: 5})
    assert set(city.audit(more).faults) >= {
        f"expected the acknowledged submission {lost} in the store",
        f"expected the acknowledged batch 7 of device {'A' * 22} in the store",
        f"expected the file {'a' * 64} of 5 bytes to be whole",
    }
    wrong = Noted({**noted.submissions, min(noted.submissions): "WRONG"})
    assert any("expected code WRONG" in each for each in city.audit(wrong).faults)


def test_what_wrk_prints_is_read() -> None:
    said = """Running 3s test @ http://localhost:36583
  1 threads and 64 connections
  Latency Distribution
     50%  197.01ms
     75%  367.31ms
     99%    2.42s\x20
  602 requests in 3.01s, 2.33MB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec:    199.90
"""
    driven = read_wrk(said)
    assert (driven.answers, driven.seconds, driven.p50, driven.p99, driven.failed) == (602, 3.01, 197.01, 2420.0, 7)
