"""The link is cut in mid-request and in mid-answer; the phone sends the same bytes again (G3, B3, B6, A1, A2)."""

from __future__ import annotations

import hashlib
import http.client
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from loadtests.person import FEEDBACK, PROCEDURE, Person, photographed
from loadtests.service import Service
from tests.cities import NewDemo
from tests.databases import NewDatabase
from tests.faults.conftest import Resident, make_residents
from tests.faults.proxy import CutProxy


@dataclass
class Patchy:
    """A resident whose phone reaches the running service through a proxy that cuts."""

    resident: Resident
    proxy: CutProxy

    def submissions(self) -> list[str]:
        """Return the submissions that a further phone of the person finds, each with a receipt beside it."""
        phone = Person(self.resident.line.post, "localhost", self.resident.line.origin, self.resident.person.now)
        phone.sync()
        found = sorted(id for kind, id in phone.records if kind == "submission")
        assert found == sorted(id for kind, id in phone.records if kind == "receipt")
        return found


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, chosen_database: NewDatabase, new_demo: NewDemo
) -> Iterator[tuple[Service, list[Resident]]]:
    """A running service and residents for each test."""
    service = new_demo(tmp_path_factory.mktemp("city"), workers=2, database=chosen_database())
    residents = make_residents(service, 8)
    service.start()
    yield service, residents
    service.kill()


@pytest.fixture
def patchy(running: tuple[Service, list[Resident]]) -> Iterator[Patchy]:
    service, residents = running
    resident = residents.pop()
    proxy = CutProxy(service.port)
    resident.line.port = proxy.port
    yield Patchy(resident, proxy)
    proxy.close()


@pytest.mark.fault
def test_G3_an_answer_that_is_lost_at_any_byte_costs_one_more_request_and_nothing_else(patchy: Patchy) -> None:
    person, sent = patchy.resident.person, []
    for after in (0, 1, 12, 80, 200, 400):
        id, change = person.submission(PROCEDURE, FEEDBACK)
        sent.append(id)
        patchy.proxy.cut_answer(after)
        (answer,) = patchy.resident.send([change])
        assert answer == {"result": "dup", "seq": len(sent), "refused": []}
        receipt = person.records["receipt", id]
        jws, _ = patchy.resident.acknowledged[-1]
        assert person.exchange([jws]) == [answer]
        assert person.records["receipt", id] == receipt
    assert patchy.proxy.cuts == 6
    assert patchy.submissions() == sorted(sent)
    codes = {str(person.records["receipt", id]["code"].shown) for id in sent}
    assert len(codes) == len(sent)


@pytest.mark.fault
def test_G3_a_request_that_is_cut_at_any_byte_is_taken_once_when_it_comes_whole(patchy: Patchy) -> None:
    person, sent = patchy.resident.person, []
    for after in (0, 1, 30, 150, 400, 1500):
        id, change = person.submission(PROCEDURE, FEEDBACK)
        sent.append(id)
        patchy.proxy.cut_request(after)
        (answer,) = patchy.resident.send([change])
        assert answer == {"result": "ok", "seq": len(sent), "refused": []}
    assert patchy.proxy.cuts == 6
    assert patchy.submissions() == sorted(sent)


@pytest.mark.fault
def test_G3_all_batches_of_a_lost_answer_are_duplicates_and_a_later_one_is_taken(patchy: Patchy) -> None:
    person = patchy.resident.person
    batches: list[list[Any]] = []
    for _ in range(3):
        batches.append([person.submission(PROCEDURE, FEEDBACK)[1]])
    patchy.proxy.cut_answer(0)
    answers = patchy.resident.send(*batches)
    assert [answer["result"] for answer in answers] == ["dup", "dup", "dup"]
    (answer,) = patchy.resident.send(person.draft(PROCEDURE, FEEDBACK)[1])
    assert answer == {"result": "ok", "seq": 4, "refused": []}


@pytest.mark.fault
def test_A1_an_upload_that_is_cut_goes_on_where_the_server_has_it(patchy: Patchy) -> None:
    line, data, chunk = patchy.resident.line, secrets.token_bytes(300_000), 50_000
    name, offset, cuts = hashlib.sha256(data).hexdigest(), 0, 0
    while offset < len(data):
        part = data[offset : offset + chunk]
        if cuts < 4 and offset >= cuts * chunk:
            [patchy.proxy.cut_request, patchy.proxy.cut_answer][cuts % 2](100 * cuts)
            cuts += 1
        try:
            line.ask("PATCH", f"/blobs/{name}", part, Upload_Offset=str(offset), Upload_Length=str(len(data)))
        except (OSError, http.client.HTTPException):
            before = offset
            offset = where(line, name)
            assert offset in (before, before + len(part))  # a cut costs at most this chunk
        else:
            offset += len(part)
    assert patchy.proxy.cuts == 4
    assert where(line, name) == len(data)
    assert submit_with(patchy.resident, name, len(data)) == []
    assert line.ask("GET", f"/blobs/{name}") == (200, data)


@pytest.mark.fault
def test_A2_a_submission_whose_file_is_not_whole_is_refused_until_it_is(patchy: Patchy) -> None:
    line, data = patchy.resident.line, secrets.token_bytes(10_000)
    name = hashlib.sha256(data).hexdigest()
    length = {"Upload_Length": str(len(data))}
    assert line.ask("PATCH", f"/blobs/{name}", data[:9_999], Upload_Offset="0", **length)[0] == 204
    assert submit_with(patchy.resident, name, len(data)) == [{"index": 0, "code": "file_missing", "retry": True}]
    assert line.ask("PATCH", f"/blobs/{name}", data[9_999:], Upload_Offset="9999", **length)[0] == 204
    assert submit_with(patchy.resident, name, len(data)) == []


def where(line: Any, name: str) -> int:
    """Ask how much of a blob is there, as a phone does after a cut; nothing half-sent may come later."""
    connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=20)
    connection.request("HEAD", f"/blobs/{name}", headers={"Cookie": f"motcua_session={line.secret}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 204
    return int(answer.headers["Upload-Offset"])


def submit_with(resident: Resident, sha256: str, length: int) -> Any:
    person = resident.person
    document = person.document(PROCEDURE, photographed((sha256, length)))
    act: Any = {**person.passkey.sign(document), "draft": ""}
    change = person.change("submission", str(document["id"]), "act", act)
    (answer,) = person.exchange([person.device.batch([change], at=person.now())])
    return answer["refused"]
