"""A profile: what a resident says of themselves, on all their phones, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from loadtests.person import Person
from tests.features.conftest import NewPerson
from tests.features.identity.conftest import another_phone, codes

CARD: dict[str, Any] = {
    "card/number": "079095000123",
    "card/old_number": "",
    "card/name": "Nguyễn Văn An",
    "card/born": "1995-02-28",
    "card/sex": "male",
    "card/address": "12 Lê Lai, Phường Bến Thành, Thành phố Hồ Chí Minh",
    "card/issued": "2021-05-10",
}


def profile(person: Person, **more: Any) -> list[Any]:
    keys = {"owner": person.id, **CARD, **more}
    return [person.change("profile", person.id, key, value) for key, value in keys.items()]


def test_a_card_that_was_scanned_is_kept_for_its_person_alone(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    assert codes(resident, *profile(resident)) == []
    again = Person(post=resident.post, rp="localhost", origin=resident.origin, now=resident.now)
    again.id, again.passkey = resident.id, resident.passkey
    again.sync()
    assert again.records["profile", resident.id]["card/name"].shown == "Nguyễn Văn An"
    for other in (officer, new_person()):
        other.sync()
        assert ("profile", resident.id) not in other.records


def test_it_may_be_corrected_and_cleared(resident: Person) -> None:
    assert codes(resident, *profile(resident)) == []
    changed = [
        resident.change("profile", resident.id, "card/address", "Quận 3"),
        resident.change("profile", resident.id, "card/old_number", "023456789"),
        *(resident.change("profile", resident.id, key, None) for key in CARD if key != "card/address"),
    ]
    assert codes(resident, *changed) == []


def test_nobody_writes_the_profile_of_another(resident: Person, officer: Person) -> None:
    assert codes(officer, officer.change("profile", resident.id, "owner", officer.id)) == ["write_forbidden"]
    assert codes(resident, *profile(resident)) == []
    officer.records["profile", resident.id] = resident.records["profile", resident.id]
    for key, value in {"owner": officer.id, "card/name": "Kẻ Trộm"}.items():
        assert codes(officer, officer.change("profile", resident.id, key, value)) == ["write_forbidden"]


def test_it_stands_under_its_persons_id_and_begins_with_its_owner(resident: Person, officer: Person) -> None:
    assert codes(resident, resident.change("profile", resident.new_id(), "owner", resident.id)) == ["write_forbidden"]
    assert codes(resident, resident.change("profile", resident.id, "owner", officer.id)) == ["write_forbidden"]
    assert codes(resident, resident.change("profile", resident.id, "card/name", "An")) == ["write_forbidden"]
    resident.records.pop(("profile", resident.id))
    assert codes(resident, *profile(resident)) == []
    assert codes(resident, resident.change("profile", resident.id, "owner", officer.id)) == ["write_forbidden"]
    assert codes(resident, resident.change("profile", resident.id, "owner", None)) == ["write_forbidden"]


def test_two_phones_that_scan_the_card_apart_end_with_one_profile(resident: Person, web: Flask) -> None:
    tablet = another_phone(web, resident)
    changes = [profile(phone, **{"card/address": place}) for phone, place in ((resident, "Quận 1"), (tablet, "Quận 3"))]
    assert codes(resident, *changes[0]) == codes(tablet, *changes[1]) == []
    resident.sync()
    assert resident.digests() == tablet.digests()
    assert resident.records["profile", resident.id]["owner"].shown == resident.id


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("card/number", "07909500012", "value_shape"),
        ("card/number", "07909500012٣", "value_shape"),
        ("card/number", 79095000123, "value_shape"),
        ("card/old_number", "12345678", "value_shape"),
        ("card/name", "", "value_shape"),
        ("card/name", "x" * 101, "value_shape"),
        ("card/name", "An\nBình", "value_shape"),
        ("card/born", "1995-02-29", "value_shape"),
        ("card/born", "28/02/1995", "value_shape"),
        ("card/issued", "2021-13-01", "value_shape"),
        ("card/sex", "Nam", "value_shape"),
        ("card/address", "x" * 301, "value_shape"),
        ("card/address", ["x"], "value_shape"),
        ("card/photo", "x", "key_unknown"),
        ("level", 2, "key_unknown"),
    ],
)
def test_a_value_that_no_card_has_is_refused(resident: Person, key: str, value: Any, code: str) -> None:
    assert codes(resident, *profile(resident)) == []
    assert codes(resident, resident.change("profile", resident.id, key, value)) == [code]
