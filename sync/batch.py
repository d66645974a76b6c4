"""A batch: the changes that one device signed together (SPEC.md B1). Reading only; keys are not known here."""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final, TypeGuard

from sync import canonical, limits
from sync import change as changes
from sync.canonical import Value
from sync.change import Change
from sync.limits import Invalid

TYPE: Final = "motcua-batch+jws"
HASH: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HEADER: Final = frozenset({"alg", "kid", "typ"})
_USUAL: Final = re.compile(rb'\{"alg":"ES256","kid":"([A-Za-z0-9_-]{1,43})","typ":"motcua-batch\+jws"\}')
"""The header as every client writes it; it saves parsing on the busiest path."""
_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")
_LAST: Final = {2: frozenset(b"AQgw"), 3: frozenset(b"AEIMQUYcgkosw048")}
"""What the last letter of a group of two or three may be: those whose unused bits are zero."""
_PAYLOAD: Final = frozenset({"seq", "prev", "at", "changes"})


@dataclass(frozen=True, slots=True)
class Batch:
    """What stands in a batch. `signing_input` and `signature` (64 bytes, r||s) are for whoever has the device's key.

    `jws` is its exact text; `seq` counts the device's batches from 1; `prev` is the `hash` of the one before, "" for
    the first; `at` is the claimed time in ms; `hash` is the base64url SHA-256 of the JWS as it came.
    """

    jws: str
    device: str
    seq: int
    prev: str
    at: int
    changes: tuple[Change, ...]
    signing_input: bytes
    signature: bytes
    hash: str


def parse(jws: str) -> Batch:
    """Read a compact JWS (RFC 7515 7.1). What B1 does not admit raises `Invalid`; the signature is not checked."""
    if len(jws) > limits.BATCH_BYTES:
        raise Invalid("batch_size", f"expected a batch of at most {limits.BATCH_BYTES} bytes, got {len(jws)}")
    parts = jws.split(".", 3)
    if len(parts) != 3 or not jws.isascii():
        raise Invalid("batch_shape", "expected a compact JWS of three base64url parts")
    device = _device(unbase64url(parts[0]))
    raw = unbase64url(parts[1])
    payload = _object(canonical.decode(raw), _PAYLOAD, "payload")
    small = len(raw) <= limits.VALUE_BYTES and rb"\u" not in raw
    seq, prev, at, items = payload["seq"], payload["prev"], payload["at"], payload["changes"]
    if not _whole(seq) or not _whole(at) or not isinstance(prev, str) or not isinstance(items, list):
        raise Invalid("batch_shape", "expected seq and at as whole numbers, prev as text, changes as an array")
    if not (HASH.fullmatch(prev) if seq > 1 else prev == ""):
        raise Invalid("batch_shape", 'expected prev to be a SHA-256 in base64url, or "" when seq is 1')
    if not 0 < len(items) <= limits.BATCH_CHANGES:
        raise Invalid("batch_size", f"expected 1 to {limits.BATCH_CHANGES} changes, got {len(items)}")
    signature = unbase64url(parts[2])
    if len(signature) != 64:
        raise Invalid("batch_shape", f"expected a signature of 64 bytes, got {len(signature)}")
    return Batch(
        jws=jws,
        device=device,
        seq=seq,
        prev=prev,
        at=at,
        changes=tuple(changes.parse(item, replica=device, small=small) for item in items),
        signing_input=f"{parts[0]}.{parts[1]}".encode(),
        signature=signature,
        hash=hash_of(jws),
    )


def _device(header: bytes) -> str:
    usual = _USUAL.fullmatch(header)
    if usual is not None:
        return usual[1].decode()
    members = _object(canonical.decode(header), _HEADER, "header")
    if members["alg"] != "ES256" or members["typ"] != TYPE:
        raise Invalid("batch_shape", f"expected alg ES256 and typ {TYPE}")
    device = members["kid"]
    if not isinstance(device, str) or not changes.REPLICA.fullmatch(device):
        raise Invalid("batch_shape", "expected kid to be a device id")
    return device


def hash_of(jws: str) -> str:
    """Return the base64url SHA-256 of a batch's exact bytes, which the device's next batch names as `prev`."""
    return base64url(hashlib.sha256(jws.encode()).digest())


def base64url(data: bytes) -> str:
    """Encode without padding (RFC 4648 5, RFC 7515 2)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Decode strictly: no padding, no foreign characters, no stray bits. Anything else is `Invalid("base64url")`."""
    try:
        letters = text.encode("ascii")
        rest = len(letters) % 4
        foreign = b"+" in letters or b"/" in letters or b"=" in letters
        if foreign or rest == 1 or (rest and letters[-1] not in _LAST[rest]):
            raise ValueError("padding, foreign letters or stray bits")
        return binascii.a2b_base64(letters.translate(_FROM_URL) + b"=" * (-rest % 4), strict_mode=True)
    except ValueError as error:  # binascii.Error and UnicodeEncodeError are such
        raise Invalid("base64url", f"expected base64url without padding: {error}") from error


def _object(value: Value, names: frozenset[str], what: str) -> dict[str, Value]:
    if not isinstance(value, dict) or value.keys() != names:
        raise Invalid("batch_shape", f"expected the {what} to be an object with exactly {sorted(names)}")
    return value


def _whole(value: Value) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= limits.INTEGER
