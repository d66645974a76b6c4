"""Check-ins: who may record them, when, and that they are merged as a set."""

from __future__ import annotations

from typing import Any

import pytest

from loadtests.person import Person
from server.features.gate.checkins import AHEAD, OLDEST, made_at
from sync.canonical import Value
from sync.ids import uuid7
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import UNIT, checkin, refused


def undo(guard: Person, clock: Clock, of: str, **values: Value) -> Value:
    id = guard.new_id()
    value: dict[str, Value] = {
        "unit": guard.unit, "place": 1, "gate": 0, "way": "undo", "of": of, "at": clock.at, "why": None
    }  # fmt: skip
    return guard.change("checkin", id, "checkin", {**value, **values})


def followed(person: Person) -> Person:
    """Have a person ask for the feed of their gate, from its start."""
    person.cursors |= {f"gate/{UNIT}": 0}
    person.sync()
    return person


def test_guards_and_officers_of_the_unit_see_what_each_of_them_recorded(
    guard: Person, officer: Person, clock: Clock, new_person: NewPerson
) -> None:
    colleague = new_person("guard", UNIT, name="Bùi Văn Giang")
    first: Any = checkin(guard, clock)
    second: Any = checkin(officer, clock, way="out", max=0, sort="identity", meeting=None, shown="0123456789abcdef")
    third: Any = undo(colleague, clock, first["id"], why="quét nhầm")
    for person, change in ((guard, first), (officer, second), (colleague, third)):
        assert refused(person, change) == []
    for person in (guard, officer, colleague):
        followed(person)
        assert {id for kind, id in person.records if kind == "checkin"} >= {first["id"], second["id"], third["id"]}
    assert colleague.records["checkin", first["id"]]["checkin"].shown == first["value"]


def test_nobody_else_records_a_check_in(
    stranger: Person, resident: Person, new_person: NewPerson, clock: Clock, guard: Person
) -> None:
    operator = new_person("operator", UNIT, name="Hồ Thị Hoa")
    foreign = new_person("guard", "1022", name="Kẻ Gian")
    for person in (stranger, resident, operator, foreign):
        person.unit = UNIT
        assert refused(person, checkin(person, clock)) == ["write_forbidden"]
        assert refused(person, undo(person, clock, guard.new_id())) == ["write_forbidden"]


def test_a_check_in_is_at_a_place_of_the_unit(guard: Person, clock: Clock) -> None:
    assert refused(guard, checkin(guard, clock, place=2), checkin(guard, clock, place=77)) == ["place_unknown"] * 2


@pytest.mark.parametrize(
    ("moved", "code"),
    [(0, []), (AHEAD - 1000, []), (AHEAD + 60_000, ["checkin_time"]), (1000 - OLDEST, []), (-OLDEST, ["checkin_time"])],
)
def test_a_guards_clock_may_be_wrong_by_so_much(guard: Person, clock: Clock, moved: int, code: list[str]) -> None:
    at = clock.at + moved
    id = uuid7(at, entropy=7)
    template: Any = checkin(guard, clock)
    change = guard.change("checkin", id, "checkin", {**template["value"], "at": at})
    assert refused(guard, change) == code


def test_the_time_of_a_check_in_is_that_of_its_id(guard: Person, clock: Clock) -> None:
    assert refused(guard, checkin(guard, clock, at=clock.at + 2)) == ["checkin_time"]
    id = uuid7(1_795_000_000_123, entropy=2**74 - 1)
    assert made_at(id) == 1_795_000_000_123


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "ABCDEF0123456789"},
        {"subject": "0123"},
        {"subject": "0123456789abcdef\n"},
        {"sort": "cccd"},
        {"meeting": "0a1b2"},
        {"way": "through"},
        {"way": None},
        {"max": 256},
        {"max": True},
        {"gate": 16},
        {"gate": -1},
        {"place": 2**32},
        {"word": "GREEN"},
        {"reason": "Because"},
        {"reason": "x" * 41},
        {"override": "x" * 201},
        {"override": "a\u202eb"},
        {"shown": "xyz"},
        {"at": -1},
        {"at": 2**53 - 1},
        {"extra": 1},
    ],
)
def test_a_check_in_of_another_form_is_refused(guard: Person, clock: Clock, values: dict[str, Value]) -> None:
    assert refused(guard, checkin(guard, clock, **values)) == ["value_shape"]


@pytest.mark.parametrize("value", [None, [], "in", {}, {"way": "undo"}, {"way": "in"}, {"way": ["in"]}])
def test_what_is_no_check_in_is_refused(guard: Person, value: Value) -> None:
    assert refused(guard, guard.change("checkin", guard.new_id(), "checkin", value)) == ["value_shape"]
    assert refused(guard, guard.change("checkin", guard.new_id(), "act", value)) == ["key_unknown"]


def test_a_check_in_never_changes_and_is_never_taken_twice(guard: Person, officer: Person, clock: Clock) -> None:
    change: Any = checkin(guard, clock)
    jws = guard.device.batch([change], at=1)
    assert [answer["result"] for answer in guard.exchange([jws, jws])] == ["ok", "dup"]
    again = guard.change("checkin", change["id"], "checkin", {**change["value"], "way": "out"})
    assert refused(guard, change, again) == ["record_closed"] * 2
    assert followed(officer).records["checkin", change["id"]]["checkin"].shown == change["value"]


def test_one_guard_can_not_take_the_id_of_anothers_check_in(guard: Person, officer: Person, clock: Clock) -> None:
    change: Any = checkin(guard, clock)
    assert refused(guard, change) == []
    assert refused(officer, officer.change("checkin", change["id"], "checkin", change["value"])) == ["record_closed"]
