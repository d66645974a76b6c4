"""The end of an identity: by its person, or by the unit that vouched for it."""

from __future__ import annotations

from typing import Any

import pytest

from loadtests.identity import withdrawal
from loadtests.person import Person
from server.kinds import Role
from tests.features.conftest import NewPerson
from tests.features.identity.conftest import Verify, codes, held, hold, status


def test_a_person_ends_their_identity_and_every_credential(citizen: Person, guard: Person) -> None:
    keys = [hold(citizen, profile) for profile in ("gate", "age", "full")]
    assert [status(guard, held(citizen, key)) for key in keys] == [0, 0, 0]
    assert codes(citizen, withdrawal(citizen, citizen.id)) == []
    assert [status(guard, held(citizen, key)) for key in keys] == [1, 1, 1]
    assert all(held(citizen, key)["revoked_at"] is not None for key in keys)
    assert citizen.records["identity", citizen.id]["withdrawn_at"].shown is not None


def test_an_officer_of_the_unit_ends_it_with_a_reason_that_the_person_sees(
    citizen: Person, officer: Person, guard: Person
) -> None:
    key = hold(citizen, "gate")
    for silent in ("", "  "):
        assert codes(officer, withdrawal(officer, citizen.id, silent)) == ["write_forbidden"]
    assert codes(officer, withdrawal(officer, citizen.id, "Thẻ đã báo mất")) == []
    citizen.sync()
    assert status(guard, held(citizen, key)) == 1
    said: list[Any] = [
        state["withdrawal"].shown for (kind, _), state in citizen.records.items() if kind == "withdrawal"
    ]
    assert said == [{"subject": citizen.id, "reason": "Thẻ đã báo mất"}]


def test_nobody_else_ends_it(citizen: Person, guard: Person, new_person: NewPerson) -> None:
    key = hold(citizen, "gate")
    others = [
        new_person(),
        new_person(Role.OFFICER, "ben-thanh", name="Lê Văn Cường"),
        new_person(Role.GUARD, "1022"),
        new_person(Role.OPERATOR, "1022"),
    ]
    for other in others:
        assert codes(other, withdrawal(other, citizen.id, "Vì tôi muốn")) == ["write_forbidden"]
    assert status(guard, held(citizen, key)) == 0


def test_after_a_check_by_another_unit_the_first_unit_has_no_say(
    citizen: Person, officer: Person, verify: Verify, new_person: NewPerson
) -> None:
    other = new_person(Role.OFFICER, "ben-thanh", name="Lê Văn Cường")
    verify(citizen, by=other)
    assert codes(officer, withdrawal(officer, citizen.id, "Nhầm")) == ["write_forbidden"]
    assert codes(other, withdrawal(other, citizen.id, "Nhầm")) == []


def test_there_must_be_something_to_end(resident: Person, officer: Person, verify: Verify) -> None:
    assert codes(resident, withdrawal(resident, resident.id)) == ["identity_needed"]
    assert codes(officer, withdrawal(officer, resident.id, "Nhầm")) == ["write_forbidden"]
    verify(resident)
    assert codes(resident, withdrawal(resident, resident.id), withdrawal(resident, resident.id)) == ["identity_needed"]


@pytest.mark.parametrize(
    "value",
    [None, {}, {"subject": "x", "reason": ""}, {"subject": 7, "reason": ""}, {"reason": ""}, {"subject": "?"},
     {"subject": "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9", "reason": "x" * 501},
     {"subject": "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9", "reason": None},
     {"subject": "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9", "reason": "", "unit": "1022"}],
)  # fmt: skip
def test_a_withdrawal_of_another_form_is_refused(resident: Person, value: Any) -> None:
    assert codes(resident, resident.change("withdrawal", resident.new_id(), "withdrawal", value)) == ["value_shape"]
