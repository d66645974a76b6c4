"""Canonical JSON without floats: RFC 8785 bytes of the values that SPEC.md R10 admits."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final, NoReturn, TypeAlias

from sync import limits
from sync.limits import Invalid

Value: TypeAlias = "bool | int | str | list[Value] | dict[str, Value] | None"

_STRINGS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS: Final = len(str(limits.INTEGER))


def encode(value: Value) -> bytes:
    """Return the RFC 8785 bytes of `value`; it holds no float. Lone surrogates raise `Invalid("value_text")`."""
    text = _encode(value)
    try:
        # RFC 8785 3.2.3 orders names by UTF-16 code unit, Python by code point: they differ only past U+FFFF.
        if not text.isascii() and len(text.encode("utf-16-le")) != 2 * len(text):
            text = _encode_ordered(_in_utf16_order(value))
        return text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("value_text", f"expected Unicode text, got a lone surrogate at {error.start}") from error


def decode(data: bytes | str) -> Value:
    """Parse JSON text (UTF-8) that every language reads alike (R10). Anything else raises `Invalid("json")`.

    Beyond RFC 8259 it refuses what parsers disagree on (RFC 7493): fractions, exponents, -0, integers past 2^53-1,
    a name that stands twice in an object, a byte order mark, and more than 32 levels.
    """
    try:
        raw = data.encode() if isinstance(data, str) else data
        value: Value = _decoder.decode(raw.decode())
    except (ValueError, RecursionError) as error:
        raise Invalid("json", f"expected JSON without floats: {error}") from error
    # Only now, because in valid JSON every quote has its partner, and the pattern runs in linear time.
    openings = raw.count(b"[") + raw.count(b"{")
    if openings > limits.JSON_DEPTH and _deeper(
        _STRINGS.sub(b"", raw).translate(None, _NO_BRACKETS), limits.JSON_DEPTH
    ):
        raise Invalid("json", f"expected at most {limits.JSON_DEPTH} levels of arrays and objects")
    return value


def check(value: Value, *, small: bool = False) -> None:
    """Refuse a value that breaks R10 or the value limits of R12, with `Invalid("value_...")`.

    `small` says that it was read from a text that is no longer than a value may be and has no escape of a letter: then
    its canonical bytes, which are no more, and hold no lone surrogate, need not be made.
    """
    _check(value, limits.VALUE_DEPTH)
    if small:
        return
    size = len(encode(value))
    if size > limits.VALUE_BYTES:
        raise Invalid("value_size", f"expected a value of at most {limits.VALUE_BYTES} bytes, got {size}")


def nfc(value: Value) -> Value:
    """Return `value` with each text in Unicode normal form C, as R10 wants it. Names of objects stay as they are."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {name: nfc(item) for name, item in value.items()}
    return value


def _check(value: Value, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if abs(value) > limits.INTEGER:
            raise Invalid("value_integer", f"expected an integer within ±{limits.INTEGER}")
    elif isinstance(value, list | dict):
        if depth == 0:
            raise Invalid("value_depth", f"expected at most {limits.VALUE_DEPTH} levels of arrays and objects")
        if isinstance(value, dict):
            for name in value:
                _check_text(name)
            value = list(value.values())
        for item in value:
            _check(item, depth - 1)
    else:
        raise Invalid("value_type", f"expected JSON without floats, got {type(value).__name__}")


def _check_text(text: str) -> None:
    if not isinstance(text, str):
        raise Invalid("value_type", f"expected names of objects to be text, got {type(text).__name__}")
    if not (text.isascii() or unicodedata.is_normalized("NFC", text)):
        raise Invalid("value_text", "expected text in Unicode normal form C")


def _in_utf16_order(value: Value) -> Value:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _in_utf16_order(value[name]) for name in names}
    if isinstance(value, list):
        return [_in_utf16_order(item) for item in value]
    return value


def _integer(text: str) -> int:
    if text == "-0" or len(text) > 1 + _DIGITS or abs(integer := int(text)) > limits.INTEGER:
        raise ValueError(f"{text[:20]} is not an integer within ±{limits.INTEGER}")
    return integer


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not an integer")


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return value


def _deeper(brackets: bytes, limit: int) -> bool:
    depth = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        if depth > limit:
            return True
    return False


def _writer(*, sort_keys: bool) -> Callable[[Value], str]:
    """Return what `JSONEncoder.encode` does, without making its parts anew for each value."""
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys, check_circular=False)
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without the accelerator
        return encoder.encode
    write = make(None, encoder.default, json.encoder.encode_basestring, None, ":", ",", sort_keys, False, True)
    return lambda value: "".join(write(value, 0))


_encode: Final = _writer(sort_keys=True)
_encode_ordered: Final = _writer(sort_keys=False)
_decoder: Final = json.JSONDecoder(
    parse_int=_integer, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_object
)
