"""Codes as people show them, and as others tamper with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import cbor2

from server.codes import base, credential, holder, invitation, presentation
from server.codes.credential import Credential
from server.codes.invitation import Invitation
from server.codes.presentation import Presentation
from server.codes.sign1 import parse
from tests.vectors.gate.codes_cases import CLAIMED, GATE, INVITATION, NOW, signed
from tests.vectors.gate.signers import HOLDER, WARD, Signer
from tests.vectors.gate.signers import malleated as other_signature

SUBJECT = holder.subject(HOLDER.jwk)
"""How check-ins name the holder of the identity."""


def bare(subject: Invitation = INVITATION, *, signer: Signer = WARD, malleated: bool = False, **changes: Any) -> str:
    """Return the text of an invitation."""
    data = invitation.encode(replace(subject, **changes), signer.sign)
    return invitation.text(data[:-64] + other_signature(data[-64:]) if malleated else data)


def presented(
    issued: Invitation | Credential | bytes,
    *,
    signer: Signer = WARD,
    altered: dict[str, Any] | None = None,
    by: Signer = HOLDER,
    holder_altered: dict[str, Any] | None = None,
    malleated: bool = False,
    audience: str = "7",
    iat: int = NOW,
    challenge: bytes | None = None,
    **changes: Any,
) -> str:
    """Return the text of a presentation.

    `changes` are made to what the issuer signs, `altered` to what it has signed, `holder_altered` to what the holder
    has signed.
    """
    if not isinstance(issued, bytes):
        issued = _issued(replace(issued, **changes), signer, altered or {})
    subject = Presentation(issued, audience, iat, challenge)
    data = presentation.encode(subject, by.sign)
    signature = other_signature(data[-64:]) if malleated else data[-64:]
    return presentation.text(presentation.encode(replace(subject, **(holder_altered or {})), lambda _: signature))


def identified(**options: Any) -> str:
    """Return the text of an identity of the gate profile, shown at any place."""
    return presented(GATE, **{"audience": "*", **options})


def id_of(code: str) -> str:
    """Return the id of a presentation."""
    return presentation.id_of(parse(base.decode_text(code)[1]))


def tampered() -> Iterator[tuple[str, str, str]]:
    """Yield presentations with one fault each in what the holder signs, and parts in places that are not theirs."""
    good = base.decode_text(presented(CLAIMED))[1]
    message = parse(good)
    header, payload = cbor2.loads(good)[0], message.payload
    text = presentation.text
    yield "a byte after the presentation", text(good + b"\x00"), "trailing_bytes"
    yield "a byte after the holder's header", text(_held(header + b"\x00", payload)), "trailing_bytes"
    yield "a byte after the holder's claims", text(_held(header, payload + b"\x00")), "trailing_bytes"
    issued = message.protected[13]
    yield "a byte after the issuer part", presented(issued + b"\x00"), "trailing_bytes"
    yield "the holder's alg twice", text(_held(b"\xa4\x01\x26" + header[1:], payload)), "duplicate_keys"
    yield "the audience twice", text(_held(header, b"\xa3\x03\x61\x38" + payload[1:])), "duplicate_keys"
    other = {**message.protected, 1: -35}
    yield "the holder's alg ES384", text(_held(_cbor(other), payload)), "algorithm"
    for name, changes in {
        "no type": {16: None},
        "the type of a credential": {16: 293},
        "a kid": {4: HOLDER.kid},
        "no issuer part": {13: None},
        "a text for an issuer part": {13: "issuer"},
        "an array for an issuer part": {13: cbor2.loads(issued)},
        "an empty issuer part": {13: b""},
    }.items():
        changed = {key: value for key, value in {**message.protected, **changes}.items() if value is not None}
        yield f"a holder's header with {name}", text(_held(_cbor(changed), payload)), "malformed"
    yield "a presentation within a presentation", presented(good), "malformed"
    yield "a presentation for an invitation", invitation.text(good), "malformed"
    yield "an invitation for a presentation", text(invitation.encode(INVITATION, WARD.sign)), "malformed"
    yield "a credential for an invitation", invitation.text(credential.encode(GATE, WARD.sign)), "malformed"
    for name, kid in {
        "no kid": None,
        "a kid of 3 bytes": bytes(3),
        "a kid of text": "kid",
        "a kid of 22": bytes(22),
    }.items():
        changed = {1: -7} if kid is None else {1: -7, 4: kid}
        data = signed(_cbor(changed), _cbor(invitation.to_claims(INVITATION)))
        yield f"an invitation with {name}", invitation.text(data), "malformed"
    for name, more in {
        "a critical header": {2: [4]},
        "a type that nobody knows": {16: 292},
        "a key more": {99: 1},
    }.items():
        data = signed(_cbor({1: -7, 4: WARD.kid, **more}), _cbor(invitation.to_claims(INVITATION)))
        yield f"an invitation with {name}", invitation.text(data), "malformed"


def _issued(subject: Invitation | Credential, signer: Signer, altered: dict[str, Any]) -> bytes:
    module = invitation if isinstance(subject, Invitation) else credential
    signature = module.encode(subject, signer.sign)[-64:]  # type: ignore[arg-type]
    return module.encode(replace(subject, **altered), lambda _: signature)  # type: ignore[arg-type]


def _held(header: bytes, payload: bytes) -> bytes:
    return signed(header, payload, HOLDER)


def _cbor(value: Any) -> bytes:
    data: bytes = cbor2.dumps(value, canonical=True)
    return data
