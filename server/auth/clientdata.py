"""What a browser says it signed: clientDataJSON, read more strictly than libraries do (WebAuthn Level 3, 5.8.1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from server.errors import Problem
from sync.batch import base64url

_BYTES: Final = 4096


def check(data: bytes, *, typ: str, challenge: bytes, origins: Sequence[str]) -> None:
    """Refuse client data that is not of `typ`, for exactly `challenge`, from one of `origins` itself.

    Besides what the specification's steps 7.1 and 7.2 ask for: no member twice, no padded challenge, and no frame of
    another origin (`crossOrigin` true, or any `topOrigin`). Raises `act_signature`.
    """
    said = _read(data)
    if said.get("type") != typ:
        raise _refused(f"expected type {typ}, got {said.get('type')!r}")
    if said.get("challenge") != base64url(challenge):
        raise _refused("expected the challenge of exactly this document, in base64url without padding")
    if said.get("origin") not in origins:
        raise _refused(f"expected an origin among {list(origins)}, got {said.get('origin')!r}")
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise _refused("expected a page of this origin, not a frame in another one")


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > _BYTES:
        raise _refused(f"expected at most {_BYTES} bytes of client data")
    try:
        said = json.loads(data, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise _refused(f"expected client data as JSON: {error}") from error
    if not isinstance(said, dict):
        raise _refused("expected client data as an object")
    return said


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refused(expected: str) -> Problem:
    return Problem("act_signature", expected)
