"""The keys of units and of the city, and the trust list that names them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server import jwk
from server.config import Config, ConfigError
from server.errors import Problem
from server.kinds import Kind, Sort, by_key, nowhere, public
from server.store import Reader, Store, Transaction
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from sync.limits import Invalid
from sync.record import State

ISSUER: Final = Kind(name="issuer", sort=Sort.SERVED, feeds=nowhere, index=by_key("unit"))
"""A signing key, under its `jwk.device_id`. Keys: `unit jwk sealed nbf retired_at`; `sealed` is the private number."""

TRUST: Final = Kind(name="trust", sort=Sort.SERVED, feeds=public)
"""The trust list, under the id `trust`. Key: `jws`."""

TRUST_TYPE: Final = "motcua-trust+jws"
ROOT: Final = "*"
"""Stands where a unit's code would for the city's root key; no unit can have this code."""
_NONCE: Final = 12
_MOST: Final = 100_000
"""More keys than any unit will ever have had."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A unit's key for COSE (RFC 9052): `kid` is the first 4 bytes of its thumbprint, `sign` gives r||s over bytes."""

    kid: bytes
    sign: Callable[[bytes], bytes]


class Issuers:
    """Signs for units. Keys are made when a unit first needs one, and kept in memory once opened."""

    def __init__(self, config: Config, store: Store, *, now: Callable[[], int]) -> None:
        self._config = config
        self._store = store
        self._now = now
        secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"motcua/issuers/v1").derive(config.key.encode())
        self._seal = AESGCM(secret)
        self._open: dict[str, tuple[str, ec.EllipticCurvePrivateKey]] = {}

    def ensure(self, unit: str) -> None:
        """Make the key of a unit, and the city's root key, unless they are there; publish this service's origins."""

        def job(transaction: Transaction) -> None:
            self.ensure_in(unit, transaction)
            self._key(unit, transaction)  # a wrong MOTCUA_KEY shows now, not at the first receipt
            self._publish([], transaction)

        self._store.write(job)

    def check(self) -> None:
        """Open the city's root key, if there is one: a `MOTCUA_KEY` that is not this data's raises `ConfigError`."""
        with self._store.read() as look:
            if self._current(ROOT, look) is not None:
                self._key(ROOT, look)

    def rotate(self, unit: str) -> str:
        """Give a unit a new key; return its id. The old one stays on the trust list: what it signed stays valid."""

        def job(transaction: Transaction) -> str:
            for id, state in transaction.find("issuer", "unit", unit, limit=_MOST):
                if "retired_at" not in state:
                    ISSUER.serve(transaction, id, {"retired_at": self._now()}, now=self._now())
            return self._make(unit, transaction)

        id = self._store.write(job)
        self._open.pop(unit, None)
        return id

    def root(self) -> str | None:
        """Return the thumbprint of the city's root key, or None before there is one."""
        with self._store.read() as look:
            found = self._current(ROOT, look)
            return None if found is None else jwk.thumbprint(_shown(found[1], "jwk"))

    def sign_jws(self, unit: str, typ: str, payload: dict[str, Value], *, look: Reader) -> str:
        """Return a compact JWS by the unit's current key, which must be there (`ensure`)."""
        kid, key = self._key(unit, look)
        return jwk.sign_jws(key, header={"typ": typ, "kid": kid}, payload=payload)

    def own(
        self, jws: str | None, typ: str, *, unit: str, facts: Mapping[str, Value], look: Reader
    ) -> Mapping[str, Any] | None:
        """Return the payload of a compact JWS in which a key of the unit, also a retired one, says all these facts."""
        if jws is None:
            return None
        try:
            opened = jwk.open_jws(jws, typ=typ)
        except (Invalid, Problem):
            return None
        issuer = look.get("issuer", str(opened.header.get("kid")))
        if issuer is None or issuer["unit"].shown != unit or not opened.signed_by(issuer["jwk"].shown):
            return None
        return opened.payload if opened.payload.items() >= facts.items() else None

    def signer(self, unit: str, transaction: Transaction) -> Signer:
        """Return what signs codes for a unit, by its current key, which is made if this is its first need of one."""
        self.ensure_in(unit, transaction)
        _, key = self._key(unit, transaction)
        thumbprint = jwk.thumbprint(jwk.of_public(key.public_key()))
        return Signer(kid=unbase64url(thumbprint)[:4], sign=partial(jwk.sign, key))

    def ensure_in(self, unit: str, transaction: Transaction) -> None:
        """Make the key of a unit, unless it is there, together with what needs it."""
        if self._current(unit, transaction) is None:
            self._make(unit, transaction)

    def _make(self, unit: str, transaction: Transaction) -> str:
        if unit != ROOT:
            self.ensure_in(ROOT, transaction)
        key = ec.generate_private_key(ec.SECP256R1())
        public_jwk = jwk.of_public(key.public_key())
        id = jwk.device_id(public_jwk)
        values: dict[str, Value] = {
            "unit": unit,
            "jwk": public_jwk,
            "sealed": self._sealed(key, unit),
            "nbf": self._now(),
        }
        ISSUER.serve(transaction, id, values, now=self._now())
        if unit != ROOT:
            self._publish([{"kid": id, "unit": unit, "jwk": public_jwk, "nbf": self._now()}], transaction)
        return id

    def _publish(self, added: list[Value], transaction: Transaction) -> None:
        """Sign the trust list anew if it lacks a key or an origin. Origins that the service had before stay on it."""
        state = transaction.get("trust", "trust")
        before: Any = {"rp": None, "origins": [], "keys": []}
        if state is not None:
            before = jwk.open_jws(str(state["jws"].shown), typ=TRUST_TYPE).payload
        origins = list(dict.fromkeys([*self._config.origins, *before["origins"]]))
        now = self._now()
        payload: dict[str, Value] = {
            "iat": now,
            "rp": self._config.rp,
            "origins": list(origins),
            "keys": [*before["keys"], *added],
        }
        if {**payload, "iat": None} == {**before, "iat": None}:
            return
        kid, root = self._key(ROOT, transaction)
        header: dict[str, Value] = {"typ": TRUST_TYPE, "kid": kid, "jwk": jwk.of_public(root.public_key())}
        TRUST.serve(transaction, "trust", {"jws": jwk.sign_jws(root, header=header, payload=payload)}, now=now)

    def _current(self, unit: str, look: Reader) -> tuple[str, State] | None:
        valid = [
            (id, state) for id, state in look.find("issuer", "unit", unit, limit=_MOST) if "retired_at" not in state
        ]
        return valid[0] if valid else None

    def ahead(self, unit: str) -> frozenset[tuple[str, str]]:
        """Return the records that signing for a unit will look at, by kind and id, as far as this process knows."""
        return frozenset({("issuer", self._open[unit][0])} if unit in self._open else ())

    def _key(self, unit: str, look: Reader) -> tuple[str, ec.EllipticCurvePrivateKey]:
        if unit not in self._open or self._retired(self._open[unit][0], look):
            found = self._current(unit, look)
            if found is None:
                raise LookupError(f"expected a key of unit {unit}; `motcua demo` or `motcua rotate-key` makes one")
            id, state = found
            self._open[unit] = (id, self._unsealed(str(state["sealed"].shown), unit))
        return self._open[unit]

    def _retired(self, id: str, look: Reader) -> bool:
        """Return whether a key was retired, perhaps by a command beside this process."""
        state = look.get("issuer", id)
        return state is None or "retired_at" in state

    def _sealed(self, key: ec.EllipticCurvePrivateKey, unit: str) -> str:
        number = key.private_numbers().private_value.to_bytes(32, "big")
        nonce = secrets.token_bytes(_NONCE)
        return base64url(nonce + self._seal.encrypt(nonce, number, unit.encode()))

    def _unsealed(self, sealed: str, unit: str) -> ec.EllipticCurvePrivateKey:
        data = unbase64url(sealed)
        try:
            number = self._seal.decrypt(data[:_NONCE], data[_NONCE:], unit.encode())
        except InvalidTag as error:
            raise ConfigError(
                f"MOTCUA_KEY does not open the issuer key of {unit}; expected the key that this data was made with."
            ) from error
        return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())


def _shown(state: State, key: str) -> Any:
    return state[key].shown
