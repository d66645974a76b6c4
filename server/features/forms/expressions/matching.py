"""Matches a text against a pattern in time that grows with both lengths only (Thompson, 1968).

`matching.ts` is its twin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from server.features.forms.expressions.pattern import WORD, PatternError, Step, program
from server.features.forms.expressions.scope import Frame, Meter, units
from server.features.forms.expressions.table import Function, function


def matches(text: str, pattern: str, meter: Meter) -> bool:
    """Whether the whole text matches. A pattern that is none matches nothing."""
    try:
        steps = program(pattern)
    except PatternError:
        return False
    meter.spend((units(pattern) + len(steps)) // 16)
    codes = [ord(character) for character in text]
    places = _reached(steps, [0], codes, 0)
    for index, code in enumerate(codes):
        if not places:
            return False
        meter.spend(1 + len(places) // 2)
        onward = []
        for place in places:
            step = steps[place] if place < len(steps) else None
            if step and step.accepts and step.accepts(code):
                onward.append(step.to[0])
        places = _reached(steps, onward, codes, index + 1)
    return len(steps) in places


def _reached(steps: Sequence[Step], begin: Sequence[int], codes: Sequence[int], at: int) -> list[int]:
    """Return the steps that can be reached without a character, in any order, each once."""
    reached = list(dict.fromkeys(begin))
    seen = set(reached)
    for place in reached:  # it grows on the way
        step = steps[place] if place < len(steps) else None
        if step is None or step.accepts or not _holds(step.where, codes, at):
            continue
        for onward in step.to:
            if onward not in seen:
                seen.add(onward)
                reached.append(onward)
    return reached


def _holds(where: str, codes: Sequence[int], at: int) -> bool:
    if where in ("", "^", "$"):
        return not where or at == (0 if where == "^" else len(codes))
    border = (at > 0 and WORD(codes[at - 1])) is not (at < len(codes) and WORD(codes[at]))
    return border is (where == "b")


def _regex(frame: Frame, text: str, pattern: str) -> bool:
    return matches(text, pattern, frame.meter)


def _refused(constants: Sequence[str | float | None]) -> str | None:
    pattern = constants[1]
    if isinstance(pattern, str):
        try:
            program(pattern)
        except PatternError as error:
            return str(error)
    return None


MATCHING: Final[Mapping[str, Function]] = {
    "regex": function("tt", _regex, framed=True, refuses=_refused),
}
