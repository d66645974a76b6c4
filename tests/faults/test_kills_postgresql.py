"""PostgreSQL and the service's processes are killed again and again while phones send and officers follow."""

from __future__ import annotations

import os
import random
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtests.cluster import Cluster
from loadtests.service import Service
from tests.databases import needs_postgresql
from tests.faults.rush import make_rush

KILLS = int(os.environ.get("MOTCUA_KILLS", "20"))
PHONES = 6


@pytest.fixture
def durable() -> Iterator[Cluster]:
    """A PostgreSQL that forces to the disk what it acknowledges, and may be killed."""
    cluster = Cluster()
    cluster.start()
    yield cluster
    cluster.close()


@pytest.fixture
def city(durable: Cluster, tmp_path: Path) -> Iterator[Service]:
    """A service on it with a demo city, not yet running."""
    service = Service(tmp_path / "data", workers=3, database=durable.create("city"))
    service.command("demo")
    yield service
    service.kill()


@pytest.mark.fault
@needs_postgresql
@pytest.mark.timeout(120 + 10 * KILLS)
def test_G2_G3_G4_F2_nothing_acknowledged_is_lost_when_postgresql_or_web_processes_are_killed(
    city: Service, durable: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    rush = make_rush(city, chance, phones=PHONES, followers=2)

    def database(how: Callable[[], None]) -> None:
        how()
        rush.over.wait(chance.uniform(0, 1))
        durable.start()

    def worker() -> None:
        os.kill(chance.choice(city.workers), signal.SIGKILL)

    def everything() -> None:
        durable.crash()
        city.kill()
        durable.start()
        city.start()

    ways = {
        "PostgreSQL ended at once": lambda: database(durable.kill),
        "PostgreSQL killed": lambda: database(durable.crash),
        "one web process killed": worker,
        "everything killed": everything,
    }
    pauses: list[float] = []
    city.start()
    rush.begin()
    for number in range(KILLS):
        rush.over.wait(chance.uniform(0.1, 0.6))
        list(ways.values())[number % len(ways)]()
        pauses.append(rush.all_answered())  # else one whose every request is cut might never get through
        if rush.over.is_set():
            break
    with capsys.disabled():
        pauses.sort()
        print(
            f"\n{len(pauses)} kills (seed {seed}): {rush.say()};"
            f" everyone answered again after {pauses[len(pauses) // 2]:.2f} s in the median, {pauses[-1]:.2f} s at most"
        )
    rush.end()
    rush.prove()
