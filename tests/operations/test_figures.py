"""What the dashboard and the alerts ask for is there, and stays right while processes come and go."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import websocket

from loadtests.person import FEEDBACK, PROCEDURE
from loadtests.service import REPOSITORY, Service
from tests.cities import NewDemo
from tests.databases import ENGINES, NewDatabase
from tests.faults.conftest import Resident, make_residents
from tests.posting import queue_letters

OPERATIONS = REPOSITORY / "docs" / "operations"
FILE = b"a picture " * 100


@pytest.fixture(params=ENGINES)
def service(
    request: pytest.FixtureRequest, tmp_path: Path, new_database: NewDatabase, new_demo: NewDemo
) -> Iterator[Service]:
    settings = {"database": new_database()} if request.param == "postgresql" else {}
    service = new_demo(tmp_path / "data", workers=2, **settings)
    yield service
    service.kill()


def wait(fact: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def figures(service: Service, *, token: str = "") -> dict[str, float]:
    """Return what `/metrics` says: each series with its labels, as Prometheus writes it, and its value."""
    question = urllib.request.Request(f"{service.origin}/metrics", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(question, timeout=20) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def total(service: Service, name: str, *, token: str = "") -> float:
    """Return the sum of all series of a name."""
    return sum(value for series, value in figures(service, token=token).items() if series.partition("{")[0] == name)


def folder_of(service: Service) -> Path:
    """Return the folder in which the processes' figures meet."""
    environment = Path(f"/proc/{service.workers[0]}/environ").read_bytes().decode()
    return Path(re.findall(r"\0PROMETHEUS_MULTIPROC_DIR=([^\0]+)", environment)[0])


def send(resident: Resident) -> None:
    resident.send([resident.person.submission(PROCEDURE, FEEDBACK)[1]])


def use(service: Service, tmp_path: Path, *, token: str = "") -> list[Resident]:
    """Do a little of everything that is counted."""
    first, second = residents = make_residents(service, 2)
    service.start()
    for resident in residents:
        send(resident)
    wrong = {**FEEDBACK, "topic": "no such topic"}
    (answer,) = second.person.exchange(
        [second.person.device.batch([second.person.submission(PROCEDURE, wrong)[1]], at=second.person.now())]
    )
    assert answer["refused"], "expected an answer that is no choice to be refused"
    early, late = (first.person.device.batch([first.person.submission(PROCEDURE, FEEDBACK)[1]], at=at) for at in (1, 2))
    assert [first.person.exchange([each])[0]["result"] for each in (late, early, late)] == ["gap", "ok", "ok"]
    assert first.line.ask("GET", f"/blobs/{hashlib.sha256(FILE).hexdigest()}")[0] == 404
    upload = {"Upload_Offset": "0", "Upload_Length": str(len(FILE))}
    assert first.line.ask("PATCH", f"/blobs/{hashlib.sha256(FILE).hexdigest()}", FILE, **upload)[0] == 204
    address = service.origin.replace("http", "ws") + "/live"
    live = websocket.create_connection(address, origin=service.origin, timeout=20)
    live.recv()
    live.close()
    with service.opened() as store:
        queue_letters(store, 1, now=time.time_ns() // 1_000_000)
    service.command("backup", str(tmp_path / "backup"))
    wait(lambda: total(service, "motcua_letters_total", token=token) >= 1)
    wait(lambda: total(service, "motcua_live_closed_total", token=token) >= 1)
    return residents


def asked_for() -> dict[str, set[str]]:
    """Return the figures that the dashboard and the alerts name, each with the labels that they look at."""
    panels = json.loads((OPERATIONS / "dashboard.json").read_text())["panels"]
    texts = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    texts += re.findall(r"^ +expr: (.+)$", (OPERATIONS / "alerts.yml").read_text(), flags=re.MULTILINE)
    assert len(texts) > 40
    found: dict[str, set[str]] = {}
    for text in texts:
        grouped = {label for names in re.findall(r"by \(([a-z_, ]+)\)", text) for label in names.split(", ")}
        for name, selected in re.findall(r"\b(motcua_[a-z_]+)(?:\{([^}]*)\})?", text):
            found.setdefault(name, set()).update(re.findall(r"([a-z_]+)(?:=|!)", selected), grouped)
    return found


def test_all_that_the_dashboard_and_the_alerts_ask_for_is_there(service: Service, tmp_path: Path) -> None:
    use(service, tmp_path)
    labels: dict[str, set[str]] = {}
    for series in figures(service):
        name, _, rest = series.partition("{")
        labels.setdefault(name, set()).update(re.findall(r'([a-z_]+)="', rest))
    asked = asked_for()
    assert len(asked) > 20
    assert asked.keys() - labels.keys() == set()
    given_by_prometheus = {"instance", "job"}
    wrong = {name: looked - labels[name] - given_by_prometheus for name, looked in asked.items()}
    assert {name: rest for name, rest in wrong.items() if rest} == {}
    assert 0 <= figures(service)["motcua_backup_age_seconds"] < 120


def test_figures_are_sums_over_processes_that_come_and_go(tmp_path: Path, new_demo: NewDemo) -> None:
    service = new_demo(tmp_path / "data", workers=2)
    residents = make_residents(service, 4)
    service.start()
    try:
        sent = 0
        for round in range(3):
            for resident in residents:
                send(resident)
            sent += len(residents)
            assert total(service, "motcua_receipts_total") == sent
            assert total(service, "motcua_request_seconds_count") >= sent
            before = service.workers
            if round == 0:
                service.exchange()
            else:
                os.kill(before[0], signal.SIGKILL)
                wait(lambda before=before: len(service.workers) == 2 and set(service.workers) != set(before))  # type: ignore[misc]
            wait(lambda: total(service, "motcua_processes") == 2)
            assert total(service, "motcua_receipts_total") == sent
            assert total(service, "motcua_live_sockets") == 0
            files = {each.name for each in folder_of(service).glob("counter_*.db")}
            alive = {f"counter_{each}.db" for each in (*service.workers, "ended")}
            assert len(files - alive) <= 4  # of masters and mailers; not of each worker that ever was
    finally:
        service.kill()


def test_a_service_that_was_killed_leaves_no_figures_behind_for_long(tmp_path: Path) -> None:
    killed, living, third = (Service(tmp_path / name, workers=1) for name in ("killed", "living", "third"))
    killed.start()
    left = folder_of(killed)
    killed.kill()
    assert left.exists()
    try:
        living.start()
        assert not left.exists()
        third.start()
        assert folder_of(living).exists()
    finally:
        living.stop()
        third.stop()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
def test_prometheus_takes_the_alerts() -> None:
    done = subprocess.run(
        ["promtool", "check", "rules", str(OPERATIONS / "alerts.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_says_how_urgent_it_is_and_stands_in_the_manual() -> None:
    rules = (OPERATIONS / "alerts.yml").read_text().split("- alert: ")[1:]
    manual = (OPERATIONS.parent / "operations.md").read_text()
    for rule in rules:
        assert re.search(r"severity: (page|ticket)", rule)
        assert re.search(r"summary: \".+\"", rule)
        assert f"`{rule.split()[0]}`" in manual
