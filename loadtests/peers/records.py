"""The record that all stores are given: a JSON document of the same length and of other words each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

BYTES: Final = 2_048
"""What each document takes as compact JSON in UTF-8."""
_SYLLABLES: Final = """
đường phường quận nước mưa ngập sâu xe máy chết hàng loạt nhà dân cửa hẻm số trước sau chợ trường học cống thoát tắc rác
cây đổ đèn hỏng tối sáng chiều đêm ngày tuần tháng năm người lớn trẻ em đi lại khó khăn nguy hiểm đề nghị xem xét sửa
chữa khắc phục sớm cảm ơn thành phố ủy ban nhân khu tổ ấp kênh rạch cầu vỉa hè bụi ồn khói mùi hôi điện dây trụ biển báo
ngã tư vòng xoay công trình đào lấp nắp hố ga bơm triều cường phản ánh kiến nghị xử lý trả lời
""".split()  # noqa: SIM905  # words, not a hundred strings


def text(chance: random.Random, *, length: int) -> str:
    """Return Vietnamese words that chance chose, `length` bytes of UTF-8."""
    words = ""
    while len((longer := f"{words}{chance.choice(_SYLLABLES)} ").encode()) <= length:
        words = longer
    return words + "." * (length - len(words.encode()))


def compact(document: Mapping[str, Any]) -> str:
    """Return a document as the shortest JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def request(method: str, path: str, body: str, *, host: str, **headers: str) -> bytes:
    """Return the bytes of an HTTP/1.1 request with a JSON body; `_` in a header's name stands for `-`."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body.encode())}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def write(path: Path, requests: Iterable[bytes]) -> None:
    """Write requests to a file in the form that `replay.lua` reads: each after its length."""
    with path.open("wb") as file:
        for data in requests:
            file.write(b"%d\n" % len(data) + data)
