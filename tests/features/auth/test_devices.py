"""Devices, their sessions and links: what a phone may do, and when it may no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from loadtests.authenticator import Device
from loadtests.person import Person
from server.auth import Parts, links
from server.auth.links import Link
from server.errors import Problem
from server.kinds import Role
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with


def enrolled(who: Person, **changes: Any) -> str:
    """Enrol a new device with a changed document; return the code of the problem, or "ok"."""
    who.device = Device()
    body = who.device_enrolment()
    document = json.loads(body["document"]) | changes
    return outcome(who, "/auth/devices", {**body, **who.passkey.sign(document)})


def outcome(who: Person, path: str, body: Any) -> str:
    try:
        who.post(path, body)
    except Problem as problem:
        return problem.code
    return "ok"


def other_phone(of: Person, web: Flask) -> Person:
    """Return the same person on a phone of their own, signed in with a synced passkey."""
    phone = Person(post_with(web.test_client()), "localhost", ORIGIN, of.now)
    phone.passkey = of.passkey
    phone.sign_in()
    return phone


def test_revoking_ends_the_session_that_the_device_was_enrolled_in_and_no_other(resident: Person, web: Flask) -> None:
    second = other_phone(resident, web)
    second.enrol_device()
    second.post(f"/auth/devices/{resident.device.id}/revoke", {})
    assert outcome(resident, "/auth/links", {}) == "signed_out"
    assert outcome(second, "/auth/links", {}) == "ok"


def test_why_and_by_whom_a_device_was_revoked_is_kept(resident: Person, officer: Person, web: Flask) -> None:
    second = other_phone(resident, web)
    second.enrol_device()
    officer.post(f"/auth/devices/{resident.device.id}/revoke", {"reason": "Báo mất máy."})
    second.sync()
    state = second.records["device", resident.device.id]
    assert (state["revoked_by"].shown, state["revoked_for"].shown) == (officer.id, "Báo mất máy.")


def test_a_revoked_device_key_never_comes_back(resident: Person, web: Flask) -> None:
    second = other_phone(resident, web)
    second.post(f"/auth/devices/{resident.device.id}/revoke", {})
    resident.sign_in()
    assert outcome(resident, "/auth/devices", resident.device_enrolment()) != "ok"


def test_a_link_for_ones_own_phone_lasts_ten_minutes(resident: Person, web: Flask, clock: Clock) -> None:
    url = resident.post("/auth/links", {})["url"]
    assert url.startswith(f"{ORIGIN}/enrol#")
    client, token = web.test_client(), url.split("#")[1]
    assert client.get(f"/auth/links/{token}").json == {"role": "resident", "name": resident.name}
    clock.pass_(minutes=10)
    assert client.get(f"/auth/links/{token}").status_code == 404


def test_looking_at_a_link_does_not_use_it(city: Parts, web: Flask) -> None:
    token = links.create(city, Link(role=Role.GUARD, unit="ben-thanh")).split("#")[1]
    shown = [web.test_client().get(f"/auth/links/{token}").json for _ in range(2)]
    assert shown == [{"role": "guard", "unit": "ben-thanh"}] * 2


def test_revoking_a_lost_phone_ends_the_session_of_a_later_sign_in_on_it(resident: Person, web: Flask) -> None:
    second = other_phone(resident, web)
    resident.post("/auth/signout", {})
    resident.sign_in()
    second.post(f"/auth/devices/{resident.device.id}/revoke", {})
    assert outcome(resident, "/auth/links", {}) == "signed_out"


def test_G5_a_credential_id_with_stray_bits_is_a_problem_and_no_failure(resident: Person) -> None:
    resident.device = Device()
    body = resident.device_enrolment()
    act: Any = resident.passkey.sign(json.loads(body["document"]) | {"credential": "AB"})
    act["assertion"]["credential"] = "AB"
    assert outcome(resident, "/auth/devices", {**body, **act}) in ("act_shape", "act_passkey", "base64url")


@pytest.mark.parametrize("scope", [["present"], ["sync", "sync"], ["sync"]])
def test_a_device_is_enrolled_for_exactly_sync_and_present(resident: Person, scope: list[str]) -> None:
    assert enrolled(resident, scope=scope) == "act_shape"


def test_a_device_sends_nothing_after_its_document_has_expired(resident: Person, clock: Clock) -> None:
    clock.pass_(minutes=366 * 24 * 60)
    resident.sign_in()
    (answer,) = resident.sync(resident.change("draft", resident.new_id(), "owner", resident.id))
    assert answer["result"] == "invalid"


def test_G3_an_enrolment_whose_answer_was_lost_may_be_sent_again(resident: Person) -> None:
    resident.device = Device()
    body = resident.device_enrolment()
    assert resident.post("/auth/devices", body) == resident.post("/auth/devices", body)


def test_staff_get_the_name_that_their_link_was_made_for(city: Parts, web: Flask, clock: Clock) -> None:
    link = Link(role=Role.OFFICER, unit="1022", name="Trần Thị Bích")
    person = Person(post_with(web.test_client()), "localhost", ORIGIN, clock, name="Chủ tịch thành phố")
    person.register(links.create(city, link).split("#")[1])
    assert person.name == "Trần Thị Bích"
