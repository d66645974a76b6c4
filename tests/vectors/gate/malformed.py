"""Codes whose signatures hold over claims that break the form: what a faulty or foreign issuer could sign."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import cbor2

from server.codes import credential, invitation, presentation
from server.codes.presentation import Presentation
from tests.vectors.gate.codes_cases import AGE, CLAIMED, FULL, GATE, INVITATION, NOW, signed
from tests.vectors.gate.showing import presented
from tests.vectors.gate.signers import HOLDER, WARD

GONE = object()
"""Stands for a claim that is missing."""

DETAILS = -65537
FIVE_GB = 2**32

_TIMES = [("as text", "1795000000"), ("negative", -1), ("past the year 9999", 253_402_300_800), ("true", True)]
_INVITATIONS: list[tuple[str, tuple[int, ...], Any]] = [
    ("no exp", (4,), GONE),
    ("no nbf", (5,), GONE),
    ("no cti", (7,), GONE),
    ("no details", (DETAILS,), GONE),
    *((f"exp {what}", (4,), value) for what, value in _TIMES),
    *((f"nbf {what}", (5,), value) for what, value in _TIMES),
    ("a cti of 7 bytes", (7,), bytes(7)),
    ("a cti of 9 bytes", (7,), bytes(9)),
    ("a cti of text", (7,), "01234567"),
    ("a claim more", (6,), NOW),
    ("details that are no map", (DETAILS,), [1, 7, 41]),
    ("a detail more", (DETAILS, 10), bytes(8)),
    *((f"no detail {name}", (DETAILS, name), GONE) for name in (1, 2, 3, 4, 8, 9, 11)),
    ("another kind", (DETAILS, 1), 2),
    ("kind true", (DETAILS, 1), True),
    ("place as text", (DETAILS, 2), "7"),
    ("a negative place", (DETAILS, 2), -7),
    ("a place past 32 bits", (DETAILS, 2), FIVE_GB),
    ("a negative status index", (DETAILS, 3), -1),
    ("a status index past 32 bits", (DETAILS, 3), FIVE_GB),
    ("an empty name", (DETAILS, 4), ""),
    ("a name of bytes", (DETAILS, 4), b"Khai"),
    ("a name of 65 bytes", (DETAILS, 4), "ạ" * 21 + "xx"),
    ("a gate past bit 15", (DETAILS, 8), 0x10000),
    ("gates as an array", (DETAILS, 8), [0, 1]),
    ("256 entries", (DETAILS, 9), 256),
    ("negative entries", (DETAILS, 9), -1),
    ("a meeting of 4 bytes", (DETAILS, 11), bytes(4)),
]
_CNF: list[tuple[str, tuple[int, ...], Any]] = [
    ("cnf that is no map", (8,), HOLDER.jwk["x"]),
    ("cnf with a kid", (8,), {3: b"kid"}),
    ("cnf with a member more", (8, 3), b"kid"),
    ("a key of another type", (8, 1, 1), 1),
    ("a key on another curve", (8, 1, -1), 2),
    ("a key on curve true", (8, 1, -1), True),
    ("an x of 31 bytes", (8, 1, -2), bytes(31)),
    ("an x that is on no point", (8, 1, -2), b"\xff" * 32),
    ("a y that is written out", (8, 1, -3), bytes(32)),
    ("a y of 1", (8, 1, -3), 1),
    ("a key with a private part", (8, 1, -4), bytes(32)),
    ("a key without y", (8, 1, -3), GONE),
]
_CREDENTIALS: list[tuple[str, tuple[int, ...], Any]] = [
    ("no exp", (4,), GONE),
    ("no iat", (6,), GONE),
    ("no details", (DETAILS,), GONE),
    *((f"exp {what}", (4,), value) for what, value in _TIMES),
    *((f"iat {what}", (6,), value) for what, value in _TIMES),
    ("a claim more", (5,), NOW),
    *_CNF,
    ("details that are no map", (DETAILS,), 1),
    ("profile 0", (DETAILS, 1), 0),
    ("profile 4", (DETAILS, 1), 4),
    ("no profile", (DETAILS, 1), GONE),
    ("no status index", (DETAILS, 3), GONE),
    ("an empty name", (DETAILS, 4), ""),
    ("a name of 65 bytes", (DETAILS, 4), "ạ" * 21 + "xx"),
    ("a birth in month 13", (DETAILS, 5), 1990_13_01),
    ("a birth on day 0", (DETAILS, 5), 1990_09_00),
    ("a birth on day 32", (DETAILS, 5), 1990_09_32),
    ("a birth as text", (DETAILS, 5), "1990-09-01"),
    ("a birth before the year 1000", (DETAILS, 5), 999_09_01),
    ("a photo of 32 bytes", (DETAILS, 6), bytes(32)),
    ("a fifth age flag", (DETAILS, 7), 0b10000),
    ("a negative age flag", (DETAILS, 7), -1),
    ("no name", (DETAILS, 4), GONE),
    ("no birth", (DETAILS, 5), GONE),
    ("no photo", (DETAILS, 6), GONE),
    ("no age flags", (DETAILS, 7), GONE),
    ("a detail more", (DETAILS, 2), 7),
]
_PRESENTATIONS: list[tuple[str, tuple[int, ...], Any]] = [
    ("no audience", (3,), GONE),
    ("an audience that is a number", (3,), 7),
    ("an empty audience", (3,), ""),
    ("an audience of 11 bytes", (3,), "12345678901"),
    ("no iat", (6,), GONE),
    *((f"iat {what}", (6,), value) for what, value in _TIMES),
    ("a challenge of 7 bytes", (39,), bytes(7)),
    ("a challenge of text", (39,), "01234567"),
    ("a claim more", (40,), bytes(8)),
]


def broken_invitations() -> Iterator[tuple[str, bytes]]:
    """Yield signed bytes, each with one fault."""
    for name, path, value in _INVITATIONS:
        yield name, _issue({1: -7, 4: WARD.kid}, changed(invitation.to_claims(INVITATION), path, value))
    for name, path, value in _CNF:
        yield name, _issue({1: -7, 4: WARD.kid}, changed(invitation.to_claims(CLAIMED), path, value))


def broken_credentials() -> Iterator[tuple[str, str]]:
    """Yield presentations of credentials, each with one fault, and of those that disclose what they should not."""
    header = {1: -7, 4: WARD.kid, 16: 293}
    for name, path, value in _CREDENTIALS:
        yield f"full identity with {name}", presented(_issue(header, changed(credential.to_claims(FULL), path, value)))
    gate_with_birth = changed(credential.to_claims(GATE), (DETAILS, 5), 1990_09_01)
    yield "gate profile with a birth", presented(_issue(header, gate_with_birth))
    age_with_name = changed(credential.to_claims(AGE), (DETAILS, 4), "Khai")
    yield "age profile with a name", presented(_issue(header, age_with_name))
    as_invitation = _issue({1: -7, 4: WARD.kid}, credential.to_claims(GATE))
    yield "credential without its type", presented(as_invitation)
    as_credential = _issue(header, invitation.to_claims(CLAIMED))
    yield "claimed invitation of a credential's type", presented(as_credential)


def broken_presentations() -> Iterator[tuple[str, str]]:
    """Yield presentations whose own claims have one fault each."""
    issued = invitation.encode(CLAIMED, WARD.sign)
    header = encoded({1: -7, 13: issued, 16: 294})
    for name, path, value in _PRESENTATIONS:
        payload = changed(presentation.to_claims(Presentation(issued, "7", NOW)), path, value)
        yield f"presentation with {name}", presentation.text(signed(header, encoded(payload), HOLDER))


def _issue(header: dict[int, Any], claims: dict[int, Any]) -> bytes:
    return signed(encoded(header), encoded(claims))


def changed(claims: dict[int, Any], path: tuple[int, ...], value: Any) -> dict[int, Any]:
    """Return claims with one of them, at any depth, replaced or left out."""
    claims = copy.deepcopy(claims)
    inner: Any = claims
    for name in path[:-1]:
        inner = inner[name]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return claims


def encoded(value: Any) -> bytes:
    """Return deterministic CBOR, without the checks of our own encoder."""
    data: bytes = cbor2.dumps(value, canonical=True)
    return data
