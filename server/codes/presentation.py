"""A code that the holder's phone makes anew every few seconds, `MCP1:`: a credential or a claimed invitation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from server.codes import base, claims
from server.codes.base import CodeError
from server.codes.cbor import Value
from server.codes.claims import AUDIENCE, CHALLENGE, ISSUED_AT
from server.codes.sign1 import ALGORITHM, CONTAINER, ES256, TYPE, Sign, Sign1, build

PRESENTATION_TYPE: Final = 294
ANYWHERE: Final = "*"
"""The audience of an identity that is shown without knowing where."""
LONGEST: Final = 528
"""Characters that version 14-M of QR holds."""


@dataclass(frozen=True, slots=True)
class Presentation:
    """What the holder signed: for which place, when (seconds since 1970), and answering which challenge (8 bytes)."""

    issuer: bytes
    audience: str
    iat: int
    challenge: bytes | None = None


def to_claims(presentation: Presentation) -> dict[int, Value]:
    """Return the payload."""
    payload: dict[int, Value] = {AUDIENCE: presentation.audience, ISSUED_AT: presentation.iat}
    return payload if presentation.challenge is None else {**payload, CHALLENGE: presentation.challenge}


def issuer_part(message: Sign1) -> bytes:
    """Return the bytes that an issuer signed; a header with anything else than it should have is `malformed`."""
    issuer = message.protected.get(CONTAINER)
    expected = {ALGORITHM: ES256, CONTAINER: issuer, TYPE: PRESENTATION_TYPE}
    if message.protected != expected or not isinstance(issuer, bytes):
        raise CodeError("malformed", f"expected a header with alg, an issuer part, and type {PRESENTATION_TYPE}")
    return issuer


def from_sign1(message: Sign1) -> Presentation:
    """Read the claims of a message; whatever breaks the form raises `CodeError("malformed")`."""
    payload = message.claims
    claims.only(payload, {AUDIENCE, ISSUED_AT}, optional={CHALLENGE})
    return Presentation(
        issuer=issuer_part(message),
        audience=claims.text(payload, AUDIENCE, most=10),
        iat=claims.seconds(payload, ISSUED_AT),
        challenge=claims.octets(payload, CHALLENGE, size=8) if CHALLENGE in payload else None,
    )


def id_of(message: Sign1) -> str:
    """Return the presentation's id, 16 hex digits. The signature is left out: anyone can turn s into n - s."""
    return hashlib.sha256(message.signing_input).digest()[:8].hex()


def encode(presentation: Presentation, sign: Sign) -> bytes:
    """Return the signed bytes."""
    return build({CONTAINER: presentation.issuer, TYPE: PRESENTATION_TYPE}, to_claims(presentation), sign)


def text(data: bytes) -> str:
    """Return what stands in the QR code."""
    return base.encode_text(base.PRESENTATION, data)
