"""P-256 keys as JWK, their thumbprints, and compact JWS signed with ES256."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from server.errors import Problem
from sync import canonical
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from sync.limits import Invalid

_ES256: Final = ec.ECDSA(SHA256())
_SIZE: Final = 32
_MEMBERS: Final = {"kty", "crv", "x", "y"}


def public_key(jwk: object) -> ec.EllipticCurvePublicKey:
    """Read a public P-256 key: exactly `kty`, `crv`, `x`, `y` (RFC 7518 6.2.1). Anything else is `act_shape`."""
    if not isinstance(jwk, dict) or jwk.keys() != _MEMBERS or (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise Problem("act_shape", "expected a P-256 key with exactly kty, crv, x and y")
    return _coordinates(str(jwk["x"]), str(jwk["y"]))


@lru_cache(maxsize=4096)
def _coordinates(x: str, y: str) -> ec.EllipticCurvePublicKey:
    try:
        return point(unbase64url(x), unbase64url(y))
    except ValueError as error:
        raise Problem("act_shape", f"expected a point on P-256: {error}") from error


def point(x: bytes, y: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key with these coordinates, 32 bytes each; anything off the curve raises `ValueError`."""
    if len(x) != _SIZE or len(y) != _SIZE:
        raise ValueError("expected coordinates of 32 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)


def of_public(key: ec.EllipticCurvePublicKey) -> dict[str, Value]:
    """Return the JWK of a public key."""
    numbers = key.public_numbers()
    x, y = (base64url(number.to_bytes(_SIZE, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the base64url SHA-256 of the key's required members (RFC 7638)."""
    members = {name: jwk[name] for name in _MEMBERS}
    return base64url(hashlib.sha256(canonical.encode(members)).digest())


def device_id(jwk: Mapping[str, Any]) -> str:
    """Return the id under which a key signs: the first 22 characters (132 bits) of its thumbprint."""
    return thumbprint(jwk)[:22]


def verify(jwk: object, signature: bytes, data: bytes) -> bool:
    """Return whether `signature` (r||s, 64 bytes, RFC 7518 3.4) is the key's over `data`."""
    if len(signature) != 2 * _SIZE:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:_SIZE], signature[_SIZE:]))
    try:
        public_key(jwk).verify(encode_dss_signature(r, s), data, _ES256)
    except InvalidSignature:
        return False
    return True


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """Return the key's signature over `data` as r||s."""
    r, s = decode_dss_signature(key.sign(data, _ES256))
    return r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")


def sign_jws(key: ec.EllipticCurvePrivateKey, *, header: dict[str, Value], payload: dict[str, Value]) -> str:
    """Return a compact JWS (RFC 7515 7.1); `alg` is added to the header."""
    head = base64url(canonical.encode({"alg": "ES256", **header}))
    signing_input = f"{head}.{base64url(canonical.encode(payload))}"
    return f"{signing_input}.{base64url(sign(key, signing_input.encode()))}"


@dataclass(frozen=True, slots=True)
class Jws:
    """A compact JWS that was read and not yet verified."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signing_input: bytes
    signature: bytes

    def signed_by(self, jwk: object) -> bool:
        """Return whether the key signed this."""
        return verify(jwk, self.signature, self.signing_input)


def open_jws(text: str, *, typ: str) -> Jws:
    """Read a compact JWS of type `typ` signed with ES256. Anything else raises `Invalid`."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Invalid("batch_shape", "expected a compact JWS of three parts")
    header, payload = (canonical.decode(unbase64url(part)) for part in parts[:2])
    if not isinstance(header, dict) or not isinstance(payload, dict) or header.get("alg") != "ES256":
        raise Invalid("batch_shape", "expected objects, and alg ES256")
    if header.get("typ") != typ:
        raise Invalid("batch_shape", f"expected typ {typ}, got {header.get('typ')}")
    return Jws(header, payload, f"{parts[0]}.{parts[1]}".encode(), unbase64url(parts[2]))
