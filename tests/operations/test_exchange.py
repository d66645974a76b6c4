"""Upgrades under load: no request fails, nothing acknowledged is lost, and code that does not run changes nothing."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from loadtests.audit import audit
from loadtests.service import Service
from tests.cities import NewDemo
from tests.databases import ENGINES, NewDatabase
from tests.faults.conftest import make_residents
from tests.operations.phones import Phone, together, wait_for_each

EXCHANGES = 3
PHONES = 6


@pytest.mark.fault
@pytest.mark.parametrize("engine", ENGINES)
def test_processes_are_exchanged_under_load_and_no_request_fails(
    engine: str,
    tmp_path: Path,
    new_database: NewDatabase,
    new_demo: NewDemo,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = {"database": new_database()} if engine == "postgresql" else {}
    service = new_demo(tmp_path / "data", workers=2, **settings)
    over = threading.Event()
    phones = [Phone(resident, over) for resident in make_residents(service, PHONES)]
    service.start()
    try:
        for phone in phones:
            phone.start()
        for _ in range(EXCHANGES):
            service.exchange()
            wait_for_each(phones, over)
    finally:
        over.set()
        for phone in phones:
            phone.join()
        service.stop()
    assert [phone.fault for phone in phones] == [None] * PHONES
    noted = together(phones)
    found = audit(service.data, noted, database=service.database)
    assert found.faults == []
    with capsys.disabled():
        closes = sum(phone.closes for phone in phones)
        print(f"\n{engine}: {len(noted.submissions)} submissions over {EXCHANGES} exchanges, {closes} said close")


def test_code_that_does_not_come_up_changes_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", workers=1)
    broken = tmp_path / "broken"
    broken.mkdir()
    service.environment["PYTHONPATH"] += f"{os.pathsep}{broken}"
    service.start()
    before = service.workers
    (broken / "usercustomize.py").write_text("")
    (broken / "sitecustomize.py").write_text("import sys\nif 'gunicorn' in sys.orig_argv: sys.exit('no such column')\n")
    assert service._process is not None
    os.kill(service._process.pid, signal.SIGHUP)
    deadline = time.monotonic() + 60
    while "those before them go on" not in service.log():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert service.workers == before
    assert service.ready()
    (broken / "sitecustomize.py").unlink()
    service.exchange()
    assert not {*service.workers} & {*before}
    service.stop()


def test_a_worker_that_is_killed_leaves_connections_to_the_next(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", workers=1)
    service.start()
    (worker,) = service.workers
    os.kill(worker, signal.SIGSTOP)  # so that connections come while nobody takes them
    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    line.request("GET", "/healthz")
    os.kill(worker, signal.SIGKILL)
    assert line.getresponse().status == 200
    assert service.workers != (worker,)
    service.kill()
