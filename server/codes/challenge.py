"""What the guard shows in challenge mode, `MCC1:`: a place and a nonce, unsigned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.codes import base, cbor, claims
from server.codes.base import CodeError
from server.codes.claims import CHALLENGE

_PLACE: Final = 2


@dataclass(frozen=True, slots=True)
class Challenge:
    """Where the answer will be shown, and the 8 bytes that it must carry."""

    place: int
    nonce: bytes


def text(challenge: Challenge) -> str:
    """Return what stands in the QR code."""
    return base.encode_text(base.CHALLENGE, cbor.encode({_PLACE: challenge.place, CHALLENGE: challenge.nonce}))


def parse(code: str) -> Challenge:
    """Read the code; anything else raises `CodeError`."""
    prefix, data = base.decode_text(code)
    if prefix != base.CHALLENGE:
        raise CodeError("not_a_code", f"expected {base.CHALLENGE}, got {prefix}")
    payload = cbor.decode_map(data)
    claims.only(payload, {_PLACE, CHALLENGE})
    return Challenge(claims.whole(payload, _PLACE, most=2**32 - 1), claims.octets(payload, CHALLENGE, size=8))
