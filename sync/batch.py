"""A batch: the changes that one device signed together (SPEC.md B1). Reading only; keys are not known here."""

from __future__ import annotations

import base64
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
_PAYLOAD: Final = frozenset({"seq", "prev", "at", "changes"})


@dataclass(frozen=True, slots=True)
class Batch:
    """What stands in a batch. `signing_input` and `signature` (64 bytes, r||s) are for whoever has the device's key.

    `seq` counts the device's batches from 1; `prev` is the `hash` of the one before, "" for the first; `at` is the
    claimed time in ms; `hash` is the base64url SHA-256 of the JWS as it came.
    """

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
    header = _object(canonical.decode(unbase64url(parts[0])), _HEADER, "header")
    if header["alg"] != "ES256" or header["typ"] != TYPE:
        raise Invalid("batch_shape", f"expected alg ES256 and typ {TYPE}")
    device = header["kid"]
    if not isinstance(device, str) or not changes.REPLICA.fullmatch(device):
        raise Invalid("batch_shape", "expected kid to be a device id")
    payload = _object(canonical.decode(unbase64url(parts[1])), _PAYLOAD, "payload")
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
        device=device,
        seq=seq,
        prev=prev,
        at=at,
        changes=tuple(changes.parse(item, replica=device) for item in items),
        signing_input=f"{parts[0]}.{parts[1]}".encode(),
        signature=signature,
        hash=hash_of(jws),
    )


def hash_of(jws: str) -> str:
    """Return the base64url SHA-256 of a batch's exact bytes, which the device's next batch names as `prev`."""
    return base64url(hashlib.sha256(jws.encode()).digest())


def base64url(data: bytes) -> str:
    """Encode without padding (RFC 4648 5, RFC 7515 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Decode strictly: no padding, no foreign characters, no stray bits. Anything else is `Invalid("base64url")`."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("base64url", f"expected base64url without padding: {error}") from error
    if base64url(data) != text:
        raise Invalid("base64url", "expected base64url without padding or stray bits")
    return data


def _object(value: Value, names: frozenset[str], what: str) -> dict[str, Value]:
    if not isinstance(value, dict) or value.keys() != names:
        raise Invalid("batch_shape", f"expected the {what} to be an object with exactly {sorted(names)}")
    return value


def _whole(value: Value) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= limits.INTEGER
