"""The code of an invitation, `MCI1:`: printed, e-mailed, or claimed into an app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from server.codes import base, claims, holder, names
from server.codes.cbor import Value
from server.codes.claims import CODE_ID, CONFIRMATION, DETAILS, EXPIRES, NOT_BEFORE
from server.codes.sign1 import KEY_ID, Sign, Sign1, build, issuer_kid

MEETING_KIND: Final = 1
LONGEST: Final = 240
"""Characters of a code with no holder key, so that it fits version 9-M of QR."""

_KIND, _PLACE, _INDEX, _NAME, _GATES, _ENTRIES, _MEETING = 1, 2, 3, 4, 8, 9, 11
_DETAILS: Final = {_KIND, _PLACE, _INDEX, _NAME, _GATES, _ENTRIES, _MEETING}
_UINT32: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the code says. Times are seconds since 1970; `gates` is a bit mask; `entries` 0 means no bound.

    `cti` (8 bytes) names the invitation over all its issues; `meeting` is the end (3 bytes) of the meeting's id.
    An invitation with a `holder` key is claimed: it admits only within a presentation by that key.
    """

    kid: bytes
    exp: int
    nbf: int
    cti: bytes
    place: int
    index: int
    name: str
    gates: int
    entries: int
    meeting: bytes
    holder: Mapping[str, Any] | None = None


def to_claims(invitation: Invitation) -> dict[int, Value]:
    """Return the payload."""
    payload: dict[int, Value] = {
        EXPIRES: invitation.exp,
        NOT_BEFORE: invitation.nbf,
        CODE_ID: invitation.cti,
        DETAILS: {
            _KIND: MEETING_KIND,
            _PLACE: invitation.place,
            _INDEX: invitation.index,
            _NAME: invitation.name,
            _GATES: invitation.gates,
            _ENTRIES: invitation.entries,
            _MEETING: invitation.meeting,
        },
    }
    return payload if invitation.holder is None else {**payload, CONFIRMATION: holder.to_cnf(invitation.holder)}


def from_sign1(message: Sign1) -> Invitation:
    """Read the claims of a message; whatever breaks the form raises `CodeError("malformed")`."""
    payload = message.claims
    claims.only(payload, {EXPIRES, NOT_BEFORE, CODE_ID, DETAILS}, optional={CONFIRMATION})
    details = claims.details(payload)
    claims.only(details, _DETAILS)
    claims.whole(details, _KIND, least=MEETING_KIND, most=MEETING_KIND)
    return Invitation(
        kid=issuer_kid(message, typ=None),
        exp=claims.seconds(payload, EXPIRES),
        nbf=claims.seconds(payload, NOT_BEFORE),
        cti=claims.octets(payload, CODE_ID, size=8),
        place=claims.whole(details, _PLACE, most=_UINT32),
        index=claims.whole(details, _INDEX, most=_UINT32),
        name=claims.text(details, _NAME, most=claims.NAME_BYTES),
        gates=claims.whole(details, _GATES, most=0xFFFF),
        entries=claims.whole(details, _ENTRIES, most=0xFF),
        meeting=claims.octets(details, _MEETING, size=3),
        holder=holder.from_cnf(payload[CONFIRMATION]) if CONFIRMATION in payload else None,
    )


def encode(invitation: Invitation, sign: Sign) -> bytes:
    """Return the signed bytes."""
    return build({KEY_ID: invitation.kid}, to_claims(invitation), sign)


def text(data: bytes) -> str:
    """Return what stands in the QR code."""
    return base.encode_text(base.INVITATION, data)


def fitted(invitation: Invitation) -> Invitation:
    """Return the invitation with its name shortened as far as `LONGEST` asks, as if it had no holder key."""

    def fits(name: str) -> bool:
        bare = replace(invitation, name=name, holder=None)
        return len(text(encode(bare, lambda _: bytes(64)))) <= LONGEST

    return replace(invitation, name=names.fitting_name(invitation.name, fits))
