"""Attachments over HTTP: sent in parts, whole when the hash fits, read by those who read the submission."""

from __future__ import annotations

import hashlib
import io
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loadtests.person import PROCEDURE, Person, photographed
from server.config import Config
from tests.conftest import ORIGIN
from tests.features.conftest import NewPerson
from tests.features.test_hostile_requests import problem, session_of

pytestmark = pytest.mark.both_engines

DATA = secrets.token_bytes(5000)
NAME = hashlib.sha256(DATA).hexdigest()
WHOLE = len(DATA)
MOST = 100_000
"""The largest blob that the test city takes, in bytes."""


@dataclass
class Sender:
    """A person's browser that sends and reads blobs."""

    person: Person
    client: FlaskClient

    def patch(self, part: bytes, *, offset: Any, name: str = NAME, length: Any = WHOLE) -> TestResponse:
        headers = {"Origin": ORIGIN, "Upload-Offset": str(offset), "Upload-Length": str(length)}
        return self.client.patch(f"/blobs/{name}", data=part, headers=headers)

    def there(self, name: str = NAME) -> tuple[int, str]:
        answer = self.client.head(f"/blobs/{name}")
        assert answer.status_code == 204
        assert answer.headers["Cache-Control"] == "no-store"
        return int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"]

    def submit(self, *files: tuple[str, int]) -> tuple[str, list[str]]:
        """Send a submission with files, given as name and length; return its id and what refused it."""
        document: Any = self.person.document(PROCEDURE, photographed(*files))
        act: Any = {**self.person.passkey.sign(document), "draft": ""}
        (answer,) = self.person.sync(self.person.change("submission", document["id"], "act", act))
        return document["id"], [each["code"] for each in answer["refused"]]


@pytest.fixture
def sender(web: Flask, resident: Person) -> Sender:
    return Sender(resident, session_of(web, resident)[0])


def other(web: Flask, person: Person) -> Sender:
    return Sender(person, session_of(web, person)[0])


def test_A1_a_blob_is_sent_in_parts_and_counts_when_it_is_whole(sender: Sender) -> None:
    assert sender.there() == (0, "?0")
    for offset in range(0, len(DATA), 2000):
        part = DATA[offset : offset + 2000]
        answer = sender.patch(part, offset=offset)
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(offset + len(part))
        assert answer.headers["Upload-Complete"] == ("?1" if offset + len(part) == len(DATA) else "?0")
    assert sender.there() == (len(DATA), "?1")


def test_A1_a_part_at_another_offset_is_told_the_right_one(sender: Sender) -> None:
    sender.patch(DATA[:2000], offset=0)
    for offset in (0, 1899, 2001, 4000):
        answer = sender.patch(DATA[offset : offset + 100], offset=offset)
        assert problem(answer) == "blob_offset"
        assert answer.json is not None
        assert answer.json["offset"] == 2000
    assert sender.patch(DATA[2000:], offset=2000).headers["Upload-Complete"] == "?1"


def test_A1_a_part_that_came_before_is_harmless_once_the_blob_is_whole(sender: Sender) -> None:
    sender.patch(DATA, offset=0)
    for offset in (0, 3000):
        assert sender.patch(DATA[offset:], offset=offset).headers["Upload-Complete"] == "?1"
    assert sender.there() == (len(DATA), "?1")


def test_A1_bytes_that_do_not_hash_to_the_name_are_thrown_away(sender: Sender) -> None:
    wrong = DATA[:-1] + bytes([DATA[-1] ^ 1])
    assert problem(sender.patch(wrong, offset=0)) == "blob_hash"
    assert sender.there() == (0, "?0")
    assert sender.patch(DATA, offset=0).headers["Upload-Complete"] == "?1"


def test_A1_a_part_belongs_to_its_sender_and_nobody_spoils_it(
    web: Flask, sender: Sender, new_person: NewPerson
) -> None:
    rogue = other(web, new_person(name="Kẻ Phá"))
    sender.patch(DATA[:2000], offset=0)
    assert rogue.there() == (0, "?0")
    assert rogue.patch(bytes(4999), offset=0).status_code == 204
    assert sender.patch(DATA[2000:], offset=2000).headers["Upload-Complete"] == "?1"


@pytest.mark.parametrize(
    ("offset", "length", "size", "code"),
    [
        (0, MOST + 1, 10, "blob_size"),
        (0, 10**15 - 1, 10, "blob_size"),
        (0, 0, 0, "blob_size"),
        (0, 10, 11, "blob_size"),
        (11, 10, 0, "blob_size"),
        (10**14, 5000, 10, "blob_size"),
        (-1, 5000, 10, "bad_request"),
        ("+0", 5000, 10, "bad_request"),
        ("0x0", 5000, 10, "bad_request"),
        ("1e3", 5000, 10, "bad_request"),
        ("0 ", 10**16, 10, "bad_request"),
        ("", 5000, 10, "bad_request"),
        (0, "", 10, "bad_request"),
        (0, "5000, 5000", 10, "bad_request"),
        (0, "²", 10, "bad_request"),
        (1, 5000, 10, "blob_offset"),
    ],
)
def test_G5_offsets_and_lengths_are_whole_numbers_within_the_limit(
    sender: Sender, offset: Any, length: Any, size: int, code: str
) -> None:
    assert problem(sender.patch(bytes(size), offset=offset, length=length)) == code
    assert sender.there() == (0, "?0")


def test_a_part_without_its_headers_or_larger_than_a_request_is_a_problem(sender: Sender) -> None:
    assert problem(sender.client.patch(f"/blobs/{NAME}", data=b"x", headers={"Origin": ORIGIN})) == "bad_request"
    assert problem(sender.patch(bytes(2 * 1024 * 1024 + 1), offset=0, length=MOST)) == "too_large"
    assert sender.there() == (0, "?0")


@pytest.mark.parametrize(
    "name",
    ["0" * 63, "0" * 65, "A" * 64, "g" * 64, "%2e%2e%2f" * 7 + "0", ".." + "0" * 62, "0" * 63 + "%0a"],
)
def test_G5_a_blobs_name_is_a_SHA_256(sender: Sender, name: str, config: Config) -> None:
    before = sorted(config.data.rglob("*"))
    assert sender.client.head(f"/blobs/{name}").status_code in (400, 200)  # 200: an address of the app, not of a blob
    assert "Upload-Offset" not in sender.client.head(f"/blobs/{name}").headers
    answer = sender.patch(b"x", name=name, offset=0, length=1)
    assert problem(answer) in ("blob_name", "method_not_allowed")
    assert sorted(config.data.rglob("*")) == before


def test_blobs_are_for_those_who_are_signed_in(web: Flask, sender: Sender) -> None:
    stranger = web.test_client()
    assert stranger.head(f"/blobs/{NAME}").status_code == 401
    assert problem(stranger.get(f"/blobs/{NAME}")) == "signed_out"
    assert problem(stranger.patch(f"/blobs/{NAME}", data=b"x", headers={"Origin": ORIGIN})) == "signed_out"


def test_A2_a_submission_shares_its_files_with_those_who_read_it_and_nobody_else(
    web: Flask, sender: Sender, officer: Person, new_person: NewPerson
) -> None:
    desk = other(web, officer)
    assert sender.submit((NAME, len(DATA)))[1] == ["file_missing"]
    sender.patch(DATA, offset=0)
    assert problem(desk.client.get(f"/blobs/{NAME}")) == "not_found"
    id, refused = sender.submit((NAME, len(DATA)))
    assert refused == []
    for reader in (sender, desk):
        answer = reader.client.get(f"/blobs/{NAME}")
        assert answer.data == DATA
        # A stranger's bytes are never shown in this origin.
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    for stranger in (new_person(), new_person("officer", "ben-thanh"), new_person("guard", "1022")):
        assert problem(other(web, stranger).client.get(f"/blobs/{NAME}")) == "not_found"
    bundle = desk.client.get(f"/dossiers/{id}/evidence").json
    assert bundle is not None
    (file,) = json.loads(bundle["submission"]["document"])["files"]
    assert (file["sha256"], file["len"]) == (NAME, len(DATA))


def test_A2_one_file_may_belong_to_many_submissions(web: Flask, sender: Sender, new_person: NewPerson) -> None:
    neighbour = other(web, new_person())
    for each in (sender, neighbour):
        assert each.patch(DATA, offset=0).headers["Upload-Complete"] == "?1"
        assert each.submit((NAME, len(DATA)))[1] == []
    assert sender.submit((NAME, len(DATA)))[1] == []
    assert [each.client.get(f"/blobs/{NAME}").data == DATA for each in (sender, neighbour)] == [True, True]


def test_who_only_knows_the_hash_of_anothers_file_does_not_get_it(
    web: Flask, sender: Sender, new_person: NewPerson
) -> None:
    sender.patch(DATA, offset=0)
    sender.submit((NAME, len(DATA)))
    thief = other(web, new_person(name="Kẻ Trộm"))
    thief.submit((NAME, len(DATA)))
    assert problem(thief.client.get(f"/blobs/{NAME}")) == "not_found"


def test_a_file_has_the_length_that_the_document_says(sender: Sender) -> None:
    sender.patch(DATA, offset=0)
    assert sender.submit((NAME, len(DATA) + 1))[1] != []


class Cut:
    """The body of a request whose link is cut after some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        got = self._data.read(size)
        if not got:
            raise ConnectionResetError
        return got


@pytest.mark.parametrize("came", [0, 1, 8191, 65_536, 70_000])
def test_A4_what_came_of_a_part_before_the_link_was_cut_is_kept(sender: Sender, came: int) -> None:
    data = secrets.token_bytes(MOST - 1000)
    name = hashlib.sha256(data).hexdigest()
    headers = {"Origin": ORIGIN, "Upload-Offset": "0", "Upload-Length": str(len(data))}
    cut = {"wsgi.input": Cut(data[:came]), "CONTENT_LENGTH": str(len(data))}
    sender.client.patch(f"/blobs/{name}", environ_overrides=cut, headers=headers)
    assert sender.there(name) == (came, "?0")
    rest = sender.patch(data[came:], name=name, offset=came, length=len(data))
    assert rest.headers["Upload-Complete"] == "?1"


@pytest.mark.parametrize("offset", [0, 1, 1999])
def test_A4_of_a_part_that_is_sent_again_only_what_is_new_is_added(sender: Sender, offset: int) -> None:
    sender.patch(DATA[:2000], offset=0)
    again = sender.patch(DATA[offset:4000], offset=offset)
    assert (again.status_code, again.headers["Upload-Offset"]) == (204, "4000")
    assert again.headers["Upload-Known"] == str(2000 - offset)
    assert sender.patch(DATA[3999:], offset=3999).headers["Upload-Complete"] == "?1"


def test_A4_a_part_of_other_bytes_than_before_spoils_nothing_that_counts(sender: Sender) -> None:
    sender.patch(DATA[:2000], offset=0)
    assert problem(sender.patch(bytes(WHOLE), offset=0)) == "blob_hash"
    assert sender.there() == (0, "?0")


@pytest.mark.parametrize("size", [65_536, 2 * 8192, MOST])
def test_A4_a_part_of_any_size_makes_the_blob_whole(sender: Sender, size: int) -> None:
    data = secrets.token_bytes(size)
    answer = sender.patch(data, name=hashlib.sha256(data).hexdigest(), offset=0, length=size)
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Complete"]) == (str(size), "?1")


def test_A4_of_two_parts_at_one_offset_one_is_kept(sender: Sender) -> None:
    sender.patch(DATA[:2000], offset=0)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: other_client(sender).patch(DATA[2000:4000], offset=2000), range(4)))
    codes = {answer.status_code for answer in answers}
    assert 204 in codes
    assert codes <= {204, 409}
    assert sender.there() == (4000, "?0")
    assert sender.patch(DATA[4000:], offset=4000).headers["Upload-Complete"] == "?1"


def other_client(sender: Sender) -> Sender:
    """The same person in another tab."""
    return Sender(sender.person, session_of(sender.client.application, sender.person)[0])
