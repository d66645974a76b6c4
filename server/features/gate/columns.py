"""Check-ins as columns of bytes: ten thousand of them in a few hundred kilobytes, read in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

Event: TypeAlias = tuple[str, Any]
"""The id of a check-in and its value."""

_OUT, _OVERRIDE, _GATE_AT = 1, 2, 2


def columns(passages: Sequence[Event]) -> dict[str, int | bytes]:
    """Return check-ins, which come in ascending order of their ids, as columns of bytes.

    `at` has LEB128 numbers: the first time in ms, then how much later each is than the one before; `rest` bytes 6 to 15
    of each id (the first 6 are its time); `subject` 8 bytes each; `flags` one: bit 0 out, bit 1 admitted by a guard's
    own decision, bits 2 to 5 the gate; `max` one; `place` LEB128 numbers; `meeting` 3 bytes each, zeros for none.
    """
    values = [value for _, value in passages]
    return {
        "n": len(values),
        "at": varints(_steps(value["at"] for value in values)),
        "rest": b"".join(bytes.fromhex(id.replace("-", "")[12:]) for id, _ in passages),
        "subject": bytes.fromhex("".join(value["subject"] for value in values)),
        "flags": bytes(map(_flags, values)),
        "max": bytes(value["max"] for value in values),
        "place": varints(value["place"] for value in values),
        "meeting": bytes.fromhex("".join(value["meeting"] or "000000" for value in values)),
    }


def varints(numbers: Iterable[int]) -> bytes:
    """Return numbers in LEB128: 7 bits a byte, the lowest first, the top bit set on all but the last."""
    out = bytearray()
    for number in numbers:
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7  # noqa: PLW2901  # it is used up
        out.append(number)
    return bytes(out)


def _steps(times: Iterable[int]) -> Iterator[int]:
    before = 0
    for time in times:
        yield time - before
        before = time


def _flags(value: Any) -> int:
    gate: int = value["gate"] << _GATE_AT
    return gate | (_OUT if value["way"] == "out" else 0) | (_OVERRIDE if value["override"] is not None else 0)
