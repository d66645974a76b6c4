"""What a photo taken at the desk must be: a small JPEG that every phone can show. Pure."""

from __future__ import annotations

import hashlib
from typing import Final

LONGEST: Final = 45_000
"""The most characters of base64url, so that a verification fits into a record's value (SPEC.md R12)."""
_SIDE: Final = 1024
"""The most pixels a side: a few bytes can ask a guard's phone for gigabytes of pixels."""
_START, _END = b"\xff\xd8", b"\xff\xd9"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive frames (ISO/IEC 10918-1, table B.1): those that browsers show."""
_NO_SEGMENTS: Final = frozenset({0x01, *range(0xC3, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xDB)})
"""Markers that can't stand before a frame that browsers show: other frames, restarts, start and end, a scan."""


def photo_hash(photo: bytes) -> str:
    """Return what credentials carry of a photo, in hex: the first 16 bytes of its SHA-256."""
    return hashlib.sha256(photo).digest()[:16].hex()


def check_jpeg(data: bytes) -> None:
    """Raise `ValueError` unless `data` is a whole JPEG of at most 1024 pixels a side."""
    if not data.startswith(_START) or not data.endswith(_END):
        raise ValueError("expected a JPEG from its first marker to its last")
    width, height = _sides(data)
    if not (0 < width <= _SIDE and 0 < height <= _SIDE):
        raise ValueError(f"expected 1 to {_SIDE} pixels a side, got {width} x {height}")


def _sides(data: bytes) -> tuple[int, int]:
    """Return width and height from the frame header (ISO/IEC 10918-1, B.2.2); segments before it are passed over."""
    at = len(_START)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte before a marker
            at += 1
            continue
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        if marker in _NO_SEGMENTS:
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise ValueError("expected a frame header that browsers understand")
