"""Officers publish forms from spreadsheets over HTTP; who may, what is refused, and what is kept."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loadtests.person import Person
from server.auth import Parts, links
from server.auth.links import Link
from server.features.forms import publishing
from server.features.forms.form import parse
from server.kinds import Role
from sync import canonical
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with
from tests.features.forms.xlsform.workbooks import SETTINGS, workbook

UNIT = "ben-thanh"
SURVEY = (
    ("type", "name", "label::vi", "label::en"),
    ("begin group", "g", "Nhóm", "Group"),
    ("text", "a", "Tên", "Name"),
    ("end group",),
)


def spreadsheet(*, label: str = "Name", **settings: str) -> bytes:
    """Return a whole form of the unit, with some settings changed."""
    row = [settings.get(str(header), value) for header, value in zip(*SETTINGS, strict=True)]
    survey = [*SURVEY[:2], ("text", "a", "Tên", label), *SURVEY[3:]]
    return workbook({"survey": survey, "settings": [SETTINGS[0], row]})


@pytest.fixture
def browse(web: Flask, city: Parts, clock: Clock) -> Any:
    """Return the browser of somebody with a role."""

    def make(role: Role, unit: str = UNIT) -> FlaskClient:
        browser = web.test_client()
        person = Person(post_with(browser), "localhost", ORIGIN, clock)
        link = None if role is Role.RESIDENT else links.create(city, Link(role=role, unit=unit, name="Ai đó"))
        person.register(link and link.split("#")[1])
        return browser

    return make


@pytest.fixture
def officer(browse: Any) -> FlaskClient:
    browser: FlaskClient = browse(Role.OFFICER)
    return browser


def send(browser: FlaskClient, path: str, data: bytes | None, **fields: str) -> Any:
    parts: dict[str, Any] = dict(fields)
    if data is not None:
        parts["file"] = (io.BytesIO(data), "mẫu.xlsx")
    return browser.post(path, data=parts, content_type="multipart/form-data", headers={"Origin": ORIGIN})


def publish(browser: FlaskClient, data: bytes) -> Any:
    """Look at a spreadsheet and publish what was seen."""
    seen = send(browser, "/forms/check", data).json
    return send(browser, "/forms/publish", data, sha256=seen["sha256"] or "")


def current(city: Parts, code: str = "thu") -> list[str]:
    with city.store.read() as look:
        return [version.version for version in publishing.versions(code, look) if not version.superseded]


def test_a_check_gives_the_form_and_stores_nothing(officer: FlaskClient, city: Parts) -> None:
    answer = send(officer, "/forms/check", spreadsheet())
    assert (answer.status_code, answer.json["errors"], answer.json["obstacles"]) == (200, [], 0)
    assert parse(answer.json["form"]).code == "thu"
    assert answer.json["sha256"] == hashlib.sha256(canonical.encode(answer.json["form"])).hexdigest()
    assert current(city) == []


def test_a_check_tells_where_the_problems_are(officer: FlaskClient) -> None:
    data = workbook({"survey": [*SURVEY[:2], ("txet", "a", "Tên", "Name"), ("end group",)], "settings": SETTINGS})
    answer = send(officer, "/forms/check", data).json
    assert answer["form"] is None
    assert answer["sha256"] is None
    (problem,) = answer["errors"]
    assert (problem["sheet"], problem["row"], problem["column"], problem["header"]) == ("survey", 3, "A", "type")
    assert "txet" in problem["vi"]
    assert "txet" in problem["en"]


def test_a_published_form_is_in_the_catalogue_and_its_spreadsheet_is_kept(officer: FlaskClient, city: Parts) -> None:
    data = spreadsheet()
    answer = publish(officer, data)
    assert answer.status_code == 200
    with city.store.read() as look:
        (version,) = publishing.versions("thu", look)
        assert (version.unit, version.sha256) == (UNIT, answer.json["sha256"])
        assert look.blob_feeds(version.workbook or "") == {f"unit/{UNIT}"}
    assert publishing.workbook_of(version, city.store.blobs) == data
    assert officer.get(f"/blobs/{version.workbook}").data == data


def test_a_newer_version_takes_the_place_of_the_older(officer: FlaskClient, city: Parts) -> None:
    assert publish(officer, spreadsheet()).status_code == 200
    assert publish(officer, spreadsheet(version="2", label="Full name")).status_code == 200
    assert current(city) == ["2"]


def test_publishing_the_same_again_changes_nothing(officer: FlaskClient, city: Parts) -> None:
    assert publish(officer, spreadsheet()).status_code == 200
    assert publish(officer, spreadsheet(version="2")).status_code == 200
    assert publish(officer, spreadsheet()).status_code == 200
    assert current(city) == ["2"]


def test_a_version_never_changes(officer: FlaskClient, city: Parts) -> None:
    assert publish(officer, spreadsheet()).status_code == 200
    answer = publish(officer, spreadsheet(label="Full name"))
    assert (answer.status_code, answer.json["code"]) == (409, "form_version_taken")
    assert current(city) == ["1"]


def test_a_procedure_belongs_to_its_unit(officer: FlaskClient, browse: Any, city: Parts) -> None:
    assert publish(officer, spreadsheet()).status_code == 200
    other = browse(Role.OFFICER, "1022")
    answer = publish(other, spreadsheet(version="2", unit="1022"))
    assert (answer.status_code, answer.json["code"]) == (409, "form_code_taken")
    assert current(city) == ["1"]


def test_a_form_of_another_unit_is_refused(officer: FlaskClient, city: Parts) -> None:
    data = spreadsheet(unit="1022")
    assert [problem["code"] for problem in send(officer, "/forms/check", data).json["errors"]] == ["unit_other"]
    assert publish(officer, data).json["code"] == "form_refused"
    assert current(city) == []


def test_a_form_in_one_language_can_be_looked_at_and_not_published(officer: FlaskClient, city: Parts) -> None:
    data = workbook({"survey": [("type", "name", "label"), ("text", "a", "A")], "settings": SETTINGS})
    seen = send(officer, "/forms/check", data).json
    assert seen["form"] is not None
    assert seen["obstacles"] > 0
    answer = publish(officer, data)
    assert (answer.status_code, answer.json["code"]) == (400, "form_refused")
    assert current(city) == []


def test_only_what_was_looked_at_is_published(officer: FlaskClient, city: Parts) -> None:
    seen = send(officer, "/forms/check", spreadsheet()).json
    answer = send(officer, "/forms/publish", spreadsheet(label="Other"), sha256=seen["sha256"])
    assert (answer.status_code, answer.json["code"]) == (400, "form_refused")
    assert send(officer, "/forms/publish", spreadsheet()).json["code"] == "form_refused"
    assert current(city) == []


@pytest.mark.parametrize("path", ["/forms/check", "/forms/publish"])
@pytest.mark.parametrize("role", [Role.RESIDENT, Role.GUARD, Role.OPERATOR])
def test_others_than_officers_may_not(browse: Any, path: str, role: Role) -> None:
    answer = send(browse(role), path, spreadsheet())
    assert (answer.status_code, answer.json["code"]) == (403, "role_forbidden")


@pytest.mark.parametrize("path", ["/forms/check", "/forms/publish"])
def test_strangers_may_not(web: Flask, path: str) -> None:
    assert send(web.test_client(), path, spreadsheet()).status_code == 401


@pytest.mark.parametrize("path", ["/forms/check", "/forms/publish"])
def test_a_request_without_a_spreadsheet_is_refused(officer: FlaskClient, path: str) -> None:
    assert send(officer, path, None).json["code"] == "bad_request"
    answer = officer.post(path, data=b"{}", content_type="application/json", headers={"Origin": ORIGIN})
    assert answer.json["code"] == "bad_request"


def test_what_is_no_spreadsheet_is_told_as_a_problem_of_the_file(officer: FlaskClient) -> None:
    for data in (b"", b"a,b\n", b"PK\x03\x04", b"\0" * 1_000_000):
        answer = send(officer, "/forms/check", data)
        assert answer.status_code == 200
        assert answer.json["errors"][0]["code"].startswith("file_")
    assert send(officer, "/forms/check", b"\0" * 3_000_000).json["code"] == "too_large"
