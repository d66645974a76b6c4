"""Far more phones than the service can serve: whoever is told 200 is in the store, and nobody is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtests.bench import Bench
from loadtests.drive import drive_evenly, run_python
from loadtests.service import free_port


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(folder=tmp_path_factory.mktemp("bench"), port=free_port(), processes=1, connections=16, seconds=2)
    bench.seed(400)
    return bench


@pytest.mark.parametrize("how", ["wait", "hammer"])
def test_T4_past_capacity_nothing_that_was_acknowledged_is_lost(bench: Bench, how: str) -> None:
    with bench.running() as service:
        said = run_python("loadtests.insistent", service.port, 300, bench.seconds, bench.requests, how)
    assert (said["others"], said["cut"]) == (0, 0)
    assert said["taken"] > 0
    assert bench.receipts(service) >= said["taken"]


def test_an_even_load_is_answered_and_counted(bench: Bench) -> None:
    with bench.running() as service:
        driven = drive_evenly(service, bench.requests, rate=20, connections=8, seconds=2)
    assert (driven.answers, driven.failed) == (40, 0)
    assert bench.count(service, driven) > 0


def test_requests_past_the_last_are_not_sent(bench: Bench, tmp_path: Path) -> None:
    none = tmp_path / "none"
    none.write_bytes(b"")
    with bench.running() as service:
        assert drive_evenly(service, none, rate=100, connections=2, seconds=1).answers == 0
