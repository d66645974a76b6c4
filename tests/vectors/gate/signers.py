"""Keys that are the same in every run, and signatures over the same bytes likewise (RFC 6979)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from server import jwk
from server.codes.sign1 import key_id
from sync import canonical
from sync.batch import base64url

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256's group (SP 800-186, 3.2.1.3)."""


@dataclass(frozen=True)
class Signer:
    """A key pair that its name determines."""

    name: str

    @cached_property
    def key(self) -> ec.EllipticCurvePrivateKey:
        number = int.from_bytes(hashlib.sha512(f"motcua test key {self.name}".encode()).digest(), "big")
        return ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def jwk(self) -> dict[str, Any]:
        return dict(jwk.of_public(self.key.public_key()))

    @property
    def private_jwk(self) -> dict[str, Any]:
        return {**self.jwk, "d": base64url(self.key.private_numbers().private_value.to_bytes(32, "big"))}

    @property
    def thumbprint(self) -> str:
        return jwk.thumbprint(self.jwk)

    @property
    def id(self) -> str:
        return jwk.device_id(self.jwk)

    @property
    def kid(self) -> bytes:
        return key_id(self.jwk)

    def sign(self, data: bytes) -> bytes:
        """Return r||s."""
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True)))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jws(self, header: dict[str, Any], payload: dict[str, Any]) -> str:
        """Return a compact JWS."""
        head, body = (base64url(canonical.encode(part)) for part in ({"alg": "ES256", **header}, payload))
        return f"{head}.{body}.{base64url(self.sign(f'{head}.{body}'.encode()))}"


def malleated(signature: bytes) -> bytes:
    """Return the other signature that holds over the same data: (r, n - s)."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


ROOT = Signer("root")
WARD, DISTRICT, STRANGER = Signer("ward"), Signer("district"), Signer("stranger")
"""Keys of two units, and one that no trust list names."""
HOLDER, THIEF, PHONE = Signer("holder"), Signer("thief"), Signer("phone")
