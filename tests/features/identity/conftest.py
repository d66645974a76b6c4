"""People whose card and face an officer has seen, and a guard who reads the signed status lists."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from loadtests import identity
from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.codes import credential, sign1
from server.kinds import Role
from sync.batch import unbase64url
from sync.record import State
from tests.conftest import Clock
from tests.features.client import post_with
from tests.features.conftest import NewPerson

Verify = Callable[..., State]
PHOTO = identity.portrait()


def codes(person: Person, *changes: Any) -> list[str]:
    """Return the codes with which what a person sends is refused."""
    (answer,) = person.sync(*changes)
    return [each["code"] for each in answer["refused"]]


def hold(person: Person, profile: str) -> Device:
    """Get a credential; return its holder key."""
    key, change = identity.holding(person, profile)
    assert codes(person, change) == []
    return key


def held(person: Person, key: Device) -> Any:
    """Return what a person's phone knows of the credential of a key."""
    return {name: each.shown for name, each in person.records["credential", key.thumbprint].items()}


def claims_of(person: Person, key: Device) -> dict[int, Any]:
    """Return the payload of a credential, once its signature by the unit on the trust list is verified."""
    message = sign1.parse(unbase64url(held(person, key)["cose"]))
    trust = jwk.open_jws(str(person.records["trust", "trust"]["jws"].shown), typ="motcua-trust+jws")
    kid = message.protected[4]
    (signer,) = [each for each in trust.payload["keys"] if sign1.key_id(each["jwk"]) == kid]
    assert signer["unit"] == "1022"
    assert sign1.verify(message, signer["jwk"])
    credential.from_sign1(message)
    return dict(message.claims)


def status(guard: Person, credential: Any) -> int:
    """Return what the signed list that guards pull says of a credential."""
    guard.cursors.setdefault("gates", 0)
    guard.sync()
    jws = jwk.open_jws(str(guard.records["statuslist", credential["list"]]["jwt"].shown), typ="statuslist+jwt")
    trust = jwk.open_jws(str(guard.records["trust", "trust"]["jws"].shown), typ="motcua-trust+jws")
    (signer,) = [each for each in trust.payload["keys"] if each["kid"] == jws.header["kid"]]
    assert jws.signed_by(signer["jwk"])
    bits = zlib.decompress(unbase64url(jws.payload["status_list"]["lst"]))
    return bits[credential["index"] // 2] >> 4 * (credential["index"] % 2) & 0xF


def checked(officer: Person, resident: Person, *, code: str = "", photo: bytes = PHOTO, **more: Any) -> Any:
    """Return the change by which an officer confirms a resident, with members of the document changed."""
    code = code or identity.desk_code(resident)
    document = identity.verification_document(officer, resident.id, code, photo) | more
    return identity.verification(officer, document, code, photo)


def another_phone(web: Flask, person: Person) -> Person:
    """Return another phone of the same person, signed in with the same passkey."""
    phone = Person(post=post_with(web.test_client()), rp="localhost", origin=person.origin, now=person.now)
    phone.passkey = person.passkey
    phone.sign_in()
    phone.enrol_device()
    phone.sync()
    return phone


@pytest.fixture
def verify(officer: Person, clock: Clock) -> Verify:
    """Have an officer check a person, a minute after whatever was before; return their identity."""

    def check(person: Person, *, by: Person = officer, photo: bytes = PHOTO, **more: Any) -> State:
        clock.pass_(minutes=1)
        code = identity.desk_code(person)
        document = identity.verification_document(by, person.id, code, photo) | more
        assert codes(by, identity.verification(by, document, code, photo)) == []
        person.sync()
        return person.records["identity", person.id]

    return check


@pytest.fixture
def citizen(resident: Person, verify: Verify) -> Person:
    """A resident of level 2."""
    verify(resident)
    return resident


@pytest.fixture
def guard(new_person: NewPerson) -> Person:
    return new_person(Role.GUARD, "ben-thanh", name="Lê Văn Gác")
