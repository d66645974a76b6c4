"""COSE_Sign1 (RFC 9052 4.2), untagged, with ES256 and nothing unprotected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from server import jwk
from server.codes import cbor
from server.codes.base import CodeError
from sync.batch import unbase64url

Sign: TypeAlias = Callable[[bytes], bytes]
"""Takes the data to sign; returns r||s, 64 bytes."""

ALGORITHM: Final = 1
KEY_ID: Final = 4
CONTAINER: Final = 13
"""Our use of a free label: in a presentation's header, the bytes of what the issuer signed."""
TYPE: Final = 16
"""RFC 9596."""
ES256: Final = -7
_SIGNATURE: Final = 64


@dataclass(frozen=True, slots=True)
class Sign1:
    """A signed message that was read and not yet verified. `claims` is what the bytes of `payload` say."""

    protected: Mapping[int, Any]
    payload: bytes
    claims: Mapping[int, Any]
    signing_input: bytes
    signature: bytes


def parse(data: bytes) -> Sign1:
    """Read a message strictly, its headers and claims too; anything else raises `CodeError`."""
    header, unprotected, payload, signature = _parts(cbor.decode(data))
    protected = cbor.decode_map(header)
    algorithm = protected.get(ALGORITHM)
    if algorithm != ES256:
        raise CodeError("algorithm", f"expected alg {ES256}, got {algorithm!r}")
    if unprotected or len(signature) != _SIGNATURE:
        raise CodeError("malformed", f"expected no unprotected header, and a signature of {_SIGNATURE} bytes")
    claims = cbor.decode_map(payload)
    return Sign1(protected, payload, claims, _signing_input(header, payload), signature)


def build(protected: Mapping[int, Any], claims: Mapping[int, Any], sign: Sign) -> bytes:
    """Return the message over `claims`; `alg` is added to the header."""
    header, payload = cbor.encode({ALGORITHM: ES256, **protected}), cbor.encode(dict(claims))
    return cbor.encode([header, {}, payload, sign(_signing_input(header, payload))])


def verify(message: Sign1, key: object) -> bool:
    """Return whether the key, a P-256 JWK, signed the message."""
    return jwk.verify(key, message.signature, message.signing_input)


def key_id(key: Mapping[str, Any]) -> bytes:
    """Return the `kid` under which an issuer's key signs codes: 4 bytes of its thumbprint. Others may share them."""
    return unbase64url(jwk.thumbprint(key))[:4]


def issuer_kid(message: Sign1, *, typ: int | None) -> bytes:
    """Return the `kid` of what an issuer signed; a header with anything else than it should have is `malformed`."""
    kid = message.protected.get(KEY_ID)
    expected = {ALGORITHM: ES256, KEY_ID: kid} | ({} if typ is None else {TYPE: typ})
    if message.protected != expected or not isinstance(kid, bytes) or len(kid) != 4:
        raise CodeError("malformed", f"expected a header with alg, a kid of 4 bytes, and type {typ}")
    return kid


def _parts(value: cbor.Value) -> tuple[bytes, object, bytes, bytes]:
    match value:
        case [bytes(header), dict(unprotected), bytes(payload), bytes(signature)]:
            return header, unprotected, payload, signature
    raise CodeError("malformed", "expected an array of header, map, payload and signature")


def _signing_input(header: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", header, b"", payload])
