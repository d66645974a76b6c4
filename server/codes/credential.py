"""What a unit says of a person, bound to a key of the person's phone. It stands inside a presentation, never alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from server.codes import claims, holder, names
from server.codes.base import CodeError
from server.codes.cbor import Value
from server.codes.claims import CONFIRMATION, DETAILS, EXPIRES, ISSUED_AT
from server.codes.sign1 import KEY_ID, TYPE, Sign, Sign1, build, issuer_kid

CREDENTIAL_TYPE: Final = 293
NAME_ROOM: Final = 54
"""Bytes of a name, so that the longest presentation fits version 14-M of QR."""

_PROFILE, _INDEX, _NAME, _BORN, _PHOTO, _AGES = 1, 3, 4, 5, 6, 7
_UINT32: Final = 2**32 - 1


class Profile(IntEnum):
    """How much a credential discloses."""

    GATE = 1
    AGE = 2
    FULL = 3


_DISCLOSES: Final = {
    Profile.GATE: {_NAME, _PHOTO},
    Profile.AGE: {_AGES},
    Profile.FULL: {_NAME, _BORN, _PHOTO, _AGES},
}

AGES: Final = (14, 16, 18, 60)
"""Bit n of the age flags says that the person is this old or older."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What the unit signed. `born` is the number yyyymmdd, `photo` 16 bytes of the JPEG's SHA-256."""

    kid: bytes
    exp: int
    iat: int
    holder: Mapping[str, Any]
    profile: Profile
    index: int
    name: str | None = None
    born: int | None = None
    photo: bytes | None = None
    ages: int | None = None


def to_claims(credential: Credential) -> dict[int, Value]:
    """Return the payload; it holds what the profile discloses and must all be there."""
    known = {
        _NAME: credential.name,
        _BORN: credential.born,
        _PHOTO: credential.photo,
        _AGES: credential.ages,
    }
    details: dict[int, Value] = {_PROFILE: int(credential.profile), _INDEX: credential.index}
    for claim in _DISCLOSES[credential.profile]:
        value = known[claim]
        if value is None:
            raise ValueError(f"expected claim {claim} in a credential of profile {credential.profile.name}")
        details[claim] = value
    return {
        EXPIRES: credential.exp,
        ISSUED_AT: credential.iat,
        CONFIRMATION: holder.to_cnf(credential.holder),
        DETAILS: details,
    }


def from_sign1(message: Sign1) -> Credential:
    """Read the claims of a message; whatever breaks the form raises `CodeError("malformed")`."""
    payload = message.claims
    claims.only(payload, {EXPIRES, ISSUED_AT, CONFIRMATION, DETAILS})
    details = claims.details(payload)
    claims.only(details, {_PROFILE, _INDEX}, optional={_NAME, _BORN, _PHOTO, _AGES})
    profile = Profile(claims.whole(details, _PROFILE, least=min(Profile), most=max(Profile)))
    claims.only(details, {_PROFILE, _INDEX} | _DISCLOSES[profile])
    return Credential(
        kid=issuer_kid(message, typ=CREDENTIAL_TYPE),
        exp=claims.seconds(payload, EXPIRES),
        iat=claims.seconds(payload, ISSUED_AT),
        holder=holder.from_cnf(payload[CONFIRMATION]),
        profile=profile,
        index=claims.whole(details, _INDEX, most=_UINT32),
        name=claims.text(details, _NAME, most=claims.NAME_BYTES) if _NAME in details else None,
        born=_date(details) if _BORN in details else None,
        photo=claims.octets(details, _PHOTO, size=16) if _PHOTO in details else None,
        ages=claims.whole(details, _AGES, most=2 ** len(AGES) - 1) if _AGES in details else None,
    )


def encode(credential: Credential, sign: Sign) -> bytes:
    """Return the signed bytes."""
    return build({KEY_ID: credential.kid, TYPE: CREDENTIAL_TYPE}, to_claims(credential), sign)


def fitted(credential: Credential) -> Credential:
    """Return the credential with its name shortened as far as `NAME_ROOM` asks."""
    if credential.name is None:
        return credential
    return replace(credential, name=names.fitting_name(credential.name, lambda name: len(name.encode()) <= NAME_ROOM))


def _date(details: Mapping[int, Any]) -> int:
    value = claims.whole(details, _BORN, least=1000_01_01, most=9999_12_31)
    month, day = value // 100 % 100, value % 100
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise CodeError("malformed", f"expected a date yyyymmdd, got {value}")
    return value
