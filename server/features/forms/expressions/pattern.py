"""Regular expressions as forms use them, parsed into a program for matching.py. `pattern.ts` is its twin.

Characters, `.`, classes `[a-z]`, `\\d \\w \\s` and their opposites, groups, `|`, `* + ? {n,m}`, anchors, and `\\p{L}`.
What would need a matcher that goes back, or what engines read in different ways, is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, TypeAlias

STEPS: Final = 2_000  # of a program
DEPTH: Final = 20  # groups within each other
COUNT: Final = 1_000  # repetitions in braces

Accepts: TypeAlias = Callable[[int], bool]


class PatternError(ValueError):
    """The text is no regular expression that we know."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `accepts` a character, or goes on to each of `to`; `where` must hold of the place in the text.

    `where` is `^`, `$`, `b`, `B` or empty. The place after the last step is the match.
    """

    accepts: Accepts | None = None
    to: tuple[int, ...] = ()
    where: str = ""


def _within(*ranges: tuple[int, int]) -> Accepts:
    return lambda code: any(first <= code <= last for first, last in ranges)


def _no(accepts: Accepts) -> Accepts:
    return lambda code: not accepts(code)


def _any_of(accepts: tuple[Accepts, ...]) -> Accepts:
    return lambda code: any(each(code) for each in accepts)


_DIGIT: Final = _within((0x30, 0x39))
WORD: Final = _within((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACE: Final = _within((0x09, 0x0D), (0x20, 0x20))
_DOT: Final = _no(_within((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)))
_CLASSES: Final[Mapping[str, Accepts]] = {
    "d": _DIGIT,
    "D": _no(_DIGIT),
    "w": WORD,
    "W": _no(WORD),
    "s": _SPACE,
    "S": _no(_SPACE),
}
_CONTROLS: Final[Mapping[str, int]] = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_DIGITS: Final = "0123456789abcdefABCDEF"
_CATEGORIES: Final = ("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "N", "Nd", "P", "S", "Z", "Zs")
_KNOWN: Final = _within((0, 0x24F), (0x300, 0x52F), (0x1E00, 0x1FFF))
"""Latin, Greek and Cyrillic letters, which every version of Unicode in use sorts alike."""


def _category(name: str, code: int) -> bool:
    return _KNOWN(code) and unicodedata.category(chr(code)).startswith(name)


@lru_cache(maxsize=512)
def program(text: str) -> tuple[Step, ...]:
    """Return the program of a regular expression; `PatternError` says what is wrong with it."""
    _bounded(len(text))
    parser = _Parser(text)
    parsed = parser.choice()
    if parser.peek():
        raise PatternError(f"expected no '{parser.peek()}' here in a pattern")
    return tuple(parsed)


class _Parser:
    """Each method returns the steps of what it parsed, whose places count from its first one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def takes(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) if found else 0
        return found

    def take(self) -> str:
        if self.at == len(self.text):
            raise PatternError("expected more of the pattern, got its end")
        self.at += 1
        return self.text[self.at - 1]

    def choice(self) -> list[Step]:
        steps = self.sequence()
        while self.takes("|"):
            other = self.sequence()
            begin, end = len(steps) + 2, len(steps) + len(other) + 2
            steps = [Step(to=(1, begin)), *_moved(steps, 1), Step(to=(end,)), *_moved(other, begin)]
            _bounded(len(steps))
        return steps

    def sequence(self) -> list[Step]:
        steps: list[Step] = []
        while self.peek() not in ("", "|", ")"):
            steps += _moved(self.repeated(), len(steps))
            _bounded(len(steps))
        return steps

    def repeated(self) -> list[Step]:
        once = self.atom()
        found = self.quantifier()
        if found is None:
            return once
        if len(once) == 1 and once[0].where:
            raise PatternError("expected no repetition of a place in the text")
        least, most = found
        self.takes("?")  # the shortest match first: all the same when the whole text must match
        _bounded((least if most is None else most) * (len(once) + 1) + len(once) + 2)
        steps = [step for index in range(least) for step in _moved(once, index * len(once))]
        if most is None:
            begin = len(steps)
            steps += [Step(to=(begin + 1, begin + len(once) + 2)), *_moved(once, begin + 1), Step(to=(begin,))]
            return steps
        end = len(steps) + (most - least) * (len(once) + 1)
        for _ in range(most - least):
            begin = len(steps)
            steps += [Step(to=(begin + 1, end)), *_moved(once, begin + 1)]
        return steps

    def quantifier(self) -> tuple[int, int | None] | None:
        for sign, found in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.takes(sign):
                return found
        if not self.takes("{"):
            return None
        least = self.number()
        most = (self.number() if self.peek() != "}" else None) if self.takes(",") else least
        if not self.takes("}") or (most is not None and most < least):
            raise PatternError("expected {n}, {n,} or {n,m} in a pattern")
        return least, most

    def number(self) -> int:
        digits = ""
        while self.peek() in tuple("0123456789"):
            digits += self.take()
        if not digits or len(digits) > 4 or int(digits) > COUNT:
            raise PatternError(f"expected a number up to {COUNT} in the braces of a pattern")
        return int(digits)

    def atom(self) -> list[Step]:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign in "^$":
            return [Step(to=(1,), where=sign)]
        if sign in "*+?{":
            raise PatternError(f"expected something to repeat before '{sign}' in a pattern")
        if sign == "\\" and self.peek() in ("b", "B"):
            return [Step(to=(1,), where=self.take())]
        return [Step(accepts=self.accepted(sign), to=(1,))]

    def group(self) -> list[Step]:
        if self.takes("?") and not self.takes(":"):
            raise PatternError(f"expected a group, got '(?{self.peek()}', which is not supported in a pattern")
        self.depth += 1
        if self.depth > DEPTH:
            raise PatternError(f"expected at most {DEPTH} groups within each other in a pattern")
        steps = self.choice()
        self.depth -= 1
        if not self.takes(")"):
            raise PatternError("expected ')' in a pattern")
        return steps

    def accepted(self, sign: str) -> Accepts:
        if sign == ".":
            return _DOT
        if sign == "[":
            return self.listed()
        if sign != "\\":
            return _one(ord(sign))
        found = self.escaped()
        return _one(found) if isinstance(found, int) else found

    def listed(self) -> Accepts:
        """Parse a class, after its `[`."""
        opposite = self.takes("^")
        accepted: list[Accepts] = []
        while not self.takes("]"):
            first = self.member()
            if not isinstance(first, int):
                accepted.append(first)
                continue
            last = first
            if self.peek() == "-" and self.peek(1) not in ("]", ""):
                self.at += 1
                end = self.member()
                if not isinstance(end, int) or end < first:
                    raise PatternError("expected a range from a lower to a higher character in a pattern")
                last = end
            accepted.append(_within((first, last)))
        if not accepted:
            raise PatternError("expected characters between the square brackets of a pattern")
        found = _any_of(tuple(accepted))
        return _no(found) if opposite else found

    def member(self) -> int | Accepts:
        if self.text.startswith("&&", self.at):
            raise PatternError("expected no '&&' between the square brackets of a pattern")
        sign = self.take()
        if sign == "[":
            raise PatternError("expected '\\[' between the square brackets of a pattern, got '['")
        return self.escaped() if sign == "\\" else ord(sign)

    def escaped(self) -> int | Accepts:
        """Parse what follows a backslash: a character, or a class of them."""
        sign = self.take()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign in "xu":
            digits = "".join(self.take() for _ in range(2 if sign == "x" else 4))
            if not all(digit in _DIGITS for digit in digits):
                raise PatternError(f"expected hexadecimal digits after '\\{sign}' in a pattern")
            return int(digits, 16)
        if sign in "pP":
            return self.category(opposite=sign == "P")
        if sign.isascii() and sign.isalnum():
            raise PatternError(f"expected no '\\{sign}' in a pattern")
        return ord(sign)

    def category(self, *, opposite: bool) -> Accepts:
        name = self.text[self.at : self.at + 4].partition("}")[0].removeprefix("{")
        if not self.takes(f"{{{name}}}") or name not in _CATEGORIES:
            raise PatternError(f"expected one of \\p{{{'}, p{'.join(_CATEGORIES)}}} in a pattern")
        accepts = partial(_category, name)
        return _no(accepts) if opposite else accepts


def _one(code: int) -> Accepts:
    return lambda other: other == code


def _moved(steps: list[Step], by: int) -> list[Step]:
    return [Step(step.accepts, tuple(to + by for to in step.to), step.where) for step in steps]


def _bounded(count: int) -> None:
    if count > STEPS:
        raise PatternError(f"expected a pattern of at most {STEPS} steps")
