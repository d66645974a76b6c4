"""Rehearsals in small: real services, real keys, real Locust, and an audit after each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from loadtests import ledger
from loadtests.audit import audit
from loadtests.generator import SCENARIOS, run
from loadtests.peak import Plan, Result, at_home, seat_phones
from loadtests.service import REPOSITORY, free_port
from loadtests.stage import stage
from tests.databases import needs_postgresql

PHONES = 60


def rehearsed(folder: Path, scenario: str, engine: str, *, people: int, lasts: float) -> Result:
    plan = Plan(scenario=scenario, engine=engine, people=people, lasts=lasts, think=0.1, idle=5, outage=0.5)
    result = at_home(plan, folder, prepared=folder / "outboxes")
    assert result.audit is not None
    assert result.audit.faults == []
    assert result.measured.failures == ()
    assert result.uses["service"][-1].pss > 0
    return result


@needs_postgresql
def test_all_outboxes_are_in_after_an_outage_exactly_once(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, "storm", "postgresql", people=PHONES, lasts=2)
    assert result.outboxes == 1.0
    assert result.audit is not None
    assert result.audit.counts["receipts, each with a code of its own"] == PHONES
    assert result.uses["database"]


@pytest.mark.parametrize(
    ("scenario", "done"),
    [
        ("morning", "records of the kind checkin, each taken once"),
        ("patchy", "batches that the server acknowledged to phones"),
    ],
)
def test_a_rehearsal_loses_nothing(tmp_path: Path, scenario: str, done: str) -> None:
    result = rehearsed(tmp_path, scenario, "sqlite", people=6, lasts=6)
    assert result.audit is not None
    assert result.audit.counts[done] > 0


def test_people_are_shared_out_among_workers_and_their_ledgers_are_merged(tmp_path: Path) -> None:
    with stage(tmp_path, engine="sqlite", workers=2) as here:
        told = seat_phones(here, PHONES, tmp_path / "outboxes") | {"host": here.service.origin}
        here.service.start()
        port = free_port()
        words = ["--worker", "--master-port", str(port)]
        words += [word for name, value in told.items() for word in (f"--{name}", str(value))]
        ledgers = [tmp_path / f"ledger-{number}" for number in range(2)]
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "locust", "-f", SCENARIOS / "storm.py", *words, "--ledger", file],
                env=here.service.environment,
                cwd=REPOSITORY,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for file in ledgers
        ]
        try:
            options = {"master": True, "master-bind-port": port, "expect-workers": 2, "lasts": 2, "limit": 60}
            measured = run("storm", tmp_path, told | options, environment=here.service.environment, longest=60)
            assert [worker.wait(timeout=20) for worker in workers] == [0, 0]
        finally:
            for worker in workers:
                worker.kill()
        here.service.stop()
        noted = ledger.read(*ledgers)
        assert audit(here.service.data, noted).faults == []
        assert len(noted.submissions) == PHONES
        assert all(ledger.read(file).submissions for file in ledgers)
        assert measured.rows[-1].requests >= PHONES
