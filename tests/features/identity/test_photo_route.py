"""Who may fetch the photo behind a credential, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from loadtests.identity import portrait, withdrawal
from loadtests.person import Person
from server.auth import Parts, links
from server.auth.links import Link
from server.kinds import Role
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with
from tests.features.identity.conftest import PHOTO, Verify, codes


@pytest.fixture
def fetch(web: Flask, city: Parts, clock: Clock) -> Any:
    """Return how a browser of some role fetches a photo."""
    browsers: dict[Role, Any] = {}

    def get(role: Role, name: str) -> Any:
        if role not in browsers:
            browsers[role] = web.test_client()
            person = Person(post_with(browsers[role]), "localhost", ORIGIN, clock)
            link = (
                None if role is Role.RESIDENT else links.create(city, Link(role=role, unit="ben-thanh", name="Ai đó"))
            )
            person.register(link and link.split("#")[1])
        return browsers[role].get(f"/identity/photos/{name}")

    return get


def hash_of(citizen: Person) -> str:
    return str(citizen.records["identity", citizen.id]["photo_hash"].shown)


@pytest.mark.parametrize("role", [Role.GUARD, Role.OFFICER])
def test_guards_and_officers_of_any_unit_get_the_jpeg(citizen: Person, fetch: Any, role: Role) -> None:
    answer = fetch(role, hash_of(citizen))
    assert (answer.status_code, answer.data) == (200, PHOTO)
    assert answer.content_type == "image/jpeg"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.OPERATOR])
def test_residents_and_operators_do_not(citizen: Person, fetch: Any, role: Role) -> None:
    for name in (hash_of(citizen), "0" * 32):
        answer = fetch(role, name)
        assert (answer.status_code, answer.json["code"]) == (403, "role_forbidden")


def test_strangers_do_not(citizen: Person, web: Flask) -> None:
    assert web.test_client().get(f"/identity/photos/{hash_of(citizen)}").status_code == 401


def test_only_a_whole_hash_finds_a_photo(citizen: Person, fetch: Any) -> None:
    known = hash_of(citizen)
    for name in ("0" * 32, known[:-1], known + "0", known.upper(), "%20", citizen.id):
        assert fetch(Role.GUARD, name).status_code == 404, name


def test_a_photo_goes_with_its_identity(citizen: Person, fetch: Any, verify: Verify) -> None:
    old = hash_of(citizen)
    verify(citizen, photo=portrait(width=300))
    assert [fetch(Role.GUARD, name).status_code for name in (old, hash_of(citizen))] == [404, 200]
    assert codes(citizen, withdrawal(citizen, citizen.id)) == []
    assert fetch(Role.GUARD, hash_of(citizen)).status_code == 404
