"""The packs that verdicts are made with: the usual one, and those that fail in one way each."""

from __future__ import annotations

import zlib
from typing import Any

from server.features.gate.packs import OpenPack, open_pack
from sync.batch import base64url
from tests.vectors.gate.codes_cases import NOW
from tests.vectors.gate.signers import DISTRICT, ROOT, STRANGER, WARD, Signer

ORIGIN = "https://motcua.example"
WARD_UNIT, DISTRICT_UNIT = "ward-1", "district-2"

INVITATIONS = {43: 1, 44: 12, 45: 13, 46: 5}
"""Index and status; all others are valid."""
IDENTITIES = {8: 1, 9: 12, 10: 13}
LENGTH = 64

BOMB = bytes.fromhex(
    "78daedc101010000008090feafee080a" + "00" * 4094 + "80db8343020000000041ff5f3bc20a" + "00" * 985 + "1c0104b00001"
)
"""5 MB of zeros, deflated once; libraries deflate differently, and these files must not."""


def made() -> dict[str, Any]:
    three = [status_list(), identities(), identities(DISTRICT_UNIT, DISTRICT)]
    altered = three[0][:-4] + ("AAAA" if not three[0].endswith("AAAA") else "BBBB")
    lists = {
        "usual": three,
        "no lists": [],
        "stale": [status_list(iat=NOW - 9 * 3600), identities(iat=NOW - 9 * 3600)],
        "stale in a minute": [status_list(exp=NOW + 60), identities(exp=NOW + 60)],
        "stale this second": [status_list(exp=NOW), identities(exp=NOW)],
        "lists by a stranger": [status_list(signer=STRANGER), identities(signer=STRANGER)],
        "lists by a stranger, under the ward's key": [status_list(signer=STRANGER, kid=WARD.id)],
        "lists by the district": [status_list(signer=DISTRICT), identities(signer=DISTRICT)],
        "a list altered": [altered],
        "lists of another service": [status_list(origin="https://other.example")],
        "lists of another type": [status_list(typ="JWT")],
        "a list cut short": [status_list(data=stored(entries(INVITATIONS))[:-5])],
        "a list and more": [status_list(data=stored(entries(INVITATIONS)) + b"\0")],
        "a list that is not compressed": [status_list(data=entries(INVITATIONS))],
        "a list that inflates to 5 MB": [status_list(data=BOMB)],
        "a list of 3 bits": [status_list(bits=3)],
        "a list without an end": [status_list(exp=None)],
        "text that is no list": ["", "a.b.c", "{}"],
        "the newer list first": [status_list({41: 1}, iat=NOW), status_list(iat=NOW - 600)],
        "the newer list last": [status_list(iat=NOW - 600), status_list({41: 1}, iat=NOW)],
        "a list of one bit": [status_list(bits=1, data=stored(bytes([0] * 5 + [0b0000_0010] + [0] * 2)))],
        "a list of eight bits": [status_list(bits=8, data=stored(bytes([0] * 41 + [12] + [0] * 22)))],
    }
    trusted = {name: {"root": ROOT.thumbprint, "trust": trust(), "lists": jwts} for name, jwts in lists.items()}
    signed, _, signature = trust().rpartition(".")
    untrusted = {
        "trust by a stranger": trust(signer=STRANGER),
        "trust by a stranger, under the root's key": trust(signer=STRANGER, shown=ROOT),
        "trust altered": f"{signed}.{'AAAA' if not signature.startswith('AAAA') else 'BBBB'}{signature[4:]}",
        "trust of another type": trust(typ="JWT"),
        "trust with a key under another's name": trust(named=STRANGER.id),
        "no trust": "",
    }
    failing = {name: {"root": ROOT.thumbprint, "trust": text, "lists": three} for name, text in untrusted.items()}
    other_root = {"root": STRANGER.thumbprint, "trust": trust(), "lists": three}
    return {"none": None, **trusted, **failing, "another root": other_root}


def usual() -> OpenPack | None:
    """Return the usual pack, opened."""
    return open_pack(trust(), ROOT.thumbprint, [status_list(), identities(), identities(DISTRICT_UNIT, DISTRICT)])


def trust(
    *, signer: Signer = ROOT, shown: Signer | None = None, typ: str = "motcua-trust+jws", named: str | None = None
) -> str:
    units = ((WARD_UNIT, WARD), (DISTRICT_UNIT, DISTRICT))
    keys = [{"kid": key.id, "unit": unit, "jwk": key.jwk, "nbf": (NOW - 86_400) * 1000} for unit, key in units]
    if named is not None:
        keys[0]["kid"] = named
    header = {"typ": typ, "kid": signer.id, "jwk": (shown or signer).jwk}
    payload = {"iat": (NOW - 86_400) * 1000, "rp": "motcua.example", "origins": [ORIGIN], "keys": keys}
    return signer.jws(header, payload)


def entries(statuses: dict[int, int]) -> bytes:
    """Return a list of 4 bits an entry, the low half of a byte first."""
    return bytes(statuses.get(at, 0) | statuses.get(at + 1, 0) << 4 for at in range(0, LENGTH, 2))


def status_list(
    statuses: dict[int, int] = INVITATIONS,
    *,
    id: str = f"invitation_{WARD_UNIT}",
    signer: Signer = WARD,
    kid: str | None = None,
    iat: int = NOW - 600,
    exp: int | None = 0,
    origin: str = ORIGIN,
    typ: str = "statuslist+jwt",
    bits: int = 4,
    data: bytes | None = None,
) -> str:
    lst = base64url(stored(entries(statuses)) if data is None else data)
    payload = {
        "sub": f"{origin}/statuslists/{id}",
        "iat": iat,
        "exp": exp or iat + 8 * 3600,
        "ttl": 900,
        "status_list": {"bits": bits, "lst": lst},
    }
    if exp is None:
        del payload["exp"]
    return signer.jws({"typ": typ, "kid": kid or signer.id}, payload)


def stored(data: bytes) -> bytes:
    """Return a zlib stream that does not deflate, and so is the same from every library."""
    return zlib.compress(data, 0)


def identities(unit: str = WARD_UNIT, signer: Signer = WARD, **more: Any) -> str:
    return status_list(IDENTITIES, id=f"identity_{unit}", signer=signer, **more)
