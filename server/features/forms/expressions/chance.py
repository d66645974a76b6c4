"""Digests, and chance that is none: what the draft's seed and the asking place's path give. `chance.ts` is its twin.

The server computes again what a phone has computed, so random() and uuid() have to give it the same.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Final

from server.features.forms.expressions.scope import Frame, units
from server.features.forms.expressions.table import Function, function

_ALGORITHMS: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
_ENCODINGS: Final = ("base64", "hex")
_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST: Final = 256  # letters of uuid(n)


def _digest(frame: Frame, text: str, algorithm: str, encoding: str = "base64") -> str:
    if algorithm not in _ALGORITHMS or encoding not in _ENCODINGS:
        return ""
    frame.meter.spend(units(text))
    encoded = text.encode("utf-8", "surrogatepass")
    found = hashlib.new(algorithm.replace("-", "").lower(), encoded, usedforsecurity=False).digest()
    return found.hex() if encoding == "hex" else b64encode(found).decode()


def _unknown(constants: Sequence[str | float | None]) -> str | None:
    for constant, known in zip(constants[1:], (_ALGORITHMS, _ENCODINGS), strict=False):
        if constant is not None and constant not in known:
            return f"expected one of {', '.join(known)}, got '{constant}'"
    return None


def _draw(frame: Frame, part: int = 0) -> bytes:
    """Return 32 bytes; another call in the same evaluation, or another `part`, gives others."""
    if part == 0:
        frame.meter.calls += 1
    frame.meter.spend(16)
    drawn = f"{frame.scope.seed}\0{frame.scope.path}\0{frame.meter.calls}\0{part}"
    return hashlib.sha256(drawn.encode("utf-8", "surrogatepass")).digest()


def _random(frame: Frame) -> float:
    """Return a number from 0 to below 1, of 53 bits."""
    return (int.from_bytes(_draw(frame)[:7]) >> 3) / 2**53


def _uuid(frame: Frame, length: float | None = None) -> str:
    """Return a UUID of version 4 (RFC 9562), or so many letters and digits."""
    if length is None:
        drawn = bytearray(_draw(frame)[:16])
        drawn[6] = drawn[6] & 0x0F | 0x40
        drawn[8] = drawn[8] & 0x3F | 0x80
        text = drawn.hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    count = int(min(length, _LONGEST)) if length >= 1 else 0
    letters = ""
    for part in range(-(-count // 32)):
        letters += "".join(_LETTERS[byte % 36] for byte in _draw(frame, part))
    return letters[:count]


CHANCE: Final[Mapping[str, Function]] = {
    "digest": function("ttt", _digest, least=2, framed=True, refuses=_unknown),
    "random": function("", _random, framed=True),
    "uuid": function("d", _uuid, least=0, framed=True),
}
