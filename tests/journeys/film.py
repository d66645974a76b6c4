"""Films for a browser's camera: somebody holds codes before it, one after the other, with an unsteady hand."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import qrcode
from PIL import Image

SIZE = (640, 480)
RATE = 10
"""Frames a second."""

Scene = tuple[str | None, float]


def film(path: Path, scenes: Sequence[Scene]) -> list[str]:
    """Write scenes (the text of a code or None, and seconds) as a Y4M film that the browser plays over and over.

    Returns the browser's arguments that put it into the camera and let every page use it.
    """
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for text, seconds in scenes:
            code = None if text is None else picture(text).convert("L")
            for frame in range(round(seconds * RATE)):
                out.write(b"FRAME\n" + _held(code, frame).tobytes())
                out.write(bytes([128]) * (SIZE[0] * SIZE[1] // 2))  # no colour
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]


def picture(text: str, *, module: int = 5) -> Image.Image:
    """Return a code as it stands on a screen or a letter; `module` is the side of its squares in px."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=module, border=4)
    code.add_data(text.encode())
    code.make(fit=True)
    png = io.BytesIO()
    code.make_image().save(png)
    return Image.open(png).convert("RGB")


def png(text: str) -> bytes:
    """Return a code as the bytes of a PNG file."""
    data = io.BytesIO()
    picture(text).save(data, "PNG")
    return data.getvalue()


def _held(code: Image.Image | None, frame: int) -> Image.Image:
    """Return a frame: a grey room, and the code a little turned and moved from frame to frame."""
    room = Image.linear_gradient("L").resize(SIZE).point(lambda light: 60 + light // 4)
    if code is None:
        return room
    side = round(SIZE[1] * 0.78)
    turned = code.resize((side, side)).rotate(6 * math.sin(frame / 3), expand=True, fillcolor=235)
    shift = round(6 * math.sin(frame / 2))
    room.paste(turned, ((SIZE[0] - turned.width) // 2 + shift, (SIZE[1] - turned.height) // 2))
    return room
