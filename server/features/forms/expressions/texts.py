"""Functions over texts. A character is a code point. `texts.ts` is its twin."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from server.features.forms.expressions.scope import Frame, units
from server.features.forms.expressions.table import ANY, Function, function

_SPACES: Final = re.compile(r"[ \t\r\n]+")


def _search(frame: Frame, text: str, part: str) -> int:
    """Return where a part begins, or -1; pays for the worst that a search can cost."""
    frame.meter.spend(units(text) * units(part) // 1_024)
    return text.find(part)


def _before(frame: Frame, text: str, part: str) -> str:
    at = _search(frame, text, part)
    return text[:at] if at > 0 else ""


def _after(frame: Frame, text: str, part: str) -> str:
    at = _search(frame, text, part)
    return text[at + len(part) :] if at >= 0 else ""


def _translate(text: str, old: str, new: str) -> str:
    table: dict[str, str] = {}
    for index, character in enumerate(old):
        table.setdefault(character, new[index : index + 1])
    return "".join(table.get(character, character) for character in text)


def _substr(text: str, start: float, end: float | None = None) -> str:
    """Cut from 0-based `start` to before `end`; negative ones count from the end, as in JavaRosa."""
    length = len(text)
    first = _place(start, length)
    last = length if end is None else _place(end, length)
    return text[first:last]


def _place(at: float, length: int) -> int:
    if math.isnan(at):  # as JavaRosa, which is Java, makes an integer of it
        return 0
    at = max(-float(length), min(float(length), at))
    whole = int(at)
    return whole + length if whole < 0 else whole


def _substring(text: str, start: float, length: float | None = None) -> str:
    """Cut as XPath 1.0, 4.2: characters whose 1-based place is at least `start` and below `start + length`, rounded."""
    first = _rounded(start)
    end = float("inf") if length is None else first + _rounded(length)
    return "".join(character for place, character in enumerate(text, 1) if first <= place < end)


def _rounded(at: float) -> float:
    return at if math.isnan(at) or abs(at) >= 2**52 else float((at + 0.5) // 1)


def _join(frame: Frame, separator: str, *lists: list[str]) -> str:
    texts = [text for texts in lists for text in texts]
    frame.meter.spend(units(separator) * max(len(texts) - 1, 0) // 16)
    return separator.join(texts)


TEXTS: Final[Mapping[str, Function]] = {
    "concat": function("T", lambda *lists: "".join(text for texts in lists for text in texts), least=0, most=ANY),
    "contains": function("tt", lambda frame, text, part: _search(frame, text, part) >= 0, framed=True),
    "ends-with": function("tt", lambda text, part: text.endswith(part)),
    "join": function("tT", _join, least=1, most=ANY, framed=True),
    "normalize-space": function("t", lambda text: _SPACES.sub(" ", text).strip(" "), of_this=True),
    "starts-with": function("tt", lambda text, part: text.startswith(part)),
    "string-length": function("t", lambda text: float(len(text)), of_this=True),
    "substr": function("tdd", _substr, least=2),
    "substring": function("tdd", _substring, least=2),
    "substring-after": function("tt", _after, framed=True),
    "substring-before": function("tt", _before, framed=True),
    "translate": function("ttt", _translate),
}
