"""Acts that someone else signed, signed something else with, or did not sign as they should (signing.md)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from loadtests.authenticator import Passkey
from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.auth import acts
from sync import canonical
from sync.batch import base64url, unbase64url
from tests.features.conftest import NewPerson

Forge = Callable[[Passkey, bytes], dict[str, Any]]
PRESENT, VERIFIED = 0x01, 0x04


def codes(person: Person, *changes: Any) -> list[str]:
    (answer,) = person.sync(*changes)
    return [each["code"] for each in answer["refused"]]


def sent(person: Person, document: dict[str, Any], assertion: Any, *, id: str = "") -> Any:
    """Return the change that sends a document with any assertion, under the document's id or another one."""
    act = {"document": canonical.encode(document).decode(), "assertion": assertion, "draft": ""}
    return person.change("submission", id or document["id"], "act", act)


def _client_data(**more: Any) -> Forge:
    def forge(passkey: Passkey, challenge: bytes) -> dict[str, Any]:
        said = json.loads(passkey.client_data("webauthn.get", challenge)) | more
        return passkey.assertion(json.dumps(said).encode(), passkey.authenticator_data(PRESENT | VERIFIED))

    return forge


def _client_text(bend: Callable[[str], str]) -> Forge:
    def forge(passkey: Passkey, challenge: bytes) -> dict[str, Any]:
        said = bend(passkey.client_data("webauthn.get", challenge).decode()).encode()
        return passkey.assertion(said, passkey.authenticator_data(PRESENT | VERIFIED))

    return forge


def _authenticator(make: Callable[[Passkey], bytes]) -> Forge:
    def forge(passkey: Passkey, challenge: bytes) -> dict[str, Any]:
        return passkey.assertion(passkey.client_data("webauthn.get", challenge), make(passkey))

    return forge


def _answer(**more: Any) -> Forge:
    """Change members of an assertion that was rightly made; None takes one away, a function bends it."""

    def forge(passkey: Passkey, challenge: bytes) -> dict[str, Any]:
        assertion: dict[str, Any] = passkey.answer(challenge)
        for name, value in more.items():
            assertion[name] = value(assertion[name]) if callable(value) else value
        return {name: value for name, value in assertion.items() if value is not None}

    return forge


def _flip(index: int) -> Callable[[str], str]:
    def bend(text: str) -> str:
        data = bytearray(unbase64url(text))
        data[index] ^= 1
        return base64url(bytes(data))

    return bend


def _raw(signature: str) -> str:
    r, s = decode_dss_signature(unbase64url(signature))
    return base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def _padded(text: str) -> str:
    said = json.loads(text)
    return json.dumps(said | {"challenge": said["challenge"] + "="})


def _std_alphabet(text: str) -> str:
    said = json.loads(text)
    raw = unbase64url(said["challenge"])
    return json.dumps(said | {"challenge": base64.b64encode(raw).decode()})


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (_authenticator(lambda p: p.authenticator_data(PRESENT)), "act_signature"),
        (_authenticator(lambda p: p.authenticator_data(VERIFIED)), "act_signature"),
        (_authenticator(lambda p: p.authenticator_data(0)), "act_signature"),
        (_authenticator(lambda p: p.authenticator_data(PRESENT | VERIFIED, rp="evil.example")), "act_signature"),
        (_authenticator(lambda p: p.authenticator_data(PRESENT | VERIFIED)[:36]), "act_signature"),
        (_authenticator(lambda p: b"\x05"), "act_signature"),
        (_client_data(origin="https://evil.example"), "act_signature"),
        (_client_data(origin="http://localhost:8000/"), "act_signature"),
        (_client_data(origin=["http://localhost:8000"]), "act_signature"),
        (_client_data(origin=None), "act_signature"),
        (_client_data(crossOrigin=True), "act_signature"),
        (_client_data(crossOrigin="false"), "act_signature"),
        (_client_data(topOrigin="https://evil.example"), "act_signature"),
        (_client_data(topOrigin="http://localhost:8000"), "act_signature"),
        (_client_data(type="webauthn.create"), "act_signature"),
        (_client_data(type="payment.get"), "act_signature"),
        (_client_data(challenge=base64url(bytes(32))), "act_signature"),
        (_client_data(challenge=None), "act_signature"),
        (_client_data(long="x" * 4096), "act_signature"),
        (_client_text(_padded), "act_signature"),
        (_client_text(_std_alphabet), "act_signature"),
        (_client_text(lambda text: '{"origin":"https://evil.example",' + text[1:]), "act_signature"),
        (_client_text(lambda text: text + " {}"), "act_signature"),
        (_client_text(lambda text: f"[{text}]"), "act_signature"),
        (_client_text(lambda _: "["), "act_signature"),
        (_client_text(lambda _: "[" * 4000), "act_signature"),
        (_answer(signature=_flip(10)), "act_signature"),
        (_answer(signature=_flip(0)), "act_signature"),
        (_answer(signature=_flip(-1)), "act_signature"),
        (_answer(signature=_raw), "act_signature"),
        (_answer(signature="AA"), "act_signature"),
        (_answer(signature=lambda text: text + "A"), "act_signature"),
        (_answer(signature=lambda text: text + "="), "act_shape"),
        (_answer(signature=""), "act_shape"),
        (_answer(signature=None), "act_shape"),
        (_answer(signature=7), "act_shape"),
        (_answer(client_data=_flip(20)), "act_signature"),
        (_answer(authenticator_data=_flip(33)), "act_signature"),
        (_answer(authenticator_data=_flip(36)), "act_signature"),
        (_answer(credential=base64url(bytes(16))), "act_passkey"),
        (_answer(credential=lambda text: text + "A" * 4), "act_passkey"),
        (_answer(credential="A"), "base64url"),
        (_answer(user_handle="AAAA"), "act_shape"),
    ],
)
def test_an_act_needs_exactly_its_persons_passkey_present_and_verified(
    resident: Person, officer: Person, forge: Forge, code: str
) -> None:
    document = resident.document(PROCEDURE, FEEDBACK)
    assertion = forge(resident.passkey, acts.challenge(canonical.encode(document).decode()))
    assert codes(resident, sent(resident, document, assertion)) == [code]
    officer.sync()
    assert not [id for kind, id in officer.records if kind in ("submission", "receipt")]


@pytest.mark.parametrize("assertion", [None, 7, "x", [], {}])
def test_an_act_without_an_assertion_is_refused(resident: Person, assertion: Any) -> None:
    assert codes(resident, sent(resident, resident.document(PROCEDURE, FEEDBACK), assertion)) == ["act_shape"]


def test_the_act_of_another_is_refused_under_ones_own_device_with_any_id(
    resident: Person, new_person: NewPerson
) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    act: Any = change["value"]  # type: ignore[index, call-overload]
    thief = new_person(name="Kẻ Trộm")
    assert codes(thief, thief.change("submission", id, "act", act)) == ["act_person"]
    assert codes(thief, thief.change("submission", thief.new_id(), "act", act)) == ["act_shape"]
    mine = {**json.loads(act["document"]), "person": thief.id}
    assert codes(thief, sent(thief, mine, act["assertion"])) == ["act_passkey"]
    signed = thief.passkey.sign({**mine, "person": resident.id})
    assert codes(thief, sent(thief, {**mine, "person": resident.id}, signed["assertion"])) == ["act_passkey"]
    assert codes(resident, change) == []
    assert codes(thief, thief.change("submission", id, "act", act)) == ["act_person"]


def test_an_act_is_not_sent_twice_nor_its_signature_used_for_another(resident: Person) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    act: Any = change["value"]  # type: ignore[index, call-overload]
    assert codes(resident, change) == []
    assert codes(resident, resident.change("submission", id, "act", act)) == ["record_closed"]
    assert codes(resident, resident.change("submission", resident.new_id(), "act", act)) == ["act_shape"]
    other = resident.document(PROCEDURE, {**FEEDBACK, "place": "Chợ Bến Thành"})
    assert codes(resident, sent(resident, other, act["assertion"])) == ["act_signature"]
    assert len([kind for kind, _ in resident.records if kind == "receipt"]) == 1


def test_a_signature_made_for_signing_in_signs_no_document(resident: Person) -> None:
    options = resident.post("/auth/signin/options", {})["options"]
    assertion = resident.passkey.answer(unbase64url(options["challenge"]))
    assert codes(resident, sent(resident, resident.document(PROCEDURE, FEEDBACK), assertion)) == ["act_signature"]


def test_a_document_of_one_kind_is_not_read_as_another(resident: Person, officer: Person) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    resident.sync(change)
    officer.sync()
    act: Any = change["value"]  # type: ignore[index, call-overload]
    both = {name: act[name] for name in ("document", "assertion")}
    assert codes(resident, resident.change("acknowledgement", id, "act", both)) == ["act_shape"]
    acknowledged: Any = officer.acknowledgement(id)
    other = officer.change("submission", acknowledged["id"], "act", acknowledged["value"])
    assert codes(officer, other) == ["act_shape"]
    assert codes(resident, resident.change("submission", resident.new_id(), "document", both)) == ["key_unknown"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"document_sha256": hashlib.sha256(b"another").hexdigest()}, "submission_unknown"),
        ({"submission": "01a1ee56-5e0e-7d6a-8d2d-f58344a452d9"}, "submission_unknown"),
        ({"name": "Bộ trưởng"}, "act_person"),
        ({"unit": "ben-thanh"}, "write_forbidden"),
        ({"rp": "evil.example"}, "act_shape"),
        ({"message": "x" * 2001}, "act_shape"),
        ({"message": None}, "act_shape"),
        ({"nonce": "x"}, "act_shape"),
        ({"claimed_at": -1}, "act_shape"),
        ({"extra": True}, "act_shape"),
    ],
)
def test_an_officers_word_is_about_a_submission_of_their_unit_in_their_name(
    resident: Person, officer: Person, more: dict[str, Any], code: str
) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    resident.sync(change)
    officer.sync()
    acknowledged: Any = officer.acknowledgement(id)
    document = json.loads(acknowledged["value"]["document"]) | more
    spoilt = officer.change("acknowledgement", document["id"], "act", dict(officer.passkey.sign(document)))
    assert codes(officer, spoilt) == [code]


def test_an_acknowledgement_that_was_seen_is_not_said_again_by_another(
    resident: Person, officer: Person, new_person: NewPerson
) -> None:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    resident.sync(change)
    officer.sync()
    acknowledged: Any = officer.acknowledgement(id)
    colleague = new_person("officer", "1022", name="Lê Văn Cường")
    copied = colleague.change("acknowledgement", acknowledged["id"], "act", acknowledged["value"])
    assert codes(colleague, copied) == ["act_person"]
    assert codes(resident, resident.change("acknowledgement", acknowledged["id"], "act", acknowledged["value"])) == [
        "write_forbidden"
    ]
