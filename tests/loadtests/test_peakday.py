"""Rehearsals in small: real services, real keys, real Locust, and an audit after each."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtests import ledger
from loadtests.peak import Plan, Result, at_home
from tests.databases import needs_postgresql

PHONES = 60


def rehearsed(folder: Path, scenario: str, engine: str, *, people: int, lasts: float, processes: int = 1) -> Result:
    plan = Plan(
        scenario=scenario,
        engine=engine,
        people=people,
        lasts=lasts,
        think=0.1,
        idle=5,
        processes=processes,
        outage=0.5,
    )
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


@pytest.mark.parametrize(("scenario", "done"), [("morning", "/gate/pack"), ("patchy", "/auth/devices")])
def test_a_rehearsal_loses_nothing(tmp_path: Path, scenario: str, done: str) -> None:
    result = rehearsed(tmp_path, scenario, "sqlite", people=6, lasts=6)
    assert done in {row.name for row in result.measured.rows}


def test_people_are_shared_out_among_workers_and_their_ledgers_are_merged(tmp_path: Path) -> None:
    result = rehearsed(tmp_path, "storm", "sqlite", people=PHONES, lasts=2, processes=2)
    assert result.outboxes == 1.0
    parts = [ledger.read(tmp_path / f"ledger-{number}").submissions.keys() for number in range(2)]
    assert parts[0] and parts[1] and not parts[0] & parts[1]
    assert len(parts[0] | parts[1]) == PHONES
    assert result.measured.rows[-1].requests >= PHONES
