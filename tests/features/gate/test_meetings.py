"""Meetings: who may make them, what each key takes, and who sees them."""

from __future__ import annotations

import pytest

from loadtests.person import Person
from sync.canonical import Value
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import UNIT, held, invitation, meeting, refused


def test_the_officers_of_the_unit_see_a_meeting_and_others_do_not(
    officer: Person, stranger: Person, clock: Clock, new_person: NewPerson
) -> None:
    id = held(officer, clock)
    colleague = new_person("officer", UNIT, name="Đỗ Thị Em")
    for person, sees in ((colleague, True), (stranger, False)):
        person.sync()
        assert (("meeting", id) in person.records) == sees
    assert colleague.records["meeting", id]["title"].shown == "Họp tổ dân phố 12"


def test_nobody_but_an_officer_of_the_unit_makes_or_changes_a_meeting(
    officer: Person, stranger: Person, guard: Person, resident: Person, clock: Clock
) -> None:
    id = held(officer, clock)
    for person in (stranger, guard, resident):
        person.unit = UNIT
        person.records["meeting", id] = officer.records["meeting", id]
        assert set(refused(person, *meeting(person, clock)[1])) == {"write_forbidden"}
        assert refused(person, person.change("meeting", id, "title", "Họp kín")) == ["write_forbidden"]


def test_a_meeting_begins_with_its_unit_and_keeps_it(officer: Person, clock: Clock) -> None:
    id = officer.new_id()
    assert refused(officer, officer.change("meeting", id, "title", "Họp")) == ["write_forbidden"]
    id = held(officer, clock)
    assert refused(officer, officer.change("meeting", id, "unit", UNIT)) == ["record_closed"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("title", "", "value_shape"),
        ("title", "   ", "value_shape"),
        ("title", "x" * 201, "value_shape"),
        ("title", "Họp\r\nBcc: all@example.vn", "value_shape"),
        ("title", "Họp \u202egnud", "value_shape"),
        ("title", 7, "value_shape"),
        ("title", None, "value_shape"),
        ("host", ["An"], "value_shape"),
        ("note", "a\x00b", "value_shape"),
        ("place", 0, "value_shape"),
        ("place", True, "value_shape"),
        ("place", 2, "place_unknown"),
        ("place", 99, "place_unknown"),
        ("gates", [], "value_shape"),
        ("gates", [16], "value_shape"),
        ("gates", [-1], "value_shape"),
        ("gates", [0, 0], "value_shape"),
        ("gates", [True], "value_shape"),
        ("gates", "0", "value_shape"),
        ("starts", 0, "value_shape"),
        ("starts", 2**53 - 1, "value_shape"),
        ("ends", "tomorrow", "value_shape"),
        ("opens", 1441, "value_shape"),
        ("entries", 256, "value_shape"),
        ("entries", -1, "value_shape"),
        ("cancelled", 1, "value_shape"),
        ("shoe_size", 43, "key_unknown"),
    ],
)
def test_each_key_takes_values_of_its_form_only(
    officer: Person, clock: Clock, key: str, value: Value, code: str
) -> None:
    id = held(officer, clock)
    assert refused(officer, officer.change("meeting", id, key, value)) == [code]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"gates": [0, 5]}, "meeting_unsound"),
        ({"starts": 1_795_000_100_000, "ends": 1_795_000_100_000}, "meeting_unsound"),
        ({"starts": 1_795_000_100_000, "ends": 1_795_000_000_000}, "meeting_unsound"),
        ({"starts": 1_795_000_100_000, "ends": 1_795_000_100_001 + 24 * 3_600_000}, "meeting_unsound"),
        ({"starts": 1_794_000_000_000, "ends": 1_794_003_600_000}, "meeting_over"),
        ({"cancelled": True}, "meeting_cancelled"),
    ],
)
def test_nobody_is_invited_to_a_meeting_that_does_not_fit_together(
    officer: Person, clock: Clock, values: dict[str, Value], code: str
) -> None:
    id = held(officer, clock, **values)
    assert refused(officer, invitation(officer, id)[1]) == [code]


def test_nobody_is_invited_to_a_meeting_that_lacks_something_or_is_none(officer: Person, clock: Clock) -> None:
    id, changes = meeting(officer, clock)
    assert refused(officer, *changes[:3], invitation(officer, id)[1]) == ["meeting_unsound"]
    assert refused(officer, invitation(officer, officer.new_id())[1]) == ["meeting_unknown"]


def test_a_meeting_and_its_invitations_come_in_one_batch(officer: Person, clock: Clock) -> None:
    """An officer made both with no network."""
    id, changes = meeting(officer, clock)
    assert refused(officer, *changes, invitation(officer, id)[1]) == []
