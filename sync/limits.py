"""The bounds of SPEC.md R12, and the error that names each one."""

from __future__ import annotations

from typing import Final

VALUE_BYTES: Final = 64 * 1024
VALUE_DEPTH: Final = 16
JSON_DEPTH: Final = 32  # of any JSON text that comes from outside
REGISTERS: Final = 5_000
RECORD_BYTES: Final = 1024 * 1024
REPLICAS: Final = 32
LEAP: Final = 2**20  # how far past the record's greatest n a change may reach
INTEGER: Final = 2**53 - 1
BATCH_BYTES: Final = 256 * 1024
BATCH_CHANGES: Final = 500


class Invalid(ValueError):
    """Something that SPEC.md does not admit.

    `code` is stable and stands in the server's list of problems; the message says what was expected and what came.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
