"""Shortens a person's name until it fits a code, the Vietnamese way: the given name, which stands last, goes last."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

_JOINER: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)


def fitting_name(name: str, fits: Callable[[str], bool]) -> str:
    """Return the fullest form of a name that fits: in full, with initials, without middle names, cut between letters.

    Middle names turn into initials from the left, then go from the left; then the family name turns into its initial.
    `fits` must hold for any single letter.

    >>> fitting_name("Nguyễn Thị Minh Khai", lambda name: len(name) <= 17)
    'Nguyễn T. M. Khai'
    """
    return next(form for form in _forms(name) if fits(form))


def _forms(name: str) -> Iterator[str]:
    words = unicodedata.normalize("NFC", name).split()
    yield " ".join(words)
    for middle in range(1, len(words) - 1):
        words[middle] = _initial(words[middle])
        yield " ".join(words)
    while len(words) > 2:
        del words[1]
        yield " ".join(words)
    if len(words) == 2:
        words[0] = _initial(words[0])
        yield " ".join(words)
    rest = letters(" ".join(words))
    while len(rest) > 1:
        rest.pop()
        yield "".join(rest).rstrip()


def _initial(word: str) -> str:
    return f"{letters(word)[0]}."


def letters(text: str) -> list[str]:
    """Split text where a reader sees one letter end: marks, joined emoji and skin tones stay with their base."""
    found: list[str] = []
    for character in text:
        if found and (_extends(character) or found[-1].endswith(_JOINER)):
            found[-1] += character
        else:
            found.append(character)
    return found


def _extends(character: str) -> bool:
    is_mark = unicodedata.category(character).startswith("M")
    return is_mark or character == _JOINER or ord(character) in _SKIN_TONES
