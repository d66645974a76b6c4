"""Public keys of passkeys as COSE has them (RFC 9052 7, RFC 9053 7), for ES256, EdDSA and RS256."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, TypeAlias

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server import jwk

Verify: TypeAlias = Callable[[bytes, bytes], None]
"""Takes signature and data; raises `cryptography.exceptions.InvalidSignature`."""

ES256: Final = -7
EDDSA: Final = -8
RS256: Final = -257
ALGORITHMS: Final = (ES256, EDDSA, RS256)
"""What a passkey may sign with, the one that we like best first."""

_USUAL: Final = re.compile(rb"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20(.{32})\x22\x58\x20(.{32})", re.DOTALL)
"""The CBOR that every authenticator writes for ES256 (CTAP2 canonical form); it saves parsing on the busiest path."""

_RSA_BITS: Final = range(2048, 4097)


@lru_cache(maxsize=4096)
def verifier(key: bytes) -> Verify:
    """Read a COSE_Key strictly: one map, known members, type and algorithm that belong together; else `ValueError`."""
    usual = _USUAL.fullmatch(key)
    if usual is not None:
        return _es256({-1: 1, -2: usual[1], -3: usual[2]})
    members = one_map(key)
    kind = (members.get(1), members.get(3))
    if kind == (2, ES256):
        return _es256(_only(members, {1, 3, -1, -2, -3}))
    if kind == (1, EDDSA):
        return _eddsa(_only(members, {1, 3, -1, -2}))
    if kind == (3, RS256):
        return _rs256(_only(members, {1, 3, -1, -2}))
    raise ValueError(f"expected a key of algorithm {ALGORITHMS} and its own type, got type and algorithm {kind}")


def one_map(data: bytes) -> dict[Any, Any]:
    """Decode exactly one CBOR map, without duplicate names and with nothing after it; else `ValueError`."""
    stream = BytesIO(data)
    try:
        value = cbor2.load(stream, allow_duplicate_keys=False)
    except (cbor2.CBORDecodeError, RecursionError) as error:
        raise ValueError(f"expected CBOR: {error}") from error
    if not isinstance(value, dict) or stream.tell() != len(data):
        raise ValueError("expected one CBOR map and nothing after it")
    return value


def _only(members: dict[Any, Any], names: set[int]) -> dict[Any, Any]:
    if members.keys() != names:
        raise ValueError(f"expected exactly the members {sorted(names)}, got {sorted(map(str, members))}")
    return members


def _es256(members: dict[Any, Any]) -> Verify:
    if members[-1] != 1:
        raise ValueError(f"expected the curve P-256, got {members[-1]}")
    key = jwk.point(_bytes(members[-2], 32), _bytes(members[-3], 32))
    algorithm = ec.ECDSA(hashes.SHA256())
    return lambda signature, data: key.verify(signature, data, algorithm)


def _eddsa(members: dict[Any, Any]) -> Verify:
    if members[-1] != 6:
        raise ValueError(f"expected the curve Ed25519, got {members[-1]}")
    return Ed25519PublicKey.from_public_bytes(_bytes(members[-2], 32)).verify


def _rs256(members: dict[Any, Any]) -> Verify:
    n, e = (int.from_bytes(_bytes(members[name], None), "big") for name in (-1, -2))
    if n.bit_length() not in _RSA_BITS or e != 65537:
        raise ValueError(f"expected an RSA key of 2048 to 4096 bits and exponent 65537, got {n.bit_length()} bits")
    key = rsa.RSAPublicNumbers(e, n).public_key()
    return lambda signature, data: key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())


def _bytes(value: Any, length: int | None) -> bytes:
    if not isinstance(value, bytes) or length not in (None, len(value)):
        raise ValueError(f"expected {length or 'some'} bytes")
    return value
