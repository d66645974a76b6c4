"""SIGTERM: what is begun ends with its answer, live sockets are told to come again, and nothing waits for the idle."""

from __future__ import annotations

import hashlib
import http.client
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websocket

from loadtests import crowd
from loadtests.person import FEEDBACK
from loadtests.service import Service
from server.auth import sessions
from tests.cities import NewDemo
from tests.faults.conftest import make_residents

FILE = os.urandom(200_000)


@pytest.fixture
def service(tmp_path: Path, new_demo: NewDemo) -> Iterator[Service]:
    service = new_demo(tmp_path / "data", workers=2)
    yield service
    service.kill()


def wait(fact: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(process: int) -> bool:
    """Say whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def ended(service: Service) -> int:
    """Wait for the end of the service; return its exit status."""
    assert service._process is not None
    return service._process.wait(20)


def tell(service: Service, number: signal.Signals) -> None:
    assert service._process is not None
    os.kill(service._process.pid, number)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[int, str | None]:
    """Return the status and what the answer says of the connection."""
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def connected(service: Service) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("localhost", service.port, timeout=20)


def closing_code(live: websocket.WebSocket) -> int:
    while True:
        kind, data = live.recv_data()
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


def test_live_sockets_and_idle_connections_hold_nobody_up(service: Service) -> None:
    service.start()
    address = service.origin.replace("http", "ws") + "/live"
    live = [websocket.create_connection(address, origin=service.origin, timeout=20) for _ in range(20)]
    idle = [connected(service) for _ in range(5)]
    assert [ask(each, "/healthz") for each in idle] == [(200, "keep-alive")] * 5
    began = time.monotonic()
    tell(service, signal.SIGTERM)
    assert {closing_code(each) for each in live} == {1012}
    assert ended(service) == 0
    assert time.monotonic() - began < 5
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", service.port)) != 0


def test_a_request_in_progress_ends_with_its_answer(service: Service) -> None:
    (resident,) = make_residents(service, 1)
    name = hashlib.sha256(FILE).hexdigest()
    head = (
        f"PATCH /blobs/{name} HTTP/1.1\r\nHost: localhost\r\nOrigin: {service.origin}\r\n"
        f"Cookie: {sessions.COOKIE}={resident.line.secret}\r\nContent-Length: {len(FILE)}\r\n"
        f"Upload-Offset: 0\r\nUpload-Length: {len(FILE)}\r\n\r\n"
    )
    service.start()
    workers = service.workers
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as line:
        line.sendall(head.encode() + FILE[:100_000])
        parts = service.data / "blobs" / "parts"
        wait(lambda: any(parts.iterdir()))  # it is at work on this request
        tell(service, signal.SIGTERM)
        wait(lambda: any(gone(each) for each in workers))  # the other one had nothing to do
        line.sendall(FILE[100_000:])
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert (answer.status, answer.getheader("Upload-Complete")) == (204, "?1")
        assert answer.getheader("Connection") == "close"
    assert ended(service) == 0
    parts = crowd.parts_of(service)
    assert parts.store.blobs.read(name) == FILE
    parts.store.close()


def test_a_kept_connection_gets_its_answers_until_one_says_that_it_is_the_last(service: Service) -> None:
    (resident,) = make_residents(service, 1)
    service.start()
    line, sent = connected(service), 0
    says: str | None = "keep-alive"
    while says == "keep-alive":
        batch = resident.person.device.batch(resident.person.draft("city-feedback", FEEDBACK)[1], at=crowd.now())
        cookie = {"Origin": service.origin, "Cookie": f"{sessions.COOKIE}={resident.line.secret}"}
        line.request("POST", "/sync", f'{{"batches": ["{batch}"]}}', {"Content-Type": "application/json", **cookie})
        answer = line.getresponse()
        assert answer.status == 200
        assert b'"ok"' in answer.read()
        says, sent = answer.getheader("Connection"), sent + 1
        if sent == 3:
            tell(service, signal.SIGTERM)
    assert sent > 3
    assert ended(service) == 0
    parts = crowd.parts_of(service)
    with parts.store.read() as look:
        last = look.last_batch(resident.person.device.id)
    assert last is not None
    assert last.seq == sent
    parts.store.close()


def test_readiness_ends_before_the_service_does(tmp_path: Path) -> None:
    service = Service(tmp_path / "data", workers=1, drain="60")
    service.start()
    wait(lambda: service.mailer is not None)  # it starts once all else does
    line = connected(service)
    assert ask(line, "/readyz") == (200, "keep-alive")
    tell(service, signal.SIGTERM)
    wait(lambda: ask(line, "/readyz") == (503, "close"))
    assert ask(line, "/healthz") == (200, "close")  # over a connection that came only now
    tell(service, signal.SIGTERM)
    assert ended(service) == 0


def test_a_service_whose_disk_is_full_is_alive_and_not_ready(service: Service) -> None:
    service.start()
    service.data.chmod(0o500)
    try:
        assert service.answers()
        if os.geteuid():  # nothing is forbidden to root
            assert not service.ready()
    finally:
        service.data.chmod(0o700)
    assert service.ready()


def test_all_end_when_the_supervisor_is_killed(service: Service) -> None:
    service.start()
    wait(lambda: service.mailer is not None)
    every = [*service.masters, *service.workers, service.mailer]
    tell(service, signal.SIGKILL)
    assert ended(service) == -signal.SIGKILL
    wait(lambda: all(gone(each) for each in every if each))
