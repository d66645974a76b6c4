"""The opening of a WebSocket, as a server answers it (RFC 6455 section 4.2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Final, Protocol

from server.errors import Problem

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Headers(Protocol):
    """A request's headers, asked for in any case of letters."""

    def get(self, name: str, default: str, /) -> str:
        """Return a header's value."""
        ...


def answer(headers: Headers) -> bytes:
    """Return the bytes that accept a connection asked for with these headers. Raises `bad_request`."""
    words = {word.strip().lower() for word in headers.get("Connection", "").split(",")}
    if headers.get("Upgrade", "").lower() != "websocket" or "upgrade" not in words:
        raise Problem("bad_request", "expected Connection: Upgrade and Upgrade: websocket")
    if headers.get("Sec-WebSocket-Version", "") != "13":
        raise Problem("bad_request", "expected Sec-WebSocket-Version: 13")
    key = headers.get("Sec-WebSocket-Key", "")
    if not _is_key(key):
        raise Problem("bad_request", "expected Sec-WebSocket-Key to be 16 bytes in base64")
    accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
