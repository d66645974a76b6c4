"""Reads single claims of a code; whatever is missing, of another type or out of range is `malformed`."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, Final

from server.codes.base import CodeError

AUDIENCE: Final = 3
EXPIRES: Final = 4
NOT_BEFORE: Final = 5
ISSUED_AT: Final = 6
CODE_ID: Final = 7
CONFIRMATION: Final = 8
"""The registered claims of a CBOR Web Token (RFC 8392 4), and `cnf` (RFC 8747)."""
CHALLENGE: Final = 39
DETAILS: Final = -65537
"""What this service adds; claims below -65536 are for private use (RFC 8392 9.1)."""

LATEST: Final = 253_402_300_799
"""The last second of the year 9999."""
NAME_BYTES: Final = 64


def only(claims: Mapping[int, Any], names: Set[int], *, optional: Set[int] = frozenset()) -> None:
    """Expect exactly `names`, and perhaps the optional ones."""
    if not names <= claims.keys() <= names | optional:
        raise CodeError("malformed", f"expected the claims {sorted(names)}, got {sorted(claims)}")


def details(claims: Mapping[int, Any]) -> Mapping[int, Any]:
    """Return the map of this service's own claims."""
    value = claims[DETAILS]
    if not isinstance(value, dict):
        raise CodeError("malformed", "expected a map of details")
    return value


def whole(claims: Mapping[int, Any], name: int, *, most: int, least: int = 0) -> int:
    """Return a whole number from `least` to `most`."""
    value = claims[name]
    if type(value) is not int or not least <= value <= most:
        raise CodeError("malformed", f"expected claim {name} to be a number from {least} to {most}")
    return value


def seconds(claims: Mapping[int, Any], name: int) -> int:
    """Return a NumericDate: whole seconds since 1970."""
    return whole(claims, name, most=LATEST)


def octets(claims: Mapping[int, Any], name: int, *, size: int) -> bytes:
    """Return a byte string of exactly `size` bytes."""
    value = claims[name]
    if not isinstance(value, bytes) or len(value) != size:
        raise CodeError("malformed", f"expected claim {name} to be {size} bytes")
    return value


def text(claims: Mapping[int, Any], name: int, *, most: int) -> str:
    """Return a text of 1 to `most` bytes in UTF-8."""
    value = claims[name]
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= most:
        raise CodeError("malformed", f"expected claim {name} to be text of 1 to {most} bytes")
    return value
