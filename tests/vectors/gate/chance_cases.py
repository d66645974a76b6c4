"""Codes that chance has damaged: both languages must refuse each for the same reason, whatever its faults."""

from __future__ import annotations

import random
from collections.abc import Iterator

from server.codes import base
from server.features.gate.presence import CheckIns
from server.features.gate.verdict import Gate, verdict
from tests.vectors.gate.case import HERE, Case, T, case
from tests.vectors.gate.codes_cases import AGE, CLAIMED
from tests.vectors.gate.packs_cases import usual
from tests.vectors.gate.showing import bare, identified, presented

SEED = 20261120
COUNT = 200


def damaged() -> Iterator[Case]:
    chance = random.Random(SEED)
    codes = [bare(), bare(CLAIMED), presented(CLAIMED), identified(), presented(AGE)]
    for number in range(COUNT):
        prefix, data = base.decode_text(chance.choice(codes))
        for _ in range(chance.randrange(1, 4)):
            data = _damage(chance, data)
        code = base.encode_text(prefix, data)
        found = verdict(code, usual(), CheckIns(), Gate(**HERE), (T, T))
        yield case(f"by chance, {number}", code, found.reason)


def _damage(chance: random.Random, data: bytes) -> bytes:
    """Change, remove, put in or repeat a few bytes, more often near the start, where the structure is."""
    at = chance.randrange(chance.choice([4, 24, len(data)]))
    length = chance.randrange(1, 9)
    return chance.choice(
        [
            data[:at] + bytes([data[at % len(data)] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
            data[:at] + data[at + length :],
            data[:at] + chance.randbytes(length) + data[at:],
            data[:at] + data[at : at + length] + data[at:],
            data + chance.randbytes(length),
            data[:at] + bytes([chance.choice(_HEADS)]) + data[at + 1 :],
        ]
    )


_HEADS = bytes.fromhex("00011817181818201819370a40414458405f60617f80818498049fa0a1a2a3bfc0c1d2d83df4f5f6f7f93c00fbff")
"""Bytes with which CBOR items begin."""
