"""The CBOR of codes: deterministic (RFC 8949 4.2.1), and only what codes are made of."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, TypeAlias

import cbor2

from server.codes.base import CodeError

Value: TypeAlias = "bool | int | bytes | str | list[Value] | dict[int, Value]"

_DEPTH: Final = 6
_INTEGER: Final = 2**53 - 1
"""What JavaScript's numbers hold exactly."""


def encode(value: Value) -> bytes:
    """Return the one encoding of `value`: shortest forms, sorted keys, definite lengths."""
    data: bytes = cbor2.dumps(value, canonical=True)
    return data


def decode(data: bytes) -> Value:
    """Read one value and nothing after it. Anything else raises `CodeError`, with a reason of its own for

    bytes that follow (`trailing_bytes`) and for a key that stands twice in a map (`duplicate_keys`).
    """
    stream = BytesIO(data)
    value: Value = _load(stream, reason="malformed", duplicates=True)
    if stream.tell() != len(data):
        raise CodeError("trailing_bytes", f"expected {stream.tell()} bytes, got {len(data)}")
    _load(BytesIO(data), reason="duplicate_keys", duplicates=False)
    _check(value)
    if encode(value) != data:
        raise CodeError("malformed", "expected deterministic CBOR")
    return value


def decode_map(data: bytes) -> dict[int, Value]:
    """Read one map and nothing after it."""
    value = decode(data)
    if not isinstance(value, dict):
        raise CodeError("malformed", f"expected a map, got {type(value).__name__}")
    return value


def _load(stream: BytesIO, *, reason: str, duplicates: bool) -> Any:
    try:
        return cbor2.load(
            stream,
            semantic_decoders=_PlainTags(),
            max_depth=_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=duplicates,
        )
    except cbor2.CBORDecodeError as error:
        raise CodeError(reason, f"expected CBOR: {error}") from error


class _PlainTags(dict[int, Callable[[Any, bool], cbor2.CBORTag]]):
    """Keeps cbor2 from giving any tag a meaning: no dates, no patterns, no references, and no errors of their own."""

    def __missing__(self, tag: int) -> Callable[[Any, bool], cbor2.CBORTag]:
        return lambda value, _immutable: cbor2.CBORTag(tag, value)


def _check(value: object) -> None:
    """Refuse floats, tags, null and all else that no code holds; and True as a key, which equals 1 in Python."""
    if isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _whole(key)
            _check(item)
    elif not isinstance(value, bool | bytes | str):
        _whole(value)


def _whole(value: object) -> None:
    if type(value) is not int or abs(value) > _INTEGER:
        raise CodeError("malformed", f"expected a whole number within ±{_INTEGER}, got {type(value).__name__}")
