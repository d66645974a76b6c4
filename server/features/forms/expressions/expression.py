"""Expressions of forms: ODK XForms, which is XPath 1.0 over answers. Pure; `expression.ts` is its twin.

docs/expressions.md lists the functions, and where we deviate from ODK on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from server.features.forms.expressions.closures import value_of
from server.features.forms.expressions.parser import Parser
from server.features.forms.expressions.scope import Exhausted, Frame, Meter, Scope
from server.features.forms.expressions.tokens import ExpressionError
from server.features.forms.expressions.values import Value, boolean

__all__ = ["Expression", "ExpressionError", "evaluate", "holds", "parse"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression.

    `names` are the questions and repeats that it refers to, `this` whether it has the answer of the place that asks
    (`.`), `calls` the functions that it calls. `run` raises `Exhausted` where `evaluate` gives the empty text.
    """

    text: str
    run: Callable[[Frame], Value]
    names: frozenset[str]
    this: bool
    calls: frozenset[str]


@lru_cache(maxsize=4_096)
def parse(text: str, *, columns: bool = False) -> Expression:
    """Parse an expression; the last few thousand are remembered. `ExpressionError` says what was expected where.

    `columns` lets bare names stand for the columns of a choice, in a `choice_filter`.
    """
    parser = Parser(text, columns=columns)
    root = parser.parsed()
    return Expression(
        text=text,
        run=value_of(root),
        names=frozenset(parser.names),
        this=parser.this,
        calls=frozenset(parser.calls),
    )


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return what the expression says of these answers. It always ends and never raises."""
    try:
        return expression.run(frame_of(scope))
    except Exhausted:
        return ""


def frame_of(scope: Scope) -> Frame:
    """Return the frame in which an evaluation begins."""
    return Frame(scope, Meter(scope.budget), scope.row, scope.this)


def holds(text: str | None, scope: Scope) -> bool:
    """Whether a condition is met; no condition always is. What does not parse raises `ExpressionError`."""
    return text is None or boolean(evaluate(parse(text, columns=scope.column is not None), scope))
