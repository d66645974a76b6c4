"""Accounts over HTTP: passkey ceremonies, sessions, device keys and links, and what must not pass."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

import cbor2
import pytest
from flask import Flask

from loadtests.authenticator import Device, Passkey
from loadtests.person import Person
from server.auth import Parts, acts, links
from server.auth.links import Link
from server.errors import Problem
from server.kinds import Role
from sync.batch import base64url, unbase64url
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with
from tests.features.conftest import NewPerson

pytestmark = pytest.mark.both_engines

Post = Callable[[str, Any], Any]


@pytest.fixture
def post(web: Flask, city: Parts) -> Post:
    return post_with(web.test_client())


def refused(post: Post, path: str, body: Any) -> str:
    with pytest.raises(Problem) as caught:
        post(path, body)
    return caught.value.code


class Odd(Passkey):
    """A passkey whose browser says or does something that must not pass."""

    says: ClassVar[dict[str, Any]] = {}
    flags = 0x05
    other_rp: str | None = None

    def client_data(self, typ: str, challenge: bytes, **more: object) -> bytes:
        said = json.loads(super().client_data(typ, challenge, **more))
        return json.dumps(said | self.says).encode()

    def authenticator_data(self, flags: int, *, rp: str | None = None) -> bytes:
        return super().authenticator_data(flags & ~0x05 | self.flags, rp=self.other_rp)


def odd(**odds: Any) -> Odd:
    passkey = Odd(rp="localhost", origin=ORIGIN)
    for name, value in odds.items():
        setattr(passkey, name, value)
    return passkey


ODD: dict[str, dict[str, Any]] = {
    "a frame in a page of another origin": {"says": {"crossOrigin": True}},
    "a top origin": {"says": {"topOrigin": "https://evil.example"}},
    "another origin": {"says": {"origin": "https://evil.example"}},
    "another type": {"says": {"type": "payment.get"}},
    "another challenge": {"says": {"challenge": base64url(b"x" * 32)}},
    "no user verification": {"flags": 0x01},
    "no user present": {"flags": 0x04},
    "another relying party": {"other_rp": "evil.example"},
}


@pytest.mark.parametrize("how", ODD)
def test_a_registration_with_what_must_not_pass_is_refused(post: Post, how: str) -> None:
    begun = post("/auth/register/options", {"name": "An"})
    credential = odd(**ODD[how]).register(begun["options"])
    assert (
        refused(post, "/auth/register", {"ceremony": begun["ceremony"], "credential": credential}) == "passkey_refused"
    )


@pytest.mark.parametrize("how", ODD)
def test_a_sign_in_with_what_must_not_pass_is_refused(post: Post, resident: Person, how: str) -> None:
    passkey = odd(key=resident.passkey.key, id=resident.passkey.id, user=resident.passkey.user, **ODD[how])
    begun = post("/auth/signin/options", {})
    credential = passkey.sign_in(begun["options"])
    assert refused(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": credential}) == "passkey_refused"


def signed_in_with(post: Post, passkey: Passkey, spoil: Callable[[dict[str, Any], bytes], None]) -> str:
    """Sign in with an answer that `spoil` changes and the passkey then signs properly."""
    begun = post("/auth/signin/options", {})
    challenge = unbase64url(begun["options"]["challenge"])
    credential = passkey.sign_in(begun["options"])
    spoil(credential, challenge)
    return refused(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": credential})


def resign(credential: dict[str, Any], passkey: Passkey, client_data: bytes) -> None:
    signed = passkey.assertion(client_data, passkey.authenticator_data(0x05))
    credential["response"] |= {
        "clientDataJSON": signed["client_data"],
        "authenticatorData": signed["authenticator_data"],
        "signature": signed["signature"],
    }


def test_client_data_that_says_something_twice_is_refused(post: Post, resident: Person) -> None:
    def spoil(credential: dict[str, Any], challenge: bytes) -> None:
        usual = resident.passkey.client_data("webauthn.get", challenge).decode()
        twice = usual[:-1] + f',"challenge":"{base64url(challenge)}"}}'
        resign(credential, resident.passkey, twice.encode())

    assert signed_in_with(post, resident.passkey, spoil) == "passkey_refused"


def padded(challenge: bytes) -> bytes:
    return base64.urlsafe_b64encode(challenge)


def test_a_padded_challenge_is_refused(post: Post, resident: Person) -> None:
    def spoil(credential: dict[str, Any], challenge: bytes) -> None:
        usual = resident.passkey.client_data("webauthn.get", challenge)
        resign(credential, resident.passkey, usual.replace(base64url(challenge).encode(), padded(challenge)))

    assert signed_in_with(post, resident.passkey, spoil) == "passkey_refused"


def test_an_answer_under_the_id_of_another_passkey_is_refused(
    post: Post, resident: Person, new_person: NewPerson
) -> None:
    other = new_person(name="Lê Văn Cường")

    def spoil(credential: dict[str, Any], _: bytes) -> None:
        credential["id"] = credential["rawId"] = other.passkey.credential

    assert signed_in_with(post, resident.passkey, spoil) == "passkey_refused"


def test_an_answer_with_the_user_handle_of_another_is_refused(post: Post, resident: Person) -> None:
    def spoil(credential: dict[str, Any], _: bytes) -> None:
        credential["response"]["userHandle"] = base64url(b"somebody else")

    assert signed_in_with(post, resident.passkey, spoil) == "passkey_refused"


def test_a_passkey_that_is_not_known_here_signs_nobody_in(post: Post) -> None:
    passkey = Passkey(rp="localhost", origin=ORIGIN)
    assert signed_in_with(post, passkey, lambda credential, challenge: None) == "passkey_unknown"


def test_a_ceremony_works_once_and_for_five_minutes(post: Post, resident: Person, clock: Clock) -> None:
    begun = post("/auth/signin/options", {})
    body = {"ceremony": begun["ceremony"], "credential": resident.passkey.sign_in(begun["options"])}
    assert post("/auth/signin", body)["person"]["id"] == resident.id
    assert refused(post, "/auth/signin", body) == "ceremony_unknown"
    begun = post("/auth/signin/options", {})
    clock.pass_(minutes=5)
    body = {"ceremony": begun["ceremony"], "credential": resident.passkey.sign_in(begun["options"])}
    assert refused(post, "/auth/signin", body) == "ceremony_unknown"


def test_a_ceremony_of_registration_signs_nobody_in(post: Post, resident: Person) -> None:
    begun = post("/auth/register/options", {"name": "An"})
    credential = resident.passkey.sign_in({"challenge": begun["options"]["challenge"]})
    body = {"ceremony": begun["ceremony"], "credential": credential}
    assert refused(post, "/auth/signin", body) == "ceremony_unknown"


def test_a_passkey_makes_one_account(post: Post, resident: Person) -> None:
    begun = post("/auth/register/options", {"name": "An"})
    body = {"ceremony": begun["ceremony"], "credential": resident.passkey.register(begun["options"])}
    assert refused(post, "/auth/register", body) == "passkey_taken"


def test_a_key_of_a_weak_or_unknown_kind_is_refused(post: Post) -> None:
    class Unknown(Passkey):
        def public_key(self) -> bytes:
            return cbor2.dumps({1: 2, 3: -35, -1: 2, -2: bytes(48), -3: bytes(48)})

    begun = post("/auth/register/options", {"name": "An"})
    credential = Unknown(rp="localhost", origin=ORIGIN).register(begun["options"])
    assert (
        refused(post, "/auth/register", {"ceremony": begun["ceremony"], "credential": credential}) == "passkey_refused"
    )


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(web: Flask, resident: Person) -> None:
    client = web.test_client()
    post = post_with(client)
    begun = post("/auth/signin/options", {})
    body = {"ceremony": begun["ceremony"], "credential": resident.passkey.sign_in(begun["options"])}
    answer = client.post("/auth/signin", json=body, headers={"Origin": ORIGIN})
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_a_session_ends_with_signing_out_and_after_ninety_days(resident: Person, clock: Clock) -> None:
    resident.post("/auth/links", {})
    clock.pass_(minutes=90 * 24 * 60)
    assert refused(resident.post, "/auth/links", {}) == "signed_out"
    resident.sign_in()
    resident.post("/auth/links", {})
    resident.post("/auth/signout", {})
    assert refused(resident.post, "/auth/links", {}) == "signed_out"


def enrolment(who: Person, **changes: Any) -> dict[str, Any]:
    """Return a device enrolment whose document was changed before it was signed."""
    body = who.device_enrolment()
    document = json.loads(body["document"]) | changes
    return {**body, **who.passkey.sign(document)}


def test_a_device_is_bound_by_a_passkey_of_its_person_alone(new_person: NewPerson) -> None:
    person, other = new_person(), new_person(name="Lê Văn Cường")
    person.device = Device()
    for changes, code in (
        ({"person": other.id}, "act_person"),
        ({"jkt": Device().thumbprint}, "act_shape"),
        ({"credential": other.passkey.credential}, "act_shape"),
        ({"rp": "evil.example"}, "act_shape"),
        ({"scope": ["everything"]}, "act_shape"),
        ({"exp": person.now()}, "act_expired"),
        ({"exp": person.now() + 401 * 86_400_000}, "act_expired"),
    ):
        assert refused(person.post, "/auth/devices", enrolment(person, **changes)) == code, changes
    body = person.device_enrolment()
    foreign = {**body, **other.passkey.sign(json.loads(body["document"]))}
    assert refused(person.post, "/auth/devices", foreign) == "act_shape"
    person.passkey, mine = other.passkey, person.passkey
    assert refused(person.post, "/auth/devices", enrolment(person)) == "act_passkey"
    person.passkey = mine
    person.enrol_device()
    assert refused(person.post, "/auth/devices", person.device_enrolment()) == "device_taken"


def test_a_device_key_off_the_curve_or_with_private_parts_is_refused(resident: Person) -> None:
    resident.device = Device()
    for spoil in ({"x": base64url(bytes(32))}, {"crv": "P-384"}, {"d": base64url(bytes(32))}):
        body = resident.device_enrolment()
        body["jwk"] = {**body["jwk"], **spoil}
        assert refused(resident.post, "/auth/devices", body) == "act_shape", spoil


def test_a_revoked_device_sends_nothing_and_its_sessions_end(resident: Person, web: Flask) -> None:
    second = Person(post_with(web.test_client()), "localhost", ORIGIN, resident.now)
    second.passkey = resident.passkey
    second.sign_in()
    second.enrol_device()
    second.sync()
    resident.post(f"/auth/devices/{second.device.id}/revoke", {})
    with pytest.raises(Problem, match="signed_out"):
        second.sync()
    second.sign_in()
    (answer,) = second.sync(second.change("draft", second.new_id(), "owner", second.id))
    assert answer == {"result": "invalid", "code": "device_revoked", "retry": False}


def test_only_its_person_or_staff_with_a_reason_revokes_a_device(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    path = f"/auth/devices/{resident.device.id}/revoke"
    assert refused(new_person().post, path, {"reason": "for fun"}) == "device_unknown"
    assert refused(officer.post, path, {}) == "device_unknown"
    officer.post(path, {"reason": "Người dân báo mất máy."})
    with pytest.raises(Problem, match="signed_out"):
        resident.sync()


def test_a_link_enrols_one_person_once_within_its_day(city: Parts, post: Post, clock: Clock) -> None:
    token = links.create(city, Link(role=Role.GUARD, unit="ben-thanh")).split("#")[1]
    person = Person(post, "localhost", ORIGIN, clock)
    person.register(token)
    assert (person.role, person.unit) == ("guard", "ben-thanh")
    assert refused(post, "/auth/register/options", {"name": "An", "link": token}) == "link_unknown"
    late = links.create(city, Link(role=Role.OFFICER, unit="1022")).split("#")[1]
    clock.pass_(minutes=24 * 60)
    assert refused(post, "/auth/register/options", {"name": "An", "link": late}) == "link_unknown"


def test_two_who_began_with_one_link_do_not_both_end_with_it(city: Parts, web: Flask) -> None:
    token = links.create(city, Link(role=Role.OPERATOR, unit="ben-thanh")).split("#")[1]
    posts = [post_with(web.test_client()) for _ in range(2)]
    begun = [post("/auth/register/options", {"name": "An", "link": token}) for post in posts]
    bodies = [
        {"ceremony": each["ceremony"], "credential": Passkey(rp="localhost", origin=ORIGIN).register(each["options"])}
        for each in begun
    ]
    posts[0]("/auth/register", bodies[0])
    assert refused(posts[1], "/auth/register", bodies[1]) == "link_unknown"


def test_a_person_adds_a_passkey_of_another_phone_by_a_link(resident: Person, web: Flask, clock: Clock) -> None:
    token = resident.post("/auth/links", {})["url"].split("#")[1]
    second = Person(post_with(web.test_client()), "localhost", ORIGIN, clock, name="made up")
    second.register(token)
    assert (second.id, second.name) == (resident.id, resident.name)
    second.enrol_device()
    resident.sync()
    second.sync()
    assert resident.digests() == second.digests()
    assert len([kind for kind, _ in resident.records if kind == "passkey"]) == 2


def test_an_act_is_signed_over_its_bytes_and_nothing_else() -> None:
    text = '{"typ":"submission/1"}'
    assert acts.challenge(text) == hashlib.sha256(b"motcua/sign/v1\x00" + text.encode()).digest()
