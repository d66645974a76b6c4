"""People with software passkeys who use the application over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loadtests.person import Person
from server.auth import Parts, links
from server.auth.links import Link
from server.errors import Problem
from server.kinds import Role
from tests.conftest import ORIGIN, Clock

NewPerson = Callable[..., Person]


def post_with(client: FlaskClient) -> Callable[[str, Any], Any]:
    """Return how a person posts: JSON in, JSON out, a problem raised as `Problem`."""

    def post(path: str, body: Any) -> Any:
        answer = client.post(path, json=body, headers={"Origin": ORIGIN})
        if answer.status_code >= 400:
            raise Problem(answer.json["code"], answer.json.get("detail", ""))
        return answer.json if answer.data else None

    return post


@pytest.fixture
def new_person(web: Flask, city: Parts, clock: Clock) -> NewPerson:
    """Make a person with a role; they have an account, an enrolled phone, and have pulled once."""

    def make(role: Role = Role.RESIDENT, unit: str | None = None, *, name: str = "Nguyễn Văn An") -> Person:
        link = None
        if role is not Role.RESIDENT:
            link = links.create(city, Link(role=role, unit=unit, name=name)).split("#")[1]
        person = Person(post=post_with(web.test_client()), rp="localhost", origin=ORIGIN, now=clock, name=name)
        person.register(link)
        person.enrol_device()
        person.sync()
        return person

    return make


@pytest.fixture
def resident(new_person: NewPerson) -> Person:
    return new_person()


@pytest.fixture
def officer(new_person: NewPerson) -> Person:
    return new_person(Role.OFFICER, "1022", name="Trần Thị Bích")
