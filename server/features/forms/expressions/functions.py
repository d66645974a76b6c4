"""The table of functions. `functions.ts` is its twin; docs/expressions.md says what each does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.features.forms.expressions.answers import ANSWERS
from server.features.forms.expressions.chance import CHANCE
from server.features.forms.expressions.curves import CURVES
from server.features.forms.expressions.ground import GROUND
from server.features.forms.expressions.matching import MATCHING
from server.features.forms.expressions.numbers import NUMBERS
from server.features.forms.expressions.table import Function, function
from server.features.forms.expressions.texts import TEXTS
from server.features.forms.expressions.times import TIMES

_PLACED: Final[Mapping[str, Function]] = {
    "coalesce": function("tt", lambda one, other: one or other),
    "if": function("bvv"),
    "index": function("n", least=0),
    "indexed-repeat": function("nndndnd", least=3, paired=True),
    "jr:choice-name": function("vv"),
    "last": function(""),
    "once": function("v"),
    "position": function("n", least=0),
    "version": function("", lambda frame: frame.scope.version, framed=True),
}
"""What asks about places, or does not ask for every argument: closures.py knows most of these."""

FUNCTIONS: Final[Mapping[str, Function]] = {
    **ANSWERS,
    **CHANCE,
    **CURVES,
    **GROUND,
    **MATCHING,
    **NUMBERS,
    **TEXTS,
    **TIMES,
    **_PLACED,
}
