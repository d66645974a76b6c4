"""The QR code of an invitation as a picture that any mail program and printer shows crisply."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import png
import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

WIDTH: Final = 500
"""The least width in pixels."""
_SHOWN: Final = 320
_QUIET: Final = 4
_MASK: Final = 3
"""Trying all eight masks costs five times as much, and the bits of a signed code look like chance under any of them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and how wide a page shows it, so that each module is the same whole number of pixels there too."""

    png: bytes
    shown: int


def picture(text: str) -> Picture:
    """Draw the text, which must be of the QR alphabet: level M, quiet zone 4, whole pixels a module."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET, mask_pattern=_MASK)
    code.add_data(QRData(text.encode("ascii"), mode=MODE_ALPHA_NUM))
    code.make()
    matrix = code.get_matrix()
    module = -(-WIDTH // len(matrix))
    size = module * len(matrix)
    rows = [row for line in matrix for row in [_row(line, module)] * module]
    file = io.BytesIO()
    png.Writer(size, size, greyscale=True, bitdepth=1, compression=9).write_packed(file, rows)
    return Picture(png=file.getvalue(), shown=_SHOWN // len(matrix) * len(matrix))


def _row(line: list[bool], module: int) -> bytes:
    """Return one row of pixels, eight a byte: 0 is black."""
    bits = "".join(("0" if dark else "1") * module for dark in line)
    length = -(-len(bits) // 8)
    return int(bits.ljust(length * 8, "1"), 2).to_bytes(length, "big")
