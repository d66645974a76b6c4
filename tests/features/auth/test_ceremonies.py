"""Ceremonies: what is asked of passkeys, what their answers may be, and that nothing hostile makes the server fail."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from loadtests.authenticator import Passkey
from loadtests.person import Person
from server.auth import Parts, passkeys
from server.auth.kinds import PASSKEY
from server.errors import Problem
from sync.batch import base64url, unbase64url
from tests.conftest import ORIGIN, Clock
from tests.features.client import post_with

Post = Callable[[str, Any], Any]


@pytest.fixture
def post(web: Flask, city: Parts) -> Post:
    return post_with(web.test_client())


def software(**given: Any) -> Passkey:
    return Passkey(rp="localhost", origin=ORIGIN, **given)


def answered(post: Post, path: str, body: Any) -> str:
    """Return the code of the problem, or "ok"."""
    try:
        post(path, body)
    except Problem as problem:
        return problem.code
    return "ok"


def test_registration_asks_for_a_resident_verified_key_and_likes_ES256_best(post: Post) -> None:
    options = post("/auth/register/options", {"name": "An"})["options"]
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -8, -257]
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert options["attestation"] == "none"
    assert len(unbase64url(options["challenge"])) == 32


def test_sign_in_asks_for_verification_and_names_nobodys_passkeys(post: Post, resident: Person) -> None:
    options = post("/auth/signin/options", {})["options"]
    assert options["userVerification"] == "required"
    assert options["allowCredentials"] == []
    assert options["challenge"] != post("/auth/signin/options", {})["options"]["challenge"]


def test_a_further_passkey_is_not_made_on_a_phone_that_has_one(resident: Person) -> None:
    token = resident.post("/auth/links", {})["url"].split("#")[1]
    options = resident.post("/auth/register/options", {"name": "An", "link": token})["options"]
    assert [each["id"] for each in options["excludeCredentials"]] == [resident.passkey.credential]


def test_a_counter_that_goes_back_locks_nobody_out(post: Post, resident: Person) -> None:
    """Fails when the count of the last sign-in is kept and handed to py_webauthn as the current one."""
    for count in (9, 3, 0):
        begun = post("/auth/signin/options", {})
        credential = resident.passkey.sign_in(begun["options"])
        said = unbase64url(credential["response"]["clientDataJSON"])
        data = resident.passkey.authenticator_data(0x05)[:33] + count.to_bytes(4, "big")
        signed = resident.passkey.assertion(said, data)
        credential["response"] |= {
            "authenticatorData": signed["authenticator_data"],
            "signature": signed["signature"],
        }
        assert answered(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": credential}) == "ok"


def test_the_check_of_client_data_is_what_refuses_a_frame(
    post: Post, resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof: the same answer passes py_webauthn alone, as soon as our check is taken away."""

    def framed() -> str:
        begun = post("/auth/signin/options", {})
        said = resident.passkey.client_data(
            "webauthn.get", unbase64url(begun["options"]["challenge"]), crossOrigin=True
        )
        credential = resident.passkey.sign_in(begun["options"])
        signed = resident.passkey.assertion(said, resident.passkey.authenticator_data(0x05))
        credential["response"] |= {
            "clientDataJSON": signed["client_data"],
            "authenticatorData": signed["authenticator_data"],
            "signature": signed["signature"],
        }
        return answered(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": credential})

    assert framed() == "passkey_refused"
    monkeypatch.setattr(passkeys, "_check_client_data", lambda *_: None)
    assert framed() == "ok"


def test_a_registration_under_another_id_than_the_attested_one_is_refused(post: Post) -> None:
    """py_webauthn compares `id` with `rawId` only, not with the id that the authenticator attested."""
    begun = post("/auth/register/options", {"name": "An"})
    credential = software().register(begun["options"])
    credential["id"] = credential["rawId"] = base64url(b"another id")
    body = {"ceremony": begun["ceremony"], "credential": credential}
    assert answered(post, "/auth/register", body) == "passkey_refused"


def _certificate() -> bytes:
    key, nobody = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder(nobody, nobody, key.public_key(), 1, began, began + datetime.timedelta(days=999))
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


STATEMENTS: list[dict[str, Any]] = [
    {"x5c": [b"junk"], "sig": b"s", "alg": -7},
    {"x5c": [], "sig": b"s", "alg": -7},
    {"x5c": "text", "sig": 1},
    {"sig": b"s", "alg": -7},
    {"ver": "1", "response": b"e30.e30.e30"},
    {"x5c": [_certificate()], "sig": b"s", "alg": -7},
    {"x5c": [_certificate(), b"junk"], "sig": b"s", "alg": -257},
    {"x5c": [_certificate()], "sig": b"s", "alg": -7, "ver": "2.0", "certInfo": b"c" * 80, "pubArea": b"p" * 80},
]


@pytest.mark.parametrize("fmt", ["none", "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple"])
def test_G5_a_hostile_attestation_is_a_problem_and_never_a_failure(post: Post, fmt: str) -> None:
    for statement in STATEMENTS:
        begun = post("/auth/register/options", {"name": "An"})
        credential = software().register(begun["options"])
        attestation = cbor2.loads(unbase64url(credential["response"]["attestationObject"]))
        spoilt = attestation | {"fmt": fmt, "attStmt": statement}
        credential["response"]["attestationObject"] = base64url(cbor2.dumps(spoilt))
        body = {"ceremony": begun["ceremony"], "credential": credential}
        assert answered(post, "/auth/register", body) == "passkey_refused", statement


def test_a_ceremony_is_used_up_by_an_answer_that_fails(post: Post, resident: Person) -> None:
    begun = post("/auth/signin/options", {})
    good = resident.passkey.sign_in(begun["options"])
    bad = copy.deepcopy(good)
    bad["response"]["signature"] = base64url(b"x" * 70)
    assert answered(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": bad}) == "passkey_refused"
    assert answered(post, "/auth/signin", {"ceremony": begun["ceremony"], "credential": good}) == "ceremony_unknown"


def test_a_credential_id_past_1023_bytes_is_refused(post: Post) -> None:
    """WebAuthn Level 3, 7.1: longer ids are to fail the ceremony."""
    begun = post("/auth/register/options", {"name": "An"})
    credential = software(id=b"x" * 2000).register(begun["options"])
    body = {"ceremony": begun["ceremony"], "credential": credential}
    assert answered(post, "/auth/register", body) == "passkey_refused"


def test_a_revoked_passkey_signs_nobody_in(post: Post, resident: Person, city: Parts, clock: Clock) -> None:
    id = passkeys.credential_id({"id": resident.passkey.credential})
    values: Any = {"revoked_at": clock()}
    city.store.write(lambda transaction: PASSKEY.serve(transaction, id, values, now=clock()))
    begun = post("/auth/signin/options", {})
    body = {"ceremony": begun["ceremony"], "credential": resident.passkey.sign_in(begun["options"])}
    assert answered(post, "/auth/signin", body) == "passkey_unknown"
