"""The disk takes no more: the service says `unavailable`, keeps what it acknowledged, and goes on when it can."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import secrets
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from server.errors import Problem
from tests.cities import NewDemo
from tests.faults.conftest import Resident, make_residents

MOST = 2_000
"""How many batches may come through before the test gives up filling."""


def processes(service: Service) -> list[int]:
    """Return the ids of the service's processes: those whose environment names its data folder."""
    mark = f"MOTCUA_DATA={service.data}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def fill(resident: Resident) -> str:
    """Send drafts until one is refused for want of room; return that batch, which was not acknowledged."""
    person = resident.person
    for _ in range(MOST):
        _, changes = person.draft(PROCEDURE, {**FEEDBACK, "description": "x" * 1900})
        jws = person.device.batch(changes, at=person.now())
        try:
            answer = resident.line.post_once("/sync", {"batches": [jws], "limit": 1})
        except Problem as problem:
            assert problem.code == "unavailable"
            return jws
        assert answer["answers"][0]["result"] == "ok"
        resident.acknowledged.append((jws, answer["answers"][0]))
    raise AssertionError(f"expected the disk to be full after {MOST} batches")


def prove_full_and_recover(service: Service, residents: list[Resident], make_room: Callable[[], None]) -> None:
    first, second = residents
    waiting = fill(first)
    assert len(first.acknowledged) > 3
    with pytest.raises(Problem, match="unavailable"):
        first.line.post_once("/sync", {"batches": [waiting], "limit": 1})
    assert service.answers()
    assert drafts(first) == len(first.acknowledged)  # reading goes on
    make_room()
    (answer,) = first.line.post_once("/sync", {"batches": [waiting], "limit": 1})["answers"]
    assert answer == {"result": "ok", "seq": len(first.acknowledged) + 1, "refused": []}
    second.send(second.person.draft(PROCEDURE, FEEDBACK)[1])
    service.kill()
    service.start()
    assert drafts(first) == len(first.acknowledged) + 1
    assert drafts(second) == 1
    for jws, first_answer in first.acknowledged:
        (answer,) = first.line.post("/sync", {"batches": [jws], "limit": 1})["answers"]
        assert answer == {**first_answer, "result": "dup"}


def drafts(resident: Resident) -> int:
    """Return how many drafts a further phone of the person finds."""
    phone = Person(resident.line.post, "localhost", resident.line.origin, resident.person.now)
    phone.sync()
    return sum(kind == "draft" for kind, _ in phone.records)


@pytest.mark.fault
def test_G2_files_that_may_not_grow_stop_writing_and_lose_nothing(service: Service) -> None:
    residents = make_residents(service, 2)
    service.start()
    wal = service.data / "motcua.db-wal"
    limit = max(wal.stat().st_size, (service.data / "motcua.db").stat().st_size) + 300_000
    before = {}
    for process in processes(service):
        before[process] = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (limit, before[process][1]))

    def make_room() -> None:
        for process, limits in before.items():
            resource.prlimit(process, resource.RLIMIT_FSIZE, limits)

    prove_full_and_recover(service, residents, make_room)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MiB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def on_small_disk(small_disk: Path, new_demo: NewDemo) -> Iterator[tuple[Service, list[Resident], Callable[[], None]]]:
    """A service whose disk has little room left, two residents, and what makes room."""
    service = new_demo(small_disk / "data", workers=2)
    residents = make_residents(service, 2)
    service.start()
    ballast = small_disk / "ballast"
    space = os.statvfs(small_disk)
    ballast.write_bytes(bytes(space.f_bavail * space.f_bsize - 400_000))
    yield service, residents, ballast.unlink
    service.kill()


OnSmallDisk = tuple[Service, list[Resident], Callable[[], None]]


@pytest.mark.fault
def test_G2_a_full_disk_stops_writing_and_loses_nothing(on_small_disk: OnSmallDisk) -> None:
    prove_full_and_recover(*on_small_disk)


@pytest.mark.fault
def test_A1_a_blob_that_finds_no_room_is_told_to_come_later(on_small_disk: OnSmallDisk) -> None:
    _, (resident, _), _ = on_small_disk
    data = secrets.token_bytes(1_000_000)
    name, length = hashlib.sha256(data).hexdigest(), str(len(data))
    status, _ = resident.line.ask("PATCH", f"/blobs/{name}", data, Upload_Offset="0", Upload_Length=length)
    assert status == 503
