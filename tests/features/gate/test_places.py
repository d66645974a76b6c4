"""Places: published by command, numbered through the city, and changed in place."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result

from loadtests.person import Person
from server.auth import Parts
from server.cli import cli
from tests.features.gate.conftest import UNIT


@pytest.fixture
def run(city: Parts, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `motcua` on the city's data."""
    monkeypatch.setenv("MOTCUA_DATA", str(city.config.data))
    monkeypatch.setenv("MOTCUA_DATABASE", city.config.database)
    monkeypatch.setenv("MOTCUA_KEY", city.config.key)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments)

    return invoke


NAMED = ("--name", "Trụ sở / Head office", "--address", "1 Lê Lợi")


def test_a_place_is_published_with_its_gates_and_everyone_sees_it(run: Any, resident: Person) -> None:
    first = run("place", UNIT, *NAMED, "--gate", "Cửa chính / Main entrance", "--gate", "Cửa sau")
    second = run("place", "1022", *NAMED, "--gate", "Cửa")
    assert (first.output, second.output) == ("1\n", "2\n")
    resident.sync()
    found = {key: register.shown for key, register in resident.records["place", "1"].items()}
    assert found == {
        "number": 1,
        "unit": UNIT,
        "name": {"vi": "Trụ sở", "en": "Head office"},
        "address": "1 Lê Lợi",
        "gates": [
            {"bit": 0, "name": {"vi": "Cửa chính", "en": "Main entrance"}},
            {"bit": 1, "name": {"vi": "Cửa sau", "en": "Cửa sau"}},
        ],
    }


def test_a_place_is_changed_under_its_number_by_its_own_unit(run: Any, resident: Person) -> None:
    run("place", UNIT, *NAMED, "--gate", "Cửa")
    assert run("place", UNIT, *NAMED, "--gate", "Cửa lớn / Gate", "--number", "1").output == "1\n"
    resident.sync()
    assert resident.records["place", "1"]["gates"].shown == [{"bit": 0, "name": {"vi": "Cửa lớn", "en": "Gate"}}]
    for unit, number in (("1022", "1"), (UNIT, "7")):
        assert run("place", unit, *NAMED, "--gate", "Cửa", "--number", number).exit_code == 2


def test_what_can_not_be_a_place_is_a_sentence_and_not_a_traceback(run: Any) -> None:
    assert "expected a unit that exists" in run("place", "nowhere", *NAMED, "--gate", "Cửa").output
    too_many = [each for n in range(17) for each in ("--gate", f"Cửa {n}")]
    assert "expected 1 to 16 gates" in run("place", UNIT, *NAMED, *too_many).output
    assert run("place", UNIT, *NAMED).exit_code == 2


def test_the_demo_has_buildings_once_and_two_guards_for_the_first_unit(run: Any, city: Parts) -> None:
    for _ in range(2):
        made = run("demo")
        assert made.exit_code == 0, made.output
        assert made.output.count(f"guard {UNIT} ") == 2
    with city.store.read() as look:
        assert [look.count("place", "unit", unit) for unit in (UNIT, "ben-thanh-police", "1022")] == [1, 1, 1]
