"""The audit after a rehearsal notices what it is there to notice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from loadtests import crowd
from loadtests.audit import audit
from loadtests.drive import read_wrk
from server import app
from server.cli import cli
from server.exchange import Exchange, Request
from server.kinds import Actor, Role

KEY = "a key for rehearsals, known to all"
ORIGIN = "http://localhost:8000"


@pytest.fixture
def rehearsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, dict[str, str | None]]]:
    """A store in which three residents have submitted twice each, and the codes that they saw."""
    monkeypatch.setenv("MOTCUA_KEY", KEY)
    monkeypatch.setenv("MOTCUA_DATA", str(tmp_path))
    monkeypatch.setenv("MOTCUA_ORIGINS", ORIGIN)
    assert CliRunner().invoke(cli, ["demo"]).exit_code == 0
    parts = crowd.open_parts(tmp_path, key=KEY, origin=ORIGIN)
    exchange = Exchange(parts.store, app.kinds_of(parts), parts.credentials)
    seen: dict[str, str | None] = {}
    for person, _ in crowd.make(parts, 3):
        for number in range(2):
            request = Request.model_validate_json(crowd.submission(person, number))
            answer = json.loads(exchange(request, Actor(person.id, Role.RESIDENT, None), now=crowd.now()))
            for entry in answer["entries"]:
                if entry["kind"] == "receipt":
                    seen[entry["id"]] = entry["state"]["code"]["heads"][0]["value"]
    parts.store.close()
    yield tmp_path, seen


def test_an_honest_store_passes(rehearsed: tuple[Path, dict[str, str | None]]) -> None:
    data, seen = rehearsed
    found = audit(data, seen)
    assert found.faults == []
    assert found.counts["submissions that the server acknowledged to people"] == len(seen) == 6


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ("DELETE FROM records WHERE kind = 'submission' AND id = :id", "in the store"),
        ("DELETE FROM records WHERE kind = 'receipt' AND id = :id", "expected a receipt for submission"),
        ("DELETE FROM batches WHERE seq = 1", "expected batch 1 of device"),
        ("UPDATE batches SET hash = 'x' WHERE seq = 1", "to follow the one before it"),
        ('UPDATE batches SET answer = \'{"refused": [{"index": 0}]}\'', "to be taken once, got 0 times"),
        ("UPDATE records SET state = replace(state, '-0001', '-0002') WHERE kind = 'receipt'", "0002 twice"),
        ("DELETE FROM entries WHERE feed = 'unit/1022' AND seq = 3", "expected feed unit/1022 at 11, got 12"),
        ("UPDATE feeds SET seq = seq + 1 WHERE feed = 'unit/1022'", "expected an entry 13 in feed unit/1022"),
        ("UPDATE records SET state = replace(state, 'flood', 'light') WHERE kind = 'submission'", "of that submission"),
    ],
)
def test_a_spoilt_store_is_noticed(rehearsed: tuple[Path, dict[str, str | None]], spoil: str, fault: str) -> None:
    data, seen = rehearsed
    with closing(sqlite3.connect(data / "motcua.db")) as database, database:
        database.execute(spoil, {"id": min(seen)} if ":id" in spoil else {})
    faults = audit(data, seen).faults
    assert any(fault.replace(" twice", " once, got it 2 times") in each for each in faults), faults


def test_a_submission_that_was_acknowledged_and_is_not_there_is_noticed(
    rehearsed: tuple[Path, dict[str, str | None]],
) -> None:
    data, seen = rehearsed
    lost = "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9"
    assert f"expected the acknowledged submission {lost} in the store" in audit(data, {**seen, lost: None}).faults
    assert any("expected code WRONG" in each for each in audit(data, {**seen, min(seen): "WRONG"}).faults)


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
