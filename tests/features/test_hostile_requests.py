"""Requests that no honest client makes: a problem each, never a failure, and nothing that is not one's own (G5)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.errors import PROBLEMS
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with
from tests.features.conftest import NewPerson

COOKIE = "motcua_session"


def problem(answer: TestResponse) -> str:
    """Return the code of a problem, which must be told as RFC 9457 wants it."""
    assert answer.content_type == "application/problem+json", answer.data[:200]
    body = answer.json
    assert body is not None
    assert (body["status"], body["title"]) == (answer.status_code, PROBLEMS[body["code"]].title)
    assert body["retry"] is PROBLEMS[body["code"]].retry
    return str(body["code"])


def session_of(web: Flask, person: Person) -> tuple[FlaskClient, str]:
    """Sign a person in on another browser; return it and the secret of its session."""
    client = web.test_client()
    other = Person(post_with(client), "localhost", ORIGIN, person.now)
    other.passkey = person.passkey
    other.sign_in()
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return client, cookie.value


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_request"),
        (b"null", "bad_request"),
        (b"[]", "bad_request"),
        (b"\xff\xfe", "bad_request"),
        (b"{" * 10_000, "bad_request"),
        (b"[" * 1_000_000, "bad_request"),
        (b'{"batches":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_request"),
        (b'{"limit": 0}', "bad_request"),
        (b'{"limit": 501}', "bad_request"),
        (b'{"limit": NaN}', "bad_request"),
        (b'{"limit": ' + b"9" * 10_000 + b"}", "bad_request"),
        (b'{"cursors": {"public": -1}}', "bad_request"),
        (b'{"cursors": {"public": 9007199254740992}}', "bad_request"),
        (b'{"cursors": {"public": 1.5}}', "bad_request"),
        (b'{"cursors": {"public": "x"}}', "bad_request"),
        (b'{"cursors": {"\\ud800": 1}}', "bad_request"),
        (b'{"epoch": "\\ud800"}', "bad_request"),
        (b'{"batches": [7]}', "bad_request"),
        (b'{"batches": "x"}', "bad_request"),
        (b'{"surprise": 1}', "bad_request"),
        (json.dumps({"batches": ["x"] * 17}).encode(), "bad_request"),
        (json.dumps({"cursors": {f"unit/{number}": 0 for number in range(65)}}).encode(), "bad_request"),
        (json.dumps({"cursors": {"x" * 201: 0}}).encode(), "bad_request"),
        (json.dumps({"cursors": {f"unit/{number}": 0 for number in range(64)}}).encode(), "feed_forbidden"),
        (b'{"cursors": {"person/%": 0}}', "feed_forbidden"),
        (b'{"cursors": {"unit/1022": 0}}', "feed_forbidden"),
        (b" " * (2 * 1024 * 1024 + 1), "too_large"),
    ],
    ids=lambda each: repr(each)[:40],
)
def test_G5_a_request_of_another_form_is_a_problem(web: Flask, resident: Person, body: bytes, code: str) -> None:
    client, _ = session_of(web, resident)
    assert problem(client.post("/sync", data=body, headers={"Origin": ORIGIN})) == code


def test_G5_a_cursor_past_the_end_of_a_feed_finds_nothing(resident: Person) -> None:
    resident.cursors = {"public": 2**53 - 1}
    resident.sync()
    assert not [entry for entry in resident.last["entries"] if entry["feed"] == "public"]


FOREIGN_ORIGINS = (
    None,
    "null",
    "",
    "https://localhost:8000",
    "http://localhost",
    "http://localhost:80000",
    "http://localhost:8000/",
    "http://LOCALHOST:8000",
    "http://localhost:8000.evil.example",
    "http://localhost:8000 http://evil.example",
    "http://evil.example#http://localhost:8000",
)


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_whatever_changes_something_demands_our_own_origin(web: Flask, resident: Person, origin: str | None) -> None:
    client, _ = session_of(web, resident)
    headers = {} if origin is None else {"Origin": origin}
    asked = 0
    for rule in web.url_map.iter_rules():
        assert rule.methods is not None
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            path = rule.rule.replace("<name>", "0" * 64).replace("<id>", "x")
            assert problem(client.open(path, method=method, json={}, headers=headers)) == "origin_forbidden", path
            asked += 1
    assert asked >= 9
    answer = client.get("/auth/me").json
    assert answer is not None
    assert answer["person"]["id"] == resident.id  # the session was not ended by a foreign /auth/signout


def me(web: Flask, secret: str) -> Any:
    client = web.test_client(use_cookies=False)
    answer = client.get("/auth/me", headers={"Cookie": f"{COOKIE}={secret}"}).json
    assert answer is not None
    return answer["person"]


def test_the_cookie_of_a_session_that_was_signed_out_is_worth_nothing(web: Flask, resident: Person) -> None:
    client, secret = session_of(web, resident)
    assert me(web, secret)["id"] == resident.id
    assert client.post("/auth/signout", headers={"Origin": ORIGIN}).status_code == 204
    assert me(web, secret) is None
    stolen = web.test_client(use_cookies=False)
    headers = {"Cookie": f"{COOKIE}={secret}", "Origin": ORIGIN}
    assert (
        problem(stolen.post("/sync", json={"cursors": {f"person/{resident.id}": 0}}, headers=headers)) == "signed_out"
    )
    assert problem(stolen.get(f"/blobs/{'0' * 64}", headers=headers)) == "signed_out"


def test_a_session_ends_after_ninety_days(web: Flask, resident: Person, clock: Clock) -> None:
    _, secret = session_of(web, resident)
    clock.pass_(minutes=90 * 24 * 60 - 5)
    assert me(web, secret)["id"] == resident.id
    clock.pass_(minutes=6)
    assert me(web, secret) is None


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "'", '"\\377"', "\x00", "%00", "é", "x" * 8000])
def test_a_made_up_session_is_none(web: Flask, city: Any, secret: str) -> None:
    assert me(web, secret) is None


def test_a_cookie_that_is_not_UTF_8_is_no_failure(web: Flask, city: Any) -> None:
    client = web.test_client(use_cookies=False)
    answer = client.get("/auth/me", environ_overrides={"HTTP_COOKIE": f"{COOKIE}=\xff"})
    assert answer.status_code in (200, 400)


def test_evidence_is_for_the_submitter_and_the_officers_of_the_unit(
    web: Flask, resident: Person, officer: Person, new_person: NewPerson
) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    resident.sync(change)
    path = f"/dossiers/{id}/evidence"
    for person in (resident, officer):
        bundle = session_of(web, person)[0].get(path).json
        assert bundle is not None
        assert json.loads(bundle["submission"]["document"])["id"] == id
    strangers = (new_person(), new_person("officer", "ben-thanh"), new_person("guard", "1022"))
    for stranger in strangers:
        assert problem(session_of(web, stranger)[0].get(path)) == "not_found"
    assert problem(web.test_client().get(path)) == "signed_out"
    for other in ("x", "../receipt", "%00", "%", resident.id, id.upper()):
        answer = session_of(web, resident)[0].get(f"/dossiers/{other}/evidence")
        assert answer.content_type.startswith("text/html") or problem(answer) == "not_found"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../data/motcua.db",
        "/assets/%2e%2e/%2e%2e/data/motcua.db",
        "/..%2fdata%2fmotcua.db",
        "/%252e%252e/data/motcua.db",
        "/assets/..\\..\\data\\motcua.db",
        "//data/motcua.db",
        "/./../data/motcua.db",
        "/assets/app.js/../../../data/motcua.db",
        "/assets/app.js%00.html",
        "/assets//etc/passwd",
        "/../../../../etc/passwd",
        "/file:///etc/passwd",
        "/assets/",
        "/.git/config",
        "/%ff%fe",
    ],
)
def test_no_path_leads_out_of_the_built_app(web: Flask, city: Any, path: str) -> None:
    answer = web.test_client().get(path)
    if answer.status_code == 200:
        assert answer.text == "<!doctype html><title>Một Cửa</title>"
    else:
        assert problem(answer) == "not_found"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "MOTCUA"])
def test_a_method_that_an_address_does_not_take_is_a_problem(web: Flask, city: Any, method: str) -> None:
    for path in ("/sync", "/", "/healthz", "/auth/me", "/assets/app.js"):
        answer = web.test_client().open(path, method=method, headers={"Origin": ORIGIN})
        assert problem(answer) == "method_not_allowed"
