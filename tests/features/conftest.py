"""People with software passkeys who use the application over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from loadtests.person import Person
from server.auth import Parts, links
from server.auth.links import Link
from server.config import Config
from server.kinds import Role
from tests.conftest import ORIGIN, Clock
from tests.databases import NewDatabase
from tests.features.client import post_with
from tests.features.disaster import Disaster

NewPerson = Callable[..., Person]


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


@pytest.fixture
def disaster(
    config: Config, clock: Clock, tmp_path: Path, city: Parts, new_database: NewDatabase
) -> Iterator[Disaster]:
    disaster = Disaster(config, clock, tmp_path, new_database)
    yield disaster
    for store in disaster.opened:
        store.close()
