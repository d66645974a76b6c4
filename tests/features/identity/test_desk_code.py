"""The desk code: that the phone of the person was there, just then, and once."""

from __future__ import annotations

from typing import Any

import pytest

from loadtests.authenticator import Device
from loadtests.identity import desk_code
from loadtests.person import Person
from server.codes import base
from server.kinds import Role
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.identity.conftest import checked, codes

MINUTE = 60


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (-29 * MINUTE, []),
        (-31 * MINUTE, ["desk_time"]),
        (MINUTE, []),
        (3 * MINUTE, ["desk_time"]),
        (-(10**8), ["desk_time"]),
    ],
)
def test_a_desk_code_is_of_the_half_hour_before(
    resident: Person, officer: Person, seconds: int, code: list[str]
) -> None:
    made = desk_code(resident, iat=resident.now() // 1000 + seconds)
    assert codes(officer, checked(officer, resident, code=made)) == code


def test_a_code_of_the_future_does_not_fit_a_check_of_the_future(resident: Person, officer: Person) -> None:
    ahead = officer.now() + 20 * MINUTE * 1000
    made = desk_code(resident, iat=ahead // 1000)
    assert codes(officer, checked(officer, resident, code=made, claimed_at=ahead)) == ["desk_time"]


def test_a_desk_code_is_used_once(resident: Person, officer: Person, new_person: NewPerson) -> None:
    code = desk_code(resident)
    assert codes(officer, checked(officer, resident, code=code)) == []
    assert codes(officer, checked(officer, resident, code=code)) == ["desk_used"]
    other = new_person(Role.OFFICER, "ben-thanh", name="Lê Văn Cường")
    assert codes(other, checked(other, resident, code=code)) == ["desk_used"]
    twice = desk_code(resident, iat=resident.now() // 1000 + 1)
    assert codes(officer, *(checked(officer, resident, code=twice) for _ in range(2))) == ["desk_used"]


def test_turning_its_signature_about_makes_no_new_desk_code(resident: Person, officer: Person) -> None:
    """(r, s) and (r, n - s) are both valid: another text, another hash, the same code."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    code = desk_code(resident)
    prefix, data = base.decode_text(code)
    turned = data[:-32] + (order - int.from_bytes(data[-32:], "big")).to_bytes(32, "big")
    twin = base.encode_text(prefix, turned)
    assert codes(officer, checked(officer, resident, code=code)) == []
    assert codes(officer, checked(officer, resident, code=twin)) == ["desk_used"]


def _flipped(code: str, at: int) -> str:
    prefix, data = base.decode_text(code)
    spoilt = bytearray(data)
    spoilt[at] ^= 1
    return base.encode_text(prefix, bytes(spoilt))


def test_forged_desk_codes_are_refused(resident: Person, officer: Person, new_person: NewPerson) -> None:
    other = new_person()
    forged = {
        "another person's phone": desk_code(other),
        "another phone in this person's name": desk_code(resident, by=other.device),
        "a phone that nobody knows": desk_code(resident, by=Device()),
        "this phone in another's name": desk_code(resident, of=other.id),
        "a signature that was altered": _flipped(desk_code(resident), -1),
        "a time that was altered": _flipped(desk_code(resident), -67),
        "a cut text": desk_code(resident)[:-3],
        "more text": desk_code(resident) + "AAA",
        "lower case": desk_code(resident).lower(),
        "another sort of code": "MCC1:QED8WEX0",
        "a card": "079095000123||Nguyễn Văn An|28021995|Nam|Quận 1|10052021",
        "nothing": " ",
    }
    for name, code in forged.items():
        assert codes(officer, checked(officer, resident, code=code)) == ["desk_code"], name
    assert ("identity", resident.id) not in _pulled(resident)


def _pulled(person: Person) -> Any:
    person.sync()
    return person.records


def test_a_phone_that_was_revoked_makes_no_desk_code(resident: Person, officer: Person) -> None:
    change = checked(officer, resident)
    resident.post(f"/auth/devices/{resident.device.id}/revoke", {})
    assert codes(officer, change) == ["desk_device"]


def test_a_phone_whose_key_ran_out_makes_no_desk_code(resident: Person, officer: Person, clock: Clock) -> None:
    clock.pass_(minutes=366 * 24 * 60)
    officer.sign_in()
    officer.device = Device()
    officer.enrol_device()
    assert codes(officer, checked(officer, resident)) == ["desk_device"]
