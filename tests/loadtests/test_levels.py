"""Service levels: what a file says, and what a rehearsal is held against."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from loadtests import levels
from loadtests.generator import Row
from loadtests.levels import Level, Reached, RequestLevel, Verdict, judge, passed
from loadtests.peak import SCENARIOS

ROW = Row(name="/sync submit", requests=200, failures=1, per_second=20.0, p50=10, p95=300, p99=900)
MIB = 2**20


def reached(*, memory: int | None = 500 * MIB, faults: int | None = 0) -> Reached:
    return Reached(rows={ROW.name: ROW}, memory=memory, seconds=60.0, outboxes=1.0, faults=faults)


def test_every_scenario_has_levels() -> None:
    assert levels.read().keys() == SCENARIOS.keys()
    assert all(level.audit and level.memory_mib for level in levels.read().values())


def test_what_holds_and_what_does_not_is_told_apart() -> None:
    bounds = RequestLevel(p95=300, p99=899, errors=0.005, per_second=20.1)
    verdicts = judge(Level(memory_mib=512, requests={ROW.name: bounds}), reached())
    assert verdicts == (
        Verdict("audit", "", 0, 0, True),
        Verdict("memory", "", 512, 500.0, True),
        Verdict("p95", ROW.name, 300, 300, True),
        Verdict("p99", ROW.name, 899, 900, False),
        Verdict("errors", ROW.name, 0.005, 0.005, True),
        Verdict("per_second", ROW.name, 20.1, 20.0, False),
    )
    assert not passed(verdicts)
    assert passed(verdicts[:3])


@pytest.mark.parametrize(
    ("level", "got"),
    [
        (Level(audit=True), reached(faults=1)),
        (Level(memory_mib=499), reached()),
        (Level(seconds=59.9), reached()),
        (Level(outboxes=1.0), Reached(rows={}, outboxes=0.9999, faults=0)),
    ],
)
def test_each_level_can_be_missed(level: Level, got: Reached) -> None:
    assert [verdict.holds for verdict in judge(level, got) if verdict.measure != "audit" or verdict.got] == [False]


def test_a_request_that_never_came_misses_its_levels() -> None:
    (verdict,) = judge(Level(audit=False, requests={"/sync": RequestLevel(p95=1)}), reached())
    assert verdict == Verdict("p95", "/sync", 1, None, False)


def test_what_could_not_be_measured_is_neither_held_nor_missed() -> None:
    verdicts = judge(Level(memory_mib=1024), reached(memory=None, faults=None))
    assert [verdict.holds for verdict in verdicts] == [None, None]
    assert passed(verdicts)


@pytest.mark.parametrize(
    "text", ["[storm]\nmemory = 3", '[storm.requests."/sync"]\nerrors = 2', "[storm]\noutboxes = -1"]
)
def test_a_file_of_levels_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "levels.toml").write_text(text)
    with pytest.raises(ValidationError):
        levels.read(file)
