"""The ids of records that clients make: UUIDs of version 7 (SPEC.md R1, RFC 9562 5.7)."""

from __future__ import annotations

import re
from typing import Final

UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def uuid7(now: int, *, entropy: int) -> str:
    """Return the id made at `now` (ms since 1970) from 74 bits of `entropy`; ids sort by time.

    >>> uuid7(1_795_000_000_000, entropy=0)
    '01a1ed3e-0e00-7000-8000-000000000000'
    """
    high = (entropy >> 62) & 0xFFF
    low = entropy & ((1 << 62) - 1)
    text = f"{now << 80 | 0x7 << 76 | high << 64 | 0x2 << 62 | low:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
