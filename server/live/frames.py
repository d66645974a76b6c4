"""Frames of a WebSocket (RFC 6455 section 5): as much as a server needs that speaks, and is hardly spoken to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
_OPCODES: Final = frozenset({0x0, TEXT, 0x2, CLOSE, PING, PONG})
_CONTROL: Final = 0x8
_LONGEST: Final = 1024
"""Bytes that a client may say at once; it has nothing to say."""

NORMAL: Final = 1000
PROTOCOL: Final = 1002
POLICY: Final = 1008
TOO_BIG: Final = 1009
RESTART: Final = 1012
"""Reasons to close (RFC 6455 7.4.1, and IANA's registry for 1012)."""


class Unreadable(Exception):
    """What came is no frame that a client may send; `code` is the reason to close for."""

    def __init__(self, code: int, expected: str) -> None:
        super().__init__(expected)
        self.code = code


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a client, its mask taken off."""

    opcode: int
    payload: bytes


def encode(opcode: int, payload: bytes = b"") -> bytes:
    """Return a whole message of a server, of less than 64 KiB, in one frame."""
    if len(payload) < 126:
        return bytes((0x80 | opcode, len(payload))) + payload
    return bytes((0x80 | opcode, 126)) + len(payload).to_bytes(2) + payload


def closing(code: int, reason: str = "") -> bytes:
    """Return the frame that ends a connection."""
    return encode(CLOSE, code.to_bytes(2) + reason.encode())


def decode(data: bytes) -> tuple[list[Frame], bytes]:
    """Read the frames that have come whole; return them and the bytes of the next one. Raises `Unreadable`.

    What is left to read is never longer than the longest frame that is allowed, so it may be kept.
    """
    found = []
    while len(data) >= 2:
        opcode, length, start = data[0] & 0x0F, data[1] & 0x7F, 2
        if data[0] & 0x70 or opcode not in _OPCODES:
            raise Unreadable(PROTOCOL, "expected a frame without extensions")
        if not data[1] & 0x80:
            raise Unreadable(PROTOCOL, "expected a client to mask its frames")
        if opcode & _CONTROL and (length > 125 or not data[0] & 0x80):
            raise Unreadable(PROTOCOL, "expected a control frame to be short and whole")
        if length == 126:
            if len(data) < 4:
                break
            length, start = int.from_bytes(data[2:4]), 4
        if length > _LONGEST or data[1] & 0x7F == 127:
            raise Unreadable(TOO_BIG, f"expected at most {_LONGEST} bytes")
        end = start + 4 + length
        if len(data) < end:
            break
        found.append(Frame(opcode, _unmasked(data[start + 4 : end], data[start : start + 4])))
        data = data[end:]
    return found, data


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(len(payload))
