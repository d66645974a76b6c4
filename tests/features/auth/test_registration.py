"""Residents who registered after the backup that the service was restored from come back as who they are (B11)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from loadtests import crowd
from loadtests.authenticator import Passkey
from loadtests.person import FEEDBACK, PROCEDURE, Person
from server import jwk
from server.auth import Parts, links
from server.auth.acts import passkey_id
from server.auth.links import OWN_PHONE, Link
from server.auth.registration import TYPE
from server.errors import Problem
from server.issuers import ROOT
from server.kinds import Role
from tests.features.client import post_with
from tests.features.conftest import NewPerson
from tests.features.disaster import Disaster
from tests.features.test_restored import sent


def registration_of(person: Person) -> str:
    return person.registration()["registration"]


def claims(person: Person, jws: str) -> None:
    """Have somebody sign in with these words about them."""
    begun = person.post("/auth/signin/options", {})
    answer = {"ceremony": begun["ceremony"], "credential": person.passkey.sign_in(begun["options"])}
    person.post("/auth/signin", answer | {"registration": jws})


def refused(person: Person, jws: str) -> str:
    with pytest.raises(Problem) as caught:
        claims(person, jws)
    return caught.value.code


def records_of(person: Person) -> dict[str, Any]:
    """Return what a person reads of themselves, without the words that were signed anew."""
    return {
        kind: {key: each.shown for key, each in state.items() if key != "jws"}
        for (kind, _), state in person.records.items()
        if kind in ("person", "passkey", "registration", "device")
    }


def test_B11_all_of_somebody_who_registered_since_comes_back_with_the_same_receipt(
    disaster: Disaster, new_person: NewPerson
) -> None:
    disaster.back_up()
    new = new_person(name="Đỗ Thị Hạnh")
    id, change = new.submission(PROCEDURE, FEEDBACK)
    kept = [sent(new, change)]
    new.sync()
    me, receipt, before = new.id, new.records["receipt", id]["jws"].shown, records_of(new)
    disaster.strike(new)
    assert new.id == me
    new.enrol_device()
    assert [answer["result"] for answer in new.exchange(kept, receipts=new.receipts())] == ["ok"]
    assert new.records["receipt", id]["jws"].shown == receipt
    after = records_of(new)
    for each in (before, after):
        for when in ("enrolled_at", "expires_at", "document", "assertion"):
            del each["device"][when]  # the phone was bound once more
    assert after == before
    disaster.back_up()
    new.sign_in()  # now as anybody does
    assert new.id == me


def test_B11_somebody_comes_back_from_every_restore(disaster: Disaster, new_person: NewPerson) -> None:
    disaster.back_up()
    new = new_person()
    me = new.id
    for _ in range(2):
        disaster.strike(new)
        assert new.id == me
        new.sync()


def test_B11_a_further_passkey_of_somebody_known_comes_back(
    disaster: Disaster, resident: Person, new_person: NewPerson, city: Parts
) -> None:
    disaster.back_up()
    link = Link(role=Role.RESIDENT, unit=None, name=resident.name, person=resident.id)
    secret = links.create(city, link, lasts=OWN_PHONE).split("#")[1]
    resident.passkey = Passkey(rp=resident.rp, origin=resident.origin)
    resident.register(secret)
    resident.sync()
    disaster.strike(resident)
    resident.sync()
    assert {kind for kind, _ in resident.records} >= {"person", "passkey", "registration"}
    assert ("passkey", passkey_id(resident.passkey.credential)) in resident.records


def test_B11_only_what_this_city_signed_of_the_passkey_before_the_restore_is_believed(
    disaster: Disaster, new_person: NewPerson, officer: Person
) -> None:
    disaster.back_up()
    new, other = new_person(), new_person(name="Trần Văn Bình")
    own, others = registration_of(new), registration_of(other)
    claims(new, "x")  # a passkey that is known needs no words
    opened = jwk.open_jws(own, typ=TYPE)
    header, payload = {"typ": TYPE, "kid": opened.header["kid"]}, dict(opened.payload)
    forged = jwk.sign_jws(Passkey(rp="localhost", origin=new.origin).key, header=header, payload=payload)
    receipt = new.submission(PROCEDURE, FEEDBACK)[1]
    sent(new, receipt)
    new.sync()
    (signed_by_a_unit,) = new.receipts().values()
    parts = disaster.strike()
    new.post = post_with(disaster.client())
    for wrong in (others, forged, signed_by_a_unit, own[:-4], f"{own}x", "a.b.c", "", "x" * 8192):
        assert refused(new, wrong) == "passkey_unknown"
    assert refused(new, "x" * 8193) == "bad_request"
    with parts.store.read() as look:
        assert look.get("person", new.id) is None

    def signed(**changed: object) -> str:
        with parts.store.read() as look:
            return parts.issuers.sign_jws(ROOT, TYPE, payload | changed, look=look)  # type: ignore[arg-type]

    later = parts.store.life.restored_at
    for wrong in (
        signed(created_at=later),
        signed(rp="elsewhere"),
        signed(name=5),
        signed(role="officer"),
        signed(person=officer.id),
    ):
        assert refused(new, wrong) == "passkey_unknown"
    claims(new, own)


def test_B11_staff_come_by_a_link_of_their_operator(
    disaster: Disaster, new_person: NewPerson, resident: Person
) -> None:
    disaster.back_up()
    officer = new_person(Role.OFFICER, "1022")
    assert officer.registration() == {}
    with pytest.raises(Problem, match="passkey_unknown"):
        disaster.strike(officer)


def test_B11_nobody_comes_back_to_a_service_that_was_never_restored(new_person: NewPerson, city: Parts) -> None:
    person = new_person()
    own = registration_of(person)
    person.passkey = Passkey(rp=person.rp, origin=person.origin)
    assert refused(person, own) == "passkey_unknown"


def test_B11_who_registered_before_such_words_were_signed_has_them_from_the_next_time_they_sign_in(
    web: Flask, city: Parts
) -> None:
    ((person, _),) = crowd.make(city, 1)
    person.passkey.user = person.id.encode()
    person.post = post_with(web.test_client())
    person.sign_in()
    person.sync()
    assert person.registration()
