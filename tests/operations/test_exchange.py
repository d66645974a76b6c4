"""Upgrades under load: no request fails, nothing acknowledged is lost, and code that does not run changes nothing."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from loadtests.audit import audit
from loadtests.ledger import Noted
from loadtests.person import FEEDBACK, PROCEDURE
from loadtests.service import Service
from server.auth import sessions
from sync import batch as batches
from tests.databases import ENGINES, NewDatabase
from tests.faults.conftest import Resident, make_residents

EXCHANGES = 3
PHONES = 6
PACE = 0.1
"""Seconds from one submission of a phone to its next."""


class Phone(threading.Thread):
    """Sends submission after submission, each once, and notes what was acknowledged; whatever else comes is a fault."""

    def __init__(self, resident: Resident, service: Service, over: threading.Event) -> None:
        super().__init__()
        self._resident, self._service, self._over = resident, service, over
        self.noted = Noted()
        self.fault: BaseException | None = None
        self.closes = 0

    def run(self) -> None:
        try:
            self._send_on()
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            self.fault = error
            self._over.set()

    def _send_on(self) -> None:
        person, line, used = self._resident.person, None, 0.0
        headers = {
            "Content-Type": "application/json", "Origin": self._service.origin,
            "Cookie": f"{sessions.COOKIE}={self._resident.line.secret}",
        }  # fmt: skip
        while not self._over.is_set():
            id, change = person.submission(PROCEDURE, {**FEEDBACK, "place": f"Số {time.monotonic_ns()}"})
            jws = person.device.batch([change], at=person.now())
            if line is None or time.monotonic() - used > 0.5:  # as every client does: a server may close the idle
                line = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=20)
            line.request("POST", "/sync", json.dumps({"batches": [jws], "limit": 1}), headers)
            answer = line.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 200, said
            assert (said["answers"][0]["result"], said["answers"][0]["refused"]) == ("ok", []), said
            batch, used = batches.parse(jws), time.monotonic()
            self.noted.submissions[id] = None
            self.noted.batches[batch.device, batch.seq] = batch.hash
            self.closes += answer.getheader("Connection") == "close"
            self._over.wait(PACE)


@pytest.mark.fault
@pytest.mark.parametrize("engine", ENGINES)
def test_processes_are_exchanged_under_load_and_no_request_fails(
    engine: str, tmp_path: Path, new_database: NewDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"database": new_database()} if engine == "postgresql" else {}
    service = Service(tmp_path / "data", workers=2, **settings)
    service.command("demo")
    over = threading.Event()
    phones = [Phone(resident, service, over) for resident in make_residents(service, PHONES)]
    service.start()
    try:
        for phone in phones:
            phone.start()
        for _ in range(EXCHANGES):
            before = [len(phone.noted.submissions) for phone in phones]
            service.exchange()
            while not over.is_set() and any(
                len(phone.noted.submissions) <= sent for phone, sent in zip(phones, before, strict=True)
            ):
                time.sleep(0.02)
    finally:
        over.set()
        for phone in phones:
            phone.join()
        service.stop()
    assert [phone.fault for phone in phones] == [None] * PHONES
    noted = Noted()
    for phone in phones:
        noted.submissions.update(phone.noted.submissions)
        noted.batches.update(phone.noted.batches)
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
