"""What a guard's phone trusts: the keys of the trust list, and the status lists that they signed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server import jwk
from server.codes.sign1 import key_id
from server.errors import Problem
from server.issuers import TRUST_TYPE
from server.jwk import Jws
from server.statuslists import TYPE, identities_of, invitations_of
from sync.batch import unbase64url

_PATH: Final = "/statuslists/"
_BITS: Final = (1, 2, 4, 8)
_MOST: Final = 4 * 1024 * 1024
"""Bytes of a list once inflated; a few kilobytes of zeros would fill the memory of a phone."""


@dataclass(frozen=True, slots=True)
class Key:
    """A unit's key, and the 4 bytes by which codes name it. `nbf` is in ms since 1970."""

    kid4: bytes
    unit: str
    jwk: Mapping[str, Any]
    nbf: int


@dataclass(frozen=True, slots=True)
class StatusList:
    """A Token Status List (draft-ietf-oauth-status-list, section 4). Times are seconds since 1970."""

    iat: int
    exp: int
    bits: int
    bytes: bytes

    def at(self, index: int) -> int | None:
        """Return the status at an index, or None past the end. The lowest bits of a byte come first."""
        byte, rest = divmod(index * self.bits, 8)
        return self.bytes[byte] >> rest & (1 << self.bits) - 1 if byte < len(self.bytes) else None


@dataclass(frozen=True, slots=True)
class OpenPack:
    """Keys and lists whose signatures were verified."""

    keys: tuple[Key, ...]
    lists: Mapping[str, StatusList]


def open_pack(trust: str, root: str, lists: Iterable[str]) -> OpenPack | None:
    """Verify a pack once, so that verdicts need not.

    `trust` is the trust list, which must be signed by the key whose RFC 7638 thumbprint is `root`, else there is no
    pack. A status list whose form or signature does not hold is left out; of two for the same id the newer one counts.
    """
    try:
        payload = _trusted(trust, root)
        origins = frozenset(map(str, payload["origins"]))
        keys = {str(key["kid"]): _key(key) for key in payload["keys"]}
    except _BROKEN:
        return None
    opened: dict[str, StatusList] = {}
    for text in lists:
        try:
            id, found = _list(jwk.open_jws(text, typ=TYPE), keys, origins)
        except _BROKEN:
            continue
        if id not in opened or opened[id].iat < found.iat:
            opened[id] = found
    return OpenPack(tuple(keys.values()), opened)


_BROKEN: Final = (Problem, ValueError, KeyError, TypeError, AttributeError, zlib.error)
"""What reading comes upon in JSON of the wrong form."""


def _trusted(text: str, root: str) -> Mapping[str, Any]:
    trust = jwk.open_jws(text, typ=TRUST_TYPE)
    key = trust.header["jwk"]
    if jwk.thumbprint(key) != root or not trust.signed_by(key):
        raise ValueError("expected the trust list to be signed by the city's root key")
    return trust.payload


def _key(listed: Mapping[str, Any]) -> Key:
    jwk.public_key(listed["jwk"])
    if jwk.device_id(listed["jwk"]) != listed["kid"]:
        raise ValueError("expected a key to be listed under its own thumbprint")
    return Key(key_id(listed["jwk"]), str(listed["unit"]), listed["jwk"], _whole(listed["nbf"]))


def _list(signed: Jws, keys: Mapping[str, Key], origins: frozenset[str]) -> tuple[str, StatusList]:
    key = keys[signed.header["kid"]]
    if not signed.signed_by(key.jwk):
        raise ValueError("expected the list to be signed by the key that it names")
    payload = signed.payload
    origin, _, id = payload["sub"].rpartition(_PATH)
    if origin not in origins or id not in {invitations_of(key.unit), identities_of(key.unit)}:
        raise ValueError("expected a list of this service, and of the unit that signed it")
    status_list = payload["status_list"]
    if status_list["bits"] not in _BITS:
        raise ValueError(f"expected {_BITS} bits, got {status_list['bits']}")
    data = _inflated(unbase64url(status_list["lst"]))
    return id, StatusList(_whole(payload["iat"]), _whole(payload["exp"]), int(status_list["bits"]), data)


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    found = stream.decompress(data, _MOST)
    if not stream.eof or stream.unused_data:
        raise ValueError(f"expected one zlib stream of at most {_MOST} bytes")
    return found


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"expected a time, got {type(value).__name__}")
    return value
