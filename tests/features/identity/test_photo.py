"""What is taken as a photo: a whole, small JPEG of the kind that every phone shows."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from loadtests.identity import portrait
from server.features.identity.photo import check_jpeg


def saved(**options: object) -> bytes:
    buffer = io.BytesIO()
    image = Image.frombytes("RGB", (64, 48), random.Random(7).randbytes(64 * 48 * 3))
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"optimize": True}, {"quality": 5}, {"comment": "x" * 500}, {"dpi": (300, 300)}],
    ids=str,
)
def test_what_encoders_make_is_taken(options: dict[str, object]) -> None:
    check_jpeg(saved(**options))


@pytest.mark.parametrize("sides", [(1, 1), (1024, 1024), (1, 1024)])
def test_sizes_up_to_1024_pixels_a_side_are_taken(sides: tuple[int, int]) -> None:
    check_jpeg(portrait(width=sides[0], height=sides[1]))


def test_fill_bytes_before_a_marker_are_passed_over() -> None:
    jpeg = portrait()
    check_jpeg(jpeg[:2] + b"\xff\xff" + jpeg[2:])


def bomb(jpeg: bytes) -> bytes:
    """Say in the frame header that the picture has 65,535 x 65,535 pixels."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + b"\xff\xff\xff\xff" + jpeg[at + 9 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        portrait(form="PNG"),
        portrait(form="GIF"),
        b"\xff\xd8\xff" + b"<script>alert(1)</script>" + b"\xff\xd9",
        portrait()[:-1],
        portrait()[2:],
        portrait() + b"PK",
        b" " + portrait(),
        portrait(width=1025),
        portrait(height=1025),
        bomb(portrait()),
        portrait().replace(b"\xff\xc0", b"\xff\xc3"),
        portrait().replace(b"\xff\xc0", b"\xff\xda"),
        b"\xff\xd8" + b"\xff" * 5000 + b"\xff\xd9",
        b"\xff\xd8" + b"\xff\xe0\x00\x00" * 5000 + b"\xff\xd9",
    ],
    ids=lambda data: f"{data[:12]!r}-{len(data)}",
)
def test_anything_else_is_not(data: bytes) -> None:
    with pytest.raises(ValueError, match="expected"):
        check_jpeg(data)


def test_no_bytes_make_it_fail_in_another_way() -> None:
    chance = random.Random(11)
    whole = saved()
    for _ in range(3000):
        data = bytearray(whole[: chance.randrange(2, len(whole))])
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.choice((0x00, 0xFF, 0xC0, 0xDA, chance.randrange(256)))
        try:
            check_jpeg(bytes(data) + b"\xff\xd9")
        except ValueError:
            continue
