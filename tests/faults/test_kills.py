"""The whole service is killed (SIGKILL) again and again while phones send: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import secrets
import sqlite3
import time

import pytest

from loadtests.service import Service
from tests.faults.rush import make_rush

KILLS = int(os.environ.get("MOTCUA_KILLS", "50"))
PHONES = 6


@pytest.mark.fault
@pytest.mark.timeout(120 + 6 * KILLS)
def test_G2_G3_G4_nothing_acknowledged_is_lost_by_kills(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    rush = make_rush(service, chance, phones=PHONES, followers=1)
    starts: list[float] = []
    service.start()
    rush.begin()
    for _ in range(KILLS):
        rush.over.wait(chance.uniform(0.05, 0.4))
        service.kill()
        began = time.monotonic()
        service.start()
        starts.append(time.monotonic() - began)
        if rush.over.is_set():
            break
    with capsys.disabled():
        starts.sort()
        print(
            f"\n{len(starts)} kills (seed {seed}): {rush.say()};"
            f" start {starts[len(starts) // 2]:.2f} s in the median, {starts[-1]:.2f} s at most"
        )
    rush.end()
    rush.prove()
    with sqlite3.connect(service.data / "motcua.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
