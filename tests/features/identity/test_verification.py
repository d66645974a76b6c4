"""From a resident at the desk to an identity: an officer's signed word about card, face and phone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from loadtests import identity
from loadtests.identity import CARD, desk_code, portrait, verification, verification_document
from loadtests.person import Person
from server.kinds import Role
from sync.batch import base64url
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.identity.conftest import PHOTO, Verify, checked, codes, held, hold, status


def test_a_check_at_the_desk_makes_an_identity_of_level_2(resident: Person, verify: Verify) -> None:
    found = {name: each.shown for name, each in verify(resident).items()}
    assert ("verification", found["verification"]) in resident.records
    assert resident.now() - 1000 < found.pop("verified_at") < resident.now()
    assert found == {
        "level": 2,
        "name": CARD["full_name"],
        "born": "1995-02-28",
        "sex": "male",
        "number": CARD["number"],
        "photo": base64url(PHOTO),
        "photo_hash": hashlib.sha256(PHOTO).hexdigest()[:32],
        "unit": "1022",
        "verification": found["verification"],
        "withdrawn_at": None,
    }


def test_it_is_the_persons_alone(resident: Person, officer: Person, verify: Verify, new_person: NewPerson) -> None:
    verify(resident)
    guard = new_person(Role.GUARD, "1022")
    for other in (officer, guard, new_person()):
        other.sync()
        pulled = [
            name
            for name in other.records
            if name[0] == "identity" or (other is not officer and name[0] == "verification")
        ]
        assert pulled == []


def test_a_second_check_replaces_the_first_with_all_that_rests_on_it(
    citizen: Person, verify: Verify, guard: Person, new_person: NewPerson
) -> None:
    keys = [hold(citizen, profile) for profile in ("gate", "full")]
    other = new_person(Role.OFFICER, "ben-thanh", name="Lê Văn Cường")
    found = verify(citizen, by=other, photo=portrait(width=300), full_name="Nguyễn Văn Ân", unit="ben-thanh")
    assert (found["name"].shown, found["unit"].shown) == ("Nguyễn Văn Ân", "ben-thanh")
    assert [status(guard, held(citizen, key)) for key in keys] == [1, 1]
    new = hold(citizen, "gate")
    assert held(citizen, new)["list"] == "identity_ben-thanh"
    assert status(guard, held(citizen, new)) == 0


def test_one_card_is_one_account_and_the_latest_check_counts(
    citizen: Person, verify: Verify, guard: Person, new_person: NewPerson
) -> None:
    key = hold(citizen, "gate")
    heir = new_person()  # the same citizen, who lost phone and account
    verify(heir)
    citizen.sync()
    assert citizen.records["identity", citizen.id]["withdrawn_at"].shown is not None
    assert status(guard, held(citizen, key)) == 1
    assert codes(citizen, identity.holding(citizen, "gate")[1]) == ["identity_needed"]
    assert status(guard, held(heir, hold(heir, "gate"))) == 0
    verify(citizen)
    heir.sync()
    assert heir.records["identity", heir.id]["withdrawn_at"].shown is not None
    assert citizen.records["identity", citizen.id]["withdrawn_at"].shown is None


def test_an_officers_phone_may_send_days_later(resident: Person, officer: Person, clock: Clock) -> None:
    change = checked(officer, resident)
    clock.pass_(minutes=6 * 24 * 60)
    assert codes(officer, change) == []
    late = checked(officer, resident)
    clock.pass_(minutes=7 * 24 * 60 + 1)
    assert codes(officer, late) == ["act_expired"]


def test_only_an_officer_checks_in_their_own_name_for_their_own_unit(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    other = new_person()
    guard, operator = new_person(Role.GUARD, "1022"), new_person(Role.OPERATOR, "1022")
    for person in (resident, other, guard, operator):
        assert codes(person, checked(person, resident, unit="1022")) == ["write_forbidden"]
        assert codes(person, checked(person, resident, unit=person.unit or "1022")) == ["write_forbidden"]
    assert codes(officer, checked(officer, resident, unit="ben-thanh")) == ["write_forbidden"]
    assert codes(officer, checked(officer, officer)) == ["write_forbidden"]
    assert codes(officer, checked(officer, resident, name="Bộ trưởng")) == ["act_person"]
    assert codes(officer, checked(officer, resident, person=other.id)) == ["act_passkey"]
    assert codes(officer, checked(officer, resident, subject=other.id)) == ["desk_code"]


def test_what_one_officer_signed_another_does_not_send(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    colleague = new_person(Role.OFFICER, "1022", name="Lê Văn Cường")
    change = checked(officer, resident)
    assert codes(colleague, colleague.change("verification", change["id"], "act", change["value"])) == ["act_person"]
    assert codes(resident, resident.change("verification", change["id"], "act", change["value"])) == ["write_forbidden"]
    assert codes(officer, officer.change("verification", officer.new_id(), "act", change["value"])) == ["act_shape"]
    assert codes(officer, officer.change("verification", change["id"], "act", change["value"])) == []
    assert codes(officer, officer.change("verification", change["id"], "act", change["value"])) == ["record_closed"]


@pytest.mark.parametrize(
    "more",
    [
        {"number": "07909500012"},
        {"number": "0790950001234"},
        {"number": "07909500012٣"},
        {"number": "079095000123\n"},
        {"number": 79095000123},
        {"full_name": ""},
        {"full_name": "x" * 101},
        {"full_name": " An"},
        {"full_name": "An\n"},
        {"full_name": "An\u202egniV"},
        {"full_name": "An\u200b"},
        {"full_name": "\u0301"},
        {"born": "1995-02-29"},
        {"born": "1995-2-28"},
        {"born": "19950228"},
        {"born": "1995-W08-2"},
        {"born": "28/02/1995"},
        {"born": "1899-12-31"},
        {"born": "2026-11-18"},
        {"born": "2126-11-18"},
        {"sex": "Nam"},
        {"checks": []},
        {"checks": ["card"]},
        {"checks": ["face", "card"]},
        {"checks": ["card", "face", "face"]},
        {"photo_sha256": hashlib.sha256(b"another").hexdigest()},
        {"desk_sha256": hashlib.sha256(b"another").hexdigest()},
        {"nonce": "x"},
        {"claimed_at": -1},
        {"typ": "verification/2"},
        {"rp": "evil.example"},
        {"extra": True},
    ],
    ids=lambda more: str(more)[:40],
)
def test_a_document_that_no_desk_makes_is_refused(resident: Person, officer: Person, more: dict[str, Any]) -> None:
    assert codes(officer, checked(officer, resident, **more)) == ["act_shape"]


def test_a_name_in_another_normal_form_is_refused(resident: Person, officer: Person) -> None:
    change = checked(officer, resident)
    change["value"]["document"] = change["value"]["document"].replace("ễ", "e\u0302\u0303")
    (answer,) = officer.exchange([officer.device.batch([change], at=1)])
    assert (answer["result"], answer["code"]) == ("invalid", "value_text")


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (b"", "photo_shape"),
        (portrait(form="PNG"), "photo_shape"),
        (portrait()[:-2], "photo_shape"),
        (portrait(width=1025), "photo_shape"),
        (portrait()[:-2] + bytes(33_000) + b"\xff\xd9", "photo_shape"),
    ],
    ids=["nothing", "PNG", "cut", "wide", "long"],
)
def test_a_photo_is_a_small_jpeg(resident: Person, officer: Person, photo: bytes, code: str) -> None:
    assert codes(officer, checked(officer, resident, photo=photo)) == [code]


def test_the_largest_photo_fits(resident: Person, officer: Person) -> None:
    longest = portrait()[:-2]
    photo = longest + bytes(33_750 - 2 - len(longest)) + b"\xff\xd9"
    assert len(base64url(photo)) == 45_000
    assert codes(officer, checked(officer, resident, photo=photo)) == []


def test_another_photo_or_code_beside_the_signed_document_is_refused(resident: Person, officer: Person) -> None:
    code = desk_code(resident)
    document = verification_document(officer, resident.id, code, PHOTO)
    swapped: Any = verification(officer, document, code, portrait(width=300))
    assert codes(officer, swapped) == ["act_shape"]
    later = desk_code(resident, iat=officer.now() // 1000 - 5)
    assert codes(officer, verification(officer, document, later, PHOTO)) == ["act_shape"]
    for more in ({"photo": None}, {"desk": 7}, {"photo": "=="}, {"extra": ""}):
        act: Any = verification(officer, document, code, PHOTO)
        act["value"] |= more
        assert codes(officer, act) == ["photo_shape" if more == {"photo": "=="} else "act_shape"]
    bare: Any = verification(officer, document, code, PHOTO)
    del bare["value"]["desk"]
    assert codes(officer, bare) == ["act_shape"]
    assert codes(officer, verification(officer, document, code, PHOTO)) == []


def test_a_signature_over_another_document_confirms_nobody(resident: Person, officer: Person) -> None:
    change: Any = checked(officer, resident)
    change["value"]["document"] = change["value"]["document"].replace("1995-02-28", "1955-02-28")
    assert codes(officer, change) == ["act_signature"]
