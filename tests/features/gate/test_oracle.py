"""Codes against `cwt`, an implementation of COSE that knows nothing of ours: each side takes the other's codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import cbor2
import pytest

from server.codes import credential, desk, invitation, presentation
from server.codes.base import CodeError
from server.codes.desk import Desk
from server.codes.presentation import Presentation
from server.codes.sign1 import Sign1, parse, verify
from server.features.gate.presence import CheckIns
from server.features.gate.verdict import Gate, verdict
from setup import oracle
from tests.features.gate.cases import pack
from tests.vectors.gate.case import HERE, T
from tests.vectors.gate.codes_cases import AGE, CLAIMED, FULL, GATE, INVITATION, NOW
from tests.vectors.gate.signers import HOLDER, PHONE, WARD, Signer

SCRIPT = Path(__file__).parent / "with_cwt.py"
OURS: list[tuple[str, Signer, bytes, bytes]] = [
    ("invitation", WARD, WARD.kid, invitation.encode(INVITATION, WARD.sign)),
    ("claimed invitation", WARD, WARD.kid, invitation.encode(CLAIMED, WARD.sign)),
    *(
        (f"{issued.profile.name.lower()} credential", WARD, WARD.kid, credential.encode(issued, WARD.sign))
        for issued in (GATE, AGE, FULL)
    ),
    (
        "presentation",
        HOLDER,
        b"",
        presentation.encode(Presentation(credential.encode(FULL, WARD.sign), "7", NOW, bytes(8)), HOLDER.sign),
    ),
    (
        "desk code",
        PHONE,
        PHONE.id.encode(),
        desk.encode(Desk(PHONE.id, "01a1ed3e-0e00-7000-8000-00000000000a", NOW), PHONE.sign),
    ),
]


def ask(*, verify: list[Any] = [], sign: list[Any] = []) -> Any:  # noqa: B006 - only read
    """Let `cwt` verify and sign."""
    oracle.main()
    asked = json.dumps({"verify": verify, "sign": sign})
    return json.loads(
        subprocess.run([oracle.PYTHON, SCRIPT], input=asked, capture_output=True, text=True, check=True).stdout
    )


def to_json(value: Any) -> Any:
    """Return CBOR as the script writes it."""
    if isinstance(value, dict):
        return {"map": [[key, to_json(item)] for key, item in value.items()]}
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def from_ours(data: bytes, signer: Signer, kid: bytes) -> dict[str, Any]:
    return {"hex": data.hex(), "jwk": signer.jwk, "kid": kid.hex()}


def by_cwt(signer: Signer, header: dict[int, Any], claims: Any) -> bytes:
    """Return a message that `cwt` built and signed."""
    asked = {"jwk": signer.private_jwk, "header": to_json(header), "claims": to_json(claims)}
    return bytes.fromhex(ask(sign=[asked])["sign"][0])


def holds(data: bytes, signer: Signer) -> bool:
    try:
        return verify(parse(data), signer.jwk)
    except CodeError:
        return False


@pytest.mark.parametrize(("name", "signer", "kid", "data"), OURS, ids=[name for name, *_ in OURS])
def test_cwt_verifies_what_we_sign(name: str, signer: Signer, kid: bytes, data: bytes) -> None:
    (found,) = ask(verify=[from_ours(data, signer, kid)])["verify"]
    message = parse(data)
    assert found == {"header": to_json(message.protected), "claims": to_json(message.claims)}


def test_cwt_verifies_the_issuer_part_of_a_presentation() -> None:
    issued = presentation.issuer_part(parse(OURS[5][3]))
    (found,) = ask(verify=[from_ours(issued, WARD, WARD.kid)])["verify"]
    assert found["claims"] == to_json(credential.to_claims(FULL))


@pytest.mark.parametrize(("name", "signer", "kid", "data"), OURS, ids=[name for name, *_ in OURS])
def test_neither_takes_a_code_with_one_byte_altered(name: str, signer: Signer, kid: bytes, data: bytes) -> None:
    altered = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(len(data))]
    assert [at for at, item in enumerate(altered) if holds(item, signer)] == []
    found = ask(verify=[from_ours(item, signer, kid) for item in altered])["verify"]
    assert [at for at, item in enumerate(found) if item is not None] == []


@pytest.mark.parametrize("subject", [INVITATION, CLAIMED], ids=["invitation", "claimed invitation"])
def test_we_take_invitations_that_cwt_signs(subject: invitation.Invitation) -> None:
    data = by_cwt(WARD, {1: -7, 4: WARD.kid}, invitation.to_claims(subject))
    message = checked(data, WARD)
    assert invitation.from_sign1(message) == subject
    assert message.signing_input == parse(invitation.encode(subject, WARD.sign)).signing_input


@pytest.mark.parametrize("subject", [GATE, AGE, FULL], ids=["gate", "age", "full"])
def test_we_take_credentials_and_presentations_that_cwt_signs(subject: credential.Credential) -> None:
    issued = by_cwt(WARD, {1: -7, 4: WARD.kid, 16: 293}, credential.to_claims(subject))
    assert credential.from_sign1(checked(issued, WARD)) == subject
    shown = Presentation(issued, "*", NOW)
    data = by_cwt(HOLDER, {1: -7, 13: issued, 16: 294}, presentation.to_claims(shown))
    assert presentation.from_sign1(checked(data, HOLDER)) == shown
    assert judged(presentation.text(data)) == "ADMIT"


def test_an_invitation_by_cwt_admits_and_with_one_byte_altered_never() -> None:
    data = by_cwt(WARD, {1: -7, 4: WARD.kid}, invitation.to_claims(INVITATION))
    assert judged(invitation.text(data)) == "ADMIT"
    for at in range(len(data)):
        altered = data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
        assert judged(invitation.text(altered)) == "REFUSE", f"byte {at}"


def test_the_oracle_reads_a_tagged_message_and_we_do_not() -> None:
    """The untagged form is ours by choice (RFC 9052 2); nothing else of the bytes differs."""
    data = by_cwt(WARD, {1: -7, 4: WARD.kid}, invitation.to_claims(INVITATION))
    assert cbor2.loads(b"\xd2" + data).tag == 18
    with pytest.raises(CodeError, match="expected"):
        parse(b"\xd2" + data)


def checked(data: bytes, signer: Signer) -> Sign1:
    message = parse(data)
    assert verify(message, signer.jwk)
    return message


def judged(text: str) -> str:
    return verdict(text, pack("usual"), CheckIns(), Gate(**HERE), (T, T)).word
