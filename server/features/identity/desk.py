"""The code that a resident shows at the desk: that their phone was there, and just now."""

from __future__ import annotations

import hashlib
from typing import Final

from server.codes import desk, sign1
from server.codes.base import CodeError
from server.errors import Problem
from server.store import Reader

_BEFORE: Final = 30 * 60_000
"""How long (ms) before the officer signs the code may have been made."""
_AHEAD: Final = 2 * 60_000
"""How far (ms) the resident's clock may be ahead, of the officer's and of ours."""


def check(code: str, *, subject: str, claimed_at: int, look: Reader, now: int) -> str:
    """Return the id of the subject's device that made the code, within half an hour before `claimed_at`.

    A code that is forged, or of another person, is `desk_code`; one made at another time `desk_time`.
    """
    try:
        said, message = desk.parse(code)
    except CodeError as error:
        raise Problem("desk_code", f"{error.reason}: {error}") from error
    device = look.get("device", said.device)
    if device is None or device["person"].shown != subject or said.person != subject:
        raise Problem("desk_code", "expected a device of the person who is checked")
    if not sign1.verify(message, device["jwk"].shown):
        raise Problem("desk_code", "expected the signature of the device that the code names")
    check_device(said.device, look=look, now=now)
    made_at = said.iat * 1000
    if not claimed_at - _BEFORE <= made_at <= min(claimed_at, now) + _AHEAD:
        raise Problem("desk_time", f"expected a code of the half hour before {claimed_at}, got {made_at}")
    return said.device


def check_device(id: str, *, look: Reader, now: int) -> None:
    """Refuse (`desk_device`) a device that may not speak for its person any more."""
    device = look.get("device", id)
    assert device is not None
    if "revoked_at" in device or not now < int(str(device["expires_at"].shown)):
        raise Problem("desk_device", "expected a device that is enrolled, not revoked, not expired")


def what_was_signed(code: str) -> str:
    """Return the SHA-256 in hex of what was signed, which says whether a code was used: anyone can alter the text of
    its signature (s to n - s)."""
    return hashlib.sha256(desk.parse(code)[1].signing_input).hexdigest()
