"""What a resident shows at the desk, `MCD1:`: the account that an identity check is for, signed by the phone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from server.codes import base, claims, sign1
from server.codes.base import CodeError
from server.codes.claims import ISSUED_AT
from server.codes.sign1 import ALGORITHM, ES256, KEY_ID, Sign, Sign1

_PERSON: Final = 2
"""The registered claim `sub` (RFC 8392 3.1.2)."""
_DEVICE_CHARACTERS: Final = 22


@dataclass(frozen=True, slots=True)
class Desk:
    """The person's id (a UUID), the id of the device that signed, and when, in seconds since 1970."""

    device: str
    person: str
    iat: int


def encode(desk: Desk, sign: Sign) -> bytes:
    """Return the bytes, signed by the device's key."""
    payload = {_PERSON: uuid.UUID(desk.person).bytes, ISSUED_AT: desk.iat}
    return sign1.build({KEY_ID: desk.device.encode()}, payload, sign)


def text(data: bytes) -> str:
    """Return what stands in the QR code."""
    return base.encode_text(base.DESK, data)


def parse(code: str) -> tuple[Desk, Sign1]:
    """Read the code, and the message whose signature the caller must verify; anything else raises `CodeError`."""
    prefix, data = base.decode_text(code)
    if prefix != base.DESK:
        raise CodeError("not_a_code", f"expected {base.DESK}, got {prefix}")
    message = sign1.parse(data)
    return from_sign1(message), message


def from_sign1(message: Sign1) -> Desk:
    """Read header and claims of a message; whatever breaks the form raises `CodeError("malformed")`."""
    claims.only(message.claims, {_PERSON, ISSUED_AT})
    person = claims.octets(message.claims, _PERSON, size=16)
    return Desk(_device(message), str(uuid.UUID(bytes=person)), claims.seconds(message.claims, ISSUED_AT))


def _device(message: Sign1) -> str:
    kid = message.protected.get(KEY_ID)
    if message.protected != {ALGORITHM: ES256, KEY_ID: kid} or not isinstance(kid, bytes):
        raise CodeError("malformed", "expected a header with alg and kid")
    if len(kid) != _DEVICE_CHARACTERS or not kid.isascii():
        raise CodeError("malformed", f"expected a device id of {_DEVICE_CHARACTERS} characters")
    return kid.decode()
