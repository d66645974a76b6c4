"""Cuts an expression into tokens (XPath 1.0, 3.7). `tokens.ts` is its twin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SPACE: Final = " \t\r\n"
_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:(?P<answer>\$\{[a-z][a-z0-9_]*\})|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"""
    r"""|(?P<text>'[^']*'|"[^"]*")|(?P<name>[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?)"""
    r"""|(?P<sign><=|>=|!=|\.\.|[=<>()\[\]+*|,./-]))"""
)


class ExpressionError(ValueError):
    """The text is no expression that we know. `at` counts characters from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(f"{message} at character {at + 1}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is answer, number, text, name, sign or end; an answer is written `${name}`, a text with its quotes."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens and an end. `ExpressionError` where none begins."""
    at, end = 0, len(text.rstrip(_SPACE))
    while at < end:
        match = _TOKEN.match(text, at, end)
        if not match or not match.lastgroup:
            at = end - len(text[at:end].lstrip(_SPACE))
            raise ExpressionError(f"expected a part of an expression, got '{text[at]}'", at)
        yield Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        at = match.end()
    yield Token("end", "", end)
