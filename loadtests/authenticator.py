"""A passkey and a device key in software, which make true WebAuthn registrations, assertions and batches.

Only for rehearsals and tests: its private keys lie in memory, and its "user" is always verified.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sync import batch, canonical
from sync.batch import base64url, unbase64url
from sync.canonical import Value

_ES256 = ec.ECDSA(SHA256())
_PRESENT_AND_VERIFIED = 0x05
_ATTESTED = 0x40
_PREFIX = b"motcua/sign/v1\x00"


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Passkey:
    """A discoverable P-256 credential for one relying party (WebAuthn Level 3, 6.1)."""

    rp: str
    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user: bytes = b""

    @property
    def credential(self) -> str:
        """The credential id in base64url."""
        return base64url(self.id)

    def register(self, options: Any) -> dict[str, Any]:
        """Answer the server's creation options, as a browser's `create()` does, without attestation."""
        self.user = unbase64url(options["user"]["id"])
        client_data = self.client_data("webauthn.create", unbase64url(options["challenge"]))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + self.public_key()
        data = self.authenticator_data(_PRESENT_AND_VERIFIED | _ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            {
                "clientDataJSON": base64url(client_data),
                "attestationObject": base64url(attestation),
                "transports": ["internal"],
            }
        )

    def sign_in(self, options: Any) -> dict[str, Any]:
        """Answer the server's request options, as a browser's `get()` does."""
        signed = self.answer(unbase64url(options["challenge"]))
        return self._credential(
            {
                "clientDataJSON": signed["client_data"],
                "authenticatorData": signed["authenticator_data"],
                "signature": signed["signature"],
                "userHandle": base64url(self.user),
            }
        )

    def sign(self, document: dict[str, Value]) -> dict[str, Value]:
        """Return `{document, assertion}` over the document's RFC 8785 text: a signed act."""
        text = canonical.encode(document)
        return {"document": text.decode(), "assertion": self.answer(hashlib.sha256(_PREFIX + text).digest())}

    def answer(self, challenge: bytes, *, flags: int = _PRESENT_AND_VERIFIED) -> dict[str, Value]:
        """Return an assertion over a challenge; every member is base64url."""
        client_data = self.client_data("webauthn.get", challenge)
        return self.assertion(client_data, self.authenticator_data(flags))

    def assertion(self, client_data: bytes, authenticator_data: bytes) -> dict[str, Value]:
        """Sign any client data and authenticator data, also such as no honest browser makes."""
        signature = self.key.sign(authenticator_data + hashlib.sha256(client_data).digest(), _ES256)
        return {
            "credential": self.credential,
            "authenticator_data": base64url(authenticator_data),
            "client_data": base64url(client_data),
            "signature": base64url(signature),
        }

    def client_data(self, typ: str, challenge: bytes, **more: object) -> bytes:
        """Return clientDataJSON (WebAuthn Level 3, 5.8.1.1)."""
        said = {"type": typ, "challenge": base64url(challenge), "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | more, separators=(",", ":")).encode()

    def authenticator_data(self, flags: int, *, rp: str | None = None) -> bytes:
        """Return the head of authenticator data: hash of the relying party id, flags, a counter that stays 0."""
        return hashlib.sha256((rp or self.rp).encode()).digest() + bytes([flags]) + bytes(4)

    def public_key(self) -> bytes:
        """Return the COSE key (RFC 9053 7.1.1)."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self.credential,
            "rawId": self.credential,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }


@dataclass
class Device:
    """A device key and its chain of batches (SPEC.md B1)."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    seq: int = 0
    prev: str = ""

    @cached_property
    def jwk(self) -> dict[str, Value]:
        """The public key as JWK."""
        numbers = self.key.public_key().public_numbers()
        x, y = (base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    @cached_property
    def thumbprint(self) -> str:
        """The key's RFC 7638 thumbprint."""
        return base64url(hashlib.sha256(canonical.encode(self.jwk)).digest())

    @property
    def id(self) -> str:
        """The device's id, which is its replica's too."""
        return self.thumbprint[:22]

    def batch(self, changes: list[Value], *, at: int) -> str:
        """Sign the next batch of the chain."""
        self.seq += 1
        jws = self.sign({"seq": self.seq, "prev": self.prev, "at": at, "changes": changes})
        self.prev = batch.hash_of(jws)
        return jws

    def sign(self, payload: Value, **header: Value) -> str:
        """Sign any payload as a batch, also such as no honest client makes."""
        head: dict[str, Value] = {"alg": "ES256", "kid": self.id, "typ": batch.TYPE, **header}
        parts = [base64url(canonical.encode(head)), base64url(canonical.encode(payload))]
        r, s = decode_dss_signature(self.key.sign(".".join(parts).encode(), _ES256))
        return ".".join([*parts, base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))])
