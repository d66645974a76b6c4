"""Reads what was held in front of the camera, and believes it only when its signatures hold."""

from __future__ import annotations

from dataclasses import dataclass

from server.codes import base, credential, holder, invitation, presentation, sign1
from server.codes.base import CodeError
from server.codes.cccd import parse_card
from server.codes.claims import CONFIRMATION
from server.codes.credential import CREDENTIAL_TYPE, Credential
from server.codes.invitation import Invitation
from server.codes.presentation import Presentation
from server.codes.sign1 import TYPE, Sign1, issuer_kid
from server.features.gate.packs import Key, OpenPack


@dataclass(frozen=True, slots=True)
class Parts:
    """What an issuer signed, the `kid` that it names, and what a holder signed around it, if a phone presents it."""

    issued: Sign1
    kid: bytes
    held: Sign1 | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a code says, once believed. `unit` is the unit whose key signed; `id` is the presentation's."""

    issued: Invitation | Credential
    unit: str
    presented: Presentation | None = None
    id: str | None = None

    @property
    def subject(self) -> str:
        """Return how check-ins name whoever shows this."""
        return self.issued.cti.hex() if isinstance(self.issued, Invitation) else holder.subject(self.issued.holder)


def read(code: str) -> Parts:
    """Take a code apart. What can't be read raises `CodeError`, with `card` for a citizen card."""
    try:
        prefix, data = base.decode_text(code)
    except CodeError as error:
        raise CodeError("card", "expected a code, got a citizen card") if _is_card(code) else error from None
    if prefix == base.INVITATION:
        issued = sign1.parse(data)
        return Parts(issued, issuer_kid(issued, typ=None), None)
    if prefix == base.PRESENTATION:
        held = sign1.parse(data)
        issued = sign1.parse(presentation.issuer_part(held))
        return Parts(issued, issuer_kid(issued, typ=_type(issued)), held)
    raise CodeError("not_a_code", f"expected a code for the guard, got {prefix}")


def believe(parts: Parts, pack: OpenPack | None) -> Shown:
    """Verify the signatures, the issuer's and the holder's, and only then read the claims; or raise `CodeError`."""
    if pack is None:
        raise CodeError("no_pack", "expected keys to verify with")
    unit = _issuer(parts, pack).unit
    if parts.held is not None:
        _verify_holder(parts.issued, parts.held)
    is_credential = _type(parts.issued) == CREDENTIAL_TYPE
    issued = (credential if is_credential else invitation).from_sign1(parts.issued)
    if parts.held is None:
        return Shown(issued, unit)
    return Shown(issued, unit, presentation.from_sign1(parts.held), presentation.id_of(parts.held))


def _issuer(parts: Parts, pack: OpenPack) -> Key:
    """Find the key that signed. Several may share a `kid` of 4 bytes; all of them are tried."""
    keys = [key for key in pack.keys if key.kid4 == parts.kid]
    if not keys:
        raise CodeError("unknown_issuer", "expected a key of the trust list")
    for key in keys:
        if sign1.verify(parts.issued, key.jwk):
            return key
    raise CodeError("forged", "expected the issuer's signature")


def _verify_holder(issued: Sign1, held: Sign1) -> None:
    if CONFIRMATION not in issued.claims:
        raise CodeError("holder", "expected an issuer part that names a holder's key")
    if not sign1.verify(held, holder.from_cnf(issued.claims[CONFIRMATION])):
        raise CodeError("holder", "expected the signature of the key that the issuer names")


def _type(issued: Sign1) -> int | None:
    return CREDENTIAL_TYPE if TYPE in issued.protected else None


def _is_card(code: str) -> bool:
    try:
        parse_card(code)
    except CodeError:
        return False
    return True
