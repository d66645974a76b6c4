"""The text of a code: a prefix, and Base45 (RFC 9285) of bytes; both stay in QR's alphanumeric mode."""

from __future__ import annotations

from typing import Final

import base45

INVITATION: Final = "MCI1:"
PRESENTATION: Final = "MCP1:"
CHALLENGE: Final = "MCC1:"
DESK: Final = "MCD1:"
EXCHANGE: Final = "MCX1:"
PREFIXES: Final = (INVITATION, PRESENTATION, CHALLENGE, DESK, EXCHANGE)

LONGEST: Final = 4296
"""Characters that the largest QR code holds in alphanumeric mode (ISO/IEC 18004, version 40-L)."""


class CodeError(ValueError):
    """A code that can't be read. `reason` is one of `not_a_code malformed trailing_bytes duplicate_keys algorithm`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def encode_text(prefix: str, data: bytes) -> str:
    """Return the text that stands in the QR code."""
    return f"{prefix}{base45.b45encode(data).decode()}"


def decode_text(text: str) -> tuple[str, bytes]:
    """Split a code into its prefix and its bytes; only the text that `encode_text` gives is taken.

    >>> decode_text("MCC1:QED8WEX0")
    ('MCC1:', b'ietf!')
    """
    prefix = next((prefix for prefix in PREFIXES if text.startswith(prefix)), None)
    if prefix is None:
        raise CodeError("not_a_code", f"expected one of {' '.join(PREFIXES)}, got {text[:5]!r}")
    if len(text) > LONGEST:
        raise CodeError("malformed", f"expected at most {LONGEST} characters, got {len(text)}")
    try:
        data = base45.b45decode(text.removeprefix(prefix))
    except ValueError as error:
        raise CodeError("malformed", "expected Base45 after the prefix") from error
    if encode_text(prefix, data) != text:
        raise CodeError("malformed", "expected Base45 and nothing around it")
    return prefix, data
