"""An office with a building, its officer and guard, and what they do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.auth import Parts
from server.credentials import PROOF
from server.features.gate import publish_demo
from server.kinds import Role
from sync.batch import base64url
from sync.canonical import Value
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with
from tests.features.conftest import NewPerson

UNIT = "ben-thanh"
HOUR = 3_600_000


@dataclass
class Browser:
    """A person, and the client that holds their session."""

    person: Person
    client: FlaskClient


NewBrowser = Callable[..., Browser]


@pytest.fixture
def town(city: Parts) -> Parts:
    """The city with its buildings: number 1 is of Bến Thành, 2 of its police, 3 of 1022."""
    city.store.write(lambda transaction: publish_demo(transaction, now=city.now()))
    return city


@pytest.fixture
def officer(town: Parts, new_person: NewPerson) -> Person:
    return new_person(Role.OFFICER, UNIT, name="Trần Thị Bích")


@pytest.fixture
def guard(town: Parts, new_person: NewPerson) -> Person:
    return new_person(Role.GUARD, UNIT, name="Phạm Văn Dũng")


@pytest.fixture
def stranger(town: Parts, new_person: NewPerson) -> Person:
    """An officer of another unit."""
    return new_person(Role.OFFICER, "1022", name="Võ Thị Dung")


@pytest.fixture
def as_browser(web: Flask) -> Callable[[Person], FlaskClient]:
    """Sign a person in with a client of its own, for addresses other than sync."""

    def make(person: Person) -> FlaskClient:
        client = web.test_client()
        again = Person(post=post_with(client), rp=person.rp, origin=ORIGIN, now=person.now, name=person.name)
        again.passkey = person.passkey
        again.sign_in()
        return client

    return make


def meeting(officer: Person, clock: Clock, **values: Value) -> tuple[str, list[Value]]:
    """Return a new meeting's id and the changes that make it: it began half an hour ago and lasts two hours."""
    id = officer.new_id()
    keys: dict[str, Value] = {
        "unit": officer.unit,
        "title": "Họp tổ dân phố 12",
        "place": 1,
        "gates": [0, 1],
        "starts": clock.at - HOUR // 2,
        "ends": clock.at + 3 * HOUR // 2,
        "opens": 30,
        "host": "Trần Thị Bích",
        "room": "Phòng 201",
        "note": "Mang theo giấy mời.",
        "entries": 1,
        "cancelled": False,
    }
    return id, [officer.change("meeting", id, key, value) for key, value in {**keys, **values}.items()]


def held(officer: Person, clock: Clock, **values: Value) -> str:
    """Make a meeting and send it."""
    id, changes = meeting(officer, clock, **values)
    assert refused(officer, *changes) == []
    return id


def invitation(officer: Person, meeting: str, /, **values: Value) -> tuple[str, Value]:
    """Return the id of a new invitation and the change that makes it."""
    id = officer.new_id()
    value: dict[str, Value] = {
        "unit": officer.unit,
        "meeting": meeting,
        "name": "Lê Văn Cường",
        "email": "cuong@example.vn",
        "language": "vi",
    }
    return id, officer.change("invitation", id, "invitation", {**value, **values})


def invited(officer: Person, meeting: str, /, **values: Value) -> str:
    """Invite someone; return the invitation's id."""
    id, change = invitation(officer, meeting, **values)
    assert refused(officer, change) == []
    return id


def order(officer: Person, meeting: str, do: str, /, *ids: str, **values: Value) -> Value:
    """Return the change that orders something for some invitations of a meeting, or for all."""
    value: dict[str, Value] = {"unit": officer.unit, "meeting": meeting, "invitations": [*ids] or None, "do": do}
    return officer.change("invitation_order", officer.new_id(), "invitation_order", {**value, **values})


def claim(person: Person, code: str, /, *, key: Device | None = None, **values: Value) -> Value:
    """Return the change by which a person claims a code with a new holder key."""
    key, id = key or Device(), person.new_id()
    proof = base64url(jwk.sign(key.key, PROOF + id.encode()))
    value: dict[str, Value] = {"code": code, "jwk": dict(key.jwk), "proof": proof}
    return person.change("claim", id, "claim", {**value, **values})


def checkin(guard: Person, clock: Clock, **values: Value) -> Value:
    """Return the change by which a guard records an entry, now."""
    id = guard.new_id()
    value: dict[str, Value] = {
        "unit": guard.unit,
        "place": 1,
        "gate": 0,
        "subject": secrets.token_hex(8),
        "sort": "invitation",
        "meeting": "0a1b2c",
        "way": "in",
        "at": clock.at,
        "max": 1,
        "word": "ADMIT",
        "reason": "invitation",
        "override": None,
        "shown": None,
    }
    return guard.change("checkin", id, "checkin", {**value, **values})


def code_of(officer: Person, invitation: str) -> dict[str, Any]:
    """Return the values of an invitation's present code, as the officer has pulled it."""
    state = officer.records["invitation_code", invitation]
    return {key: register.shown for key, register in state.items() if register.shown is not None}


def refused(person: Person, *changes: Value) -> list[str]:
    """Send changes as one batch; return the codes of those that are refused."""
    (answer,) = person.sync(*changes)
    assert answer["result"] == "ok", answer
    return [each["code"] for each in answer["refused"]]


def letters_of(person: Person, invitation: str) -> list[dict[str, Any]]:
    """Return the letters of an invitation, oldest first, as the officer has pulled them."""
    found = [
        {key: register.shown for key, register in state.items()}
        for (kind, _), state in person.records.items()
        if kind == "mail" and state["invitation"].shown == invitation
    ]
    return sorted(found, key=lambda letter: letter["queued_at"])
