"""Those who fill a form together."""

from __future__ import annotations

import pytest

from loadtests.person import Person
from tests.features.conftest import NewPerson


@pytest.fixture
def owner(resident: Person) -> Person:
    return resident


@pytest.fixture
def guest(new_person: NewPerson) -> Person:
    return new_person(name="Lê Văn Bình")
