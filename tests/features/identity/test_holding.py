"""Credentials: what each profile discloses, to which key it is bound, and what becomes of it."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from flask import Flask

from loadtests import identity
from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.codes import base, presentation, sign1
from server.credentials import PROOF
from sync.batch import base64url, unbase64url
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.identity.conftest import PHOTO, Verify, another_phone, claims_of, codes, held, hold, status

EXP, IAT, CNF, DETAILS = 4, 6, 8, -65537
PROFILE, INDEX, NAME, BORN, PHOTO_HASH, AGES = 1, 3, 4, 5, 6, 7
DAY = 24 * 60


@pytest.mark.parametrize(
    ("profile", "number", "discloses"),
    [
        ("gate", 1, {NAME: "Nguyễn Văn An", PHOTO_HASH: None}),
        ("age", 2, {AGES: 0b0111}),
        ("full", 3, {NAME: "Nguyễn Văn An", BORN: 19950228, PHOTO_HASH: None, AGES: 0b0111}),
    ],
)
def test_a_profile_discloses_what_it_says_and_nothing_more(
    citizen: Person, profile: str, number: int, discloses: dict[int, Any]
) -> None:
    key = hold(citizen, profile)
    claims = claims_of(citizen, key)
    if PHOTO_HASH in discloses:
        discloses[PHOTO_HASH] = bytes.fromhex(str(citizen.records["identity", citizen.id]["photo_hash"].shown))
    assert claims.keys() == {EXP, IAT, CNF, DETAILS}
    index = held(citizen, key)["index"]
    assert claims[DETAILS] == {PROFILE: number, INDEX: index, **discloses}
    withheld = {NAME, BORN, PHOTO_HASH, AGES} - discloses.keys()
    assert not withheld & claims[DETAILS].keys()
    cose = unbase64url(held(citizen, key)["cose"])
    secrets = {"079095000123", "19950228", "1995-02-28", "male", citizen.id, citizen.device.id, "nonce"}
    assert not [each for each in secrets if each.encode() in cose]
    assert ("Nguyễn".encode() in cose) == (NAME in discloses)
    protected = cbor2.loads(cbor2.loads(cose)[0])
    assert (protected[1], protected[16]) == (-7, 293)


def test_it_is_bound_to_the_holders_key_until_the_end_of_the_thirtieth_day(citizen: Person, guard: Person) -> None:
    key = hold(citizen, "gate")
    claims, known = claims_of(citizen, key), held(citizen, key)
    x, y = unbase64url(str(key.jwk["x"])), unbase64url(str(key.jwk["y"]))
    assert claims[CNF] == {1: {1: 2, -1: 1, -2: x, -3: y[-1] % 2 == 1}}
    day = citizen.now() // 86_400_000 * 86_400
    assert (claims[IAT], claims[EXP]) == (day, day + 31 * 86_400)
    del known["cose"], known["issued_at"], known["index"]
    assert known == {
        "person": citizen.id,
        "device": citizen.device.id,
        "profile": "gate",
        "list": "identity_1022",
        "exp": claims[EXP],
    }
    assert status(guard, held(citizen, key)) == 0


def test_credentials_of_one_person_have_nothing_in_common(citizen: Person) -> None:
    """Two guards who put their heads together don't find that two codes of profile age are of one person."""
    first, second = (claims_of(citizen, hold(citizen, "age")) for _ in range(2))
    assert first[CNF] != second[CNF]
    assert abs(first[DETAILS][INDEX] - second[DETAILS][INDEX]) > 1
    assert first[IAT] % 86_400 == first[EXP] % 86_400 == 0


@pytest.mark.parametrize(
    ("born", "flags"),
    [
        ("2012-11-18", 0b0001),
        ("2012-11-19", 0b0000),
        ("2010-11-18", 0b0011),
        ("2008-11-19", 0b0011),
        ("2008-11-18", 0b0111),
        ("1966-11-19", 0b0111),
        ("1966-11-18", 0b1111),
        ("1904-02-29", 0b1111),
    ],
)
def test_age_flags_are_of_the_citys_day(resident: Person, verify: Verify, clock: Clock, born: str, flags: int) -> None:
    """The test city's clock starts at 14:06 of 18 November 2026 in Vietnam."""
    verify(resident, born=born)
    said = claims_of(resident, hold(resident, "age"))[DETAILS]
    assert said == {PROFILE: 2, INDEX: said[INDEX], AGES: flags}
    clock.pass_(minutes=9 * 60 + 55)  # 17:01 in Greenwich, the 19th in the city
    flags |= {"2012-11-19": 0b0001, "2008-11-19": 0b0100, "1966-11-19": 0b1000}.get(born, 0)
    assert claims_of(resident, hold(resident, "age"))[DETAILS][AGES] == flags


def test_a_long_name_is_shortened_in_the_credential_alone(resident: Person, verify: Verify) -> None:
    name = "Công Tằng Tôn Nữ Hoàng Thị Minh Nguyệt Thiên Hương Ngọc Lan Quỳnh Anh"
    found = verify(resident, full_name=name)
    assert found["name"].shown == name
    shown = claims_of(resident, hold(resident, "full"))[DETAILS][NAME]
    assert shown.startswith("Công ")
    assert shown.endswith(" Anh")
    assert len(identity.presented(resident, hold(resident, "full"), audience="1234567890", challenge=bytes(8))) <= 528


def test_there_is_no_credential_before_a_check_nor_after_a_withdrawal(resident: Person, verify: Verify) -> None:
    assert codes(resident, identity.holding(resident, "gate")[1]) == ["identity_needed"]
    verify(resident)
    hold(resident, "gate")
    assert codes(resident, identity.withdrawal(resident, resident.id)) == []
    assert codes(resident, identity.holding(resident, "gate")[1]) == ["identity_needed"]
    verify(resident)
    hold(resident, "gate")


def test_the_proof_is_by_the_holder_key_over_this_record(citizen: Person) -> None:
    key, change = identity.holding(citizen, "gate")
    asked: Any = change
    id, other = citizen.new_id(), Device()
    wrong = {
        "over another record": (id, asked["value"]),
        "by another key": (asked["id"], {**asked["value"], "jwk": other.jwk}),
        "by the phone": (id, {**asked["value"], "proof": proof(citizen.device, id)}),
        "over something else": (id, {**asked["value"], "proof": base64url(jwk.sign(key.key, id.encode()))}),
        "in DER": (id, {**asked["value"], "proof": base64url(bytes(71))}),
        "none": (id, {**asked["value"], "proof": ""}),
        "no base64url": (id, {**asked["value"], "proof": "=" * 86}),
        "a private key": (asked["id"], {**asked["value"], "jwk": {**key.jwk, "d": "AAAA"}}),
        "another curve": (asked["id"], {**asked["value"], "jwk": {**key.jwk, "crv": "P-384"}}),
        "off the curve": (asked["id"], {**asked["value"], "jwk": {**key.jwk, "y": base64url(bytes(32))}}),
    }
    for name, (record, value) in wrong.items():
        citizen.records.pop(("holding", record), None)
        assert codes(citizen, citizen.change("holding", record, "holding", value)) == ["holder_proof"], name
    assert codes(citizen, change) == []


def proof(key: Device, id: str) -> str:
    return base64url(jwk.sign(key.key, PROOF + id.encode()))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"profile": "invitation"}, "value_shape"),
        ({"profile": "GATE"}, "value_shape"),
        ({"profile": 1}, "value_shape"),
        ({"profile": None}, "value_shape"),
        ({"jwk": None}, "value_shape"),
        ({"jwk": {"kty": 1}}, "value_shape"),
        ({"jwk": {}}, "holder_proof"),
        ({"proof": None}, "value_shape"),
        ({"proof": "A" * 101}, "value_shape"),
        ({"exp": 2**40}, "value_shape"),
        ({"person": "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9"}, "value_shape"),
    ],
)
def test_a_holding_of_another_form_is_refused(citizen: Person, more: dict[str, Any], code: str) -> None:
    _, change = identity.holding(citizen, "gate")
    asked: Any = change
    asked["value"] |= more
    assert codes(citizen, asked) == [code]
    other = citizen.change("holding", citizen.new_id(), "profile", asked["value"])
    assert codes(citizen, other) == ["key_unknown"]


def test_a_key_holds_one_thing(citizen: Person, verify: Verify, new_person: NewPerson, clock: Clock) -> None:
    key = hold(citizen, "gate")
    for profile in ("gate", "age"):
        assert codes(citizen, identity.holding(citizen, profile, key=key)[1]) == ["holder_taken"]
    heir = new_person()
    verify(heir, number="079095000999")
    assert codes(heir, identity.holding(heir, "gate", key=key)[1]) == ["holder_taken"]
    fresh = Device()
    both = [identity.holding(citizen, profile, key=fresh)[1] for profile in ("age", "full")]
    assert codes(citizen, *both) == ["holder_taken"]
    assert codes(citizen, identity.withdrawal(citizen, citizen.id)) == []
    verify(citizen)
    assert codes(citizen, identity.holding(citizen, "gate", key=key)[1]) == ["holder_taken"]


def test_a_phones_own_key_holds_nothing(citizen: Person, officer: Person) -> None:
    for device in (citizen.device, officer.device):
        assert codes(citizen, identity.holding(citizen, "gate", key=device)[1]) == ["holder_taken"]


def test_the_same_record_or_batch_again_makes_no_second_credential(citizen: Person) -> None:
    _, change = identity.holding(citizen, "gate")
    batch = citizen.device.batch([change], at=citizen.now())
    for result in ("ok", "dup"):
        (answer,) = citizen.exchange([batch])
        assert (answer["result"], answer["refused"]) == (result, [])
    assert codes(citizen, change) == ["holder_taken"]
    assert len([id for kind, id in citizen.records if kind == "credential"]) == 1


def test_a_holding_that_another_sent_again_gives_them_nothing(
    citizen: Person, verify: Verify, new_person: NewPerson
) -> None:
    thief = new_person()
    verify(thief, number="079095000999")
    _, change = identity.holding(citizen, "gate")
    asked: Any = change
    assert codes(citizen, asked) == []
    copied = thief.change("holding", asked["id"], "holding", asked["value"])
    assert codes(thief, copied) == ["holder_taken"]


def test_a_phone_renews_and_shows_the_old_one_until_the_new_one_came(
    citizen: Person, guard: Person, clock: Clock
) -> None:
    first = hold(citizen, "gate")
    clock.pass_(minutes=21 * DAY)
    second = hold(citizen, "gate")
    assert [status(guard, held(citizen, key)) for key in (first, second)] == [0, 0]
    third = hold(citizen, "gate")
    assert [status(guard, held(citizen, key)) for key in (first, second, third)] == [0, 1, 0]
    assert held(citizen, second)["revoked_at"] is not None
    assert "revoked_at" not in held(citizen, first)


def test_a_person_has_twelve_at_once_and_the_oldest_gives_way(
    citizen: Person, guard: Person, clock: Clock, web: Flask
) -> None:
    phones = [citizen, *(another_phone(web, citizen) for _ in range(4))]
    keys = []
    for phone in phones[:4]:
        keys += [hold(phone, profile) for profile in ("gate", "age", "full")]
        clock.pass_(minutes=1)
    citizen.sync()
    assert [status(guard, held(citizen, key)) for key in keys] == [0] * 12
    newest = hold(phones[4], "gate")
    citizen.sync()
    assert [status(guard, held(citizen, key)) for key in (*keys, newest)] == [1] + [0] * 12


def test_a_lost_phone_takes_its_credentials_with_it_and_no_others(citizen: Person, guard: Person, web: Flask) -> None:
    lost = another_phone(web, citizen)
    gone, kept = hold(lost, "gate"), hold(citizen, "gate")
    citizen.post(f"/auth/devices/{lost.device.id}/revoke", {})
    citizen.sync()
    assert [status(guard, held(citizen, key)) for key in (gone, kept)] == [1, 0]
    assert held(citizen, gone)["revoked_at"] is not None


def test_what_a_phone_shows_is_what_the_guard_can_verify(citizen: Person) -> None:
    key = hold(citizen, "full")
    prefix, data = base.decode_text(identity.presented(citizen, key, audience="7"))
    message = sign1.parse(data)
    shown = presentation.from_sign1(message)
    assert (prefix, shown.audience) == ("MCP1:", "7")
    assert sign1.verify(message, key.jwk)
    assert shown.issuer == unbase64url(held(citizen, key)["cose"])
    assert PHOTO not in data


def test_nobody_uses_up_the_status_list(citizen: Person, clock: Clock) -> None:
    changes = [identity.holding(citizen, "age")[1] for _ in range(102)]
    assert codes(citizen, *changes) == ["holding_limit"] * 2
    assert len([id for kind, id in citizen.records if kind == "credential"]) == 100
    clock.pass_(minutes=30 * DAY)
    hold(citizen, "age")
