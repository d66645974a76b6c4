"""The holder's key in a code: the claim `cnf` with a compressed COSE_Key (RFC 8747 3.2, RFC 9053 7.1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from server import jwk
from server.codes import cbor
from server.codes.base import CodeError
from server.codes.cbor import Value
from sync.batch import unbase64url


def to_cnf(key: Mapping[str, Any]) -> Value:
    """Return the claim for a P-256 JWK: its x, and whether its y is odd."""
    odd = unbase64url(key["y"])[-1] & 1 == 1
    return {1: {1: 2, -1: 1, -2: unbase64url(key["x"]), -3: odd}}


def from_cnf(cnf: Any) -> dict[str, Any]:
    """Return the JWK that the claim stands for; anything but a compressed point on P-256 is `malformed`."""
    match cnf:
        case {1: {-2: bytes(x), -3: bool(odd)}}:
            key = _key(x, odd=odd)
            if cbor.encode(cnf) == cbor.encode(to_cnf(key)):
                return key
    raise CodeError("malformed", "expected cnf to hold a compressed P-256 key")


def subject(key: Mapping[str, Any]) -> str:
    """Return how check-ins name the holder of an identity: 8 bytes of the key's thumbprint, in hex."""
    return unbase64url(jwk.thumbprint(key))[:8].hex()


def _key(x: bytes, *, odd: bool) -> dict[str, Any]:
    try:
        if len(x) != 32:
            raise ValueError(f"{len(x)} bytes")
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), (b"\x03" if odd else b"\x02") + x)
    except ValueError as error:
        raise CodeError("malformed", f"expected a point on P-256: {error}") from error
    return jwk.of_public(point)
