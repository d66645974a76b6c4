"""A camera before which a journey holds things while it is running: a picture, a code, or nothing."""

from __future__ import annotations

import io
import math
import os
from functools import cache
from pathlib import Path

from PIL import Image

from tests.journeys.film import RATE, SIZE, picture

FRAMES = RATE
"""The film lasts a second and begins anew; what is held moves with the hand."""
_FRAME = b"FRAME\n"
_COLOURLESS = bytes([128]) * (SIZE[0] * SIZE[1] // 2)


class Camera:
    """The camera of one browser: a film that is written over while it plays. Every frame keeps its place in it."""

    def __init__(self, path: Path) -> None:
        header = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode()
        self._offset = len(header)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.pwrite(self._file, header, 0)
        self.put_away()
        self.arguments = [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        ]

    def hold(self, shown: bytes | Image.Image | str) -> None:
        """Hold a picture (PNG bytes, or as an image) or a code's text before the camera."""
        image = picture(shown) if isinstance(shown, str) else shown
        if isinstance(image, bytes):
            image = Image.open(io.BytesIO(image))
        self._play([_held(image.convert("L"), frame) for frame in range(FRAMES)])

    def put_away(self) -> None:
        """Show the room and nothing else."""
        self._play([_room()] * FRAMES)

    def close(self) -> None:
        """Let go of the film."""
        os.close(self._file)

    def _play(self, frames: list[Image.Image]) -> None:
        os.pwrite(self._file, b"".join(_FRAME + frame.tobytes() + _COLOURLESS for frame in frames), self._offset)


@cache
def _room() -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE).point(lambda light: 60 + light // 4)


def _held(image: Image.Image, frame: int) -> Image.Image:
    """Return a frame: the picture fills most of it, a little turned and moved by an unsteady hand."""
    swing = 2 * math.pi * frame / FRAMES
    part = 0.86 * SIZE[1] / max(image.size)
    size = (round(image.width * part), round(image.height * part))
    turned = image.resize(size, Image.Resampling.BILINEAR).rotate(3 * math.sin(swing), expand=True, fillcolor=235)
    room = _room().copy()
    room.paste(turned, ((SIZE[0] - turned.width) // 2 + round(5 * math.cos(swing)), (SIZE[1] - turned.height) // 2))
    return room
