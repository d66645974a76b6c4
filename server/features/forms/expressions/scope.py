"""What an expression sees, and what it may spend. `scope.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from server.features.forms.expressions.values import Row

FUEL: Final = 100_000  # steps of one evaluation; about a tenth of a second on the server at the very most


class Exhausted(Exception):
    """The evaluation took more steps than it may; it counts as the empty text."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The answers as a document, only what applies.

    `repeats` gives the repeats around every question and repeat, outermost first (none need not be named); `texts` each
    answer by its path `children[2]/name`; `counts` how many rows each repeat has, by its path `children[2]/toys`.
    """

    repeats: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    counts: Mapping[str, int]


class Budget:
    """Steps that several evaluations share, say all of one form: beyond, each of them counts as the empty text."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


def _value_itself(_question: str, value: str) -> str:
    return value


class Scope(NamedTuple):
    """What an expression sees from the place that asks.

    `row` is the asking place's row, `this` its answer, `path` its path; `now` ms since 1970 UTC, `offset` the minutes
    that the city's clock is ahead of UTC; `seed` and `path` decide what chance gives (chance.py); `label` gives the
    label of a choice of a question; `column` the columns of the choice that a `choice_filter` looks at.
    """

    tree: Tree
    row: Row = ()
    this: str = ""
    now: int = 0
    offset: int = 0
    seed: str = ""
    version: str = ""
    path: str = ""
    label: Callable[[str, str], str] = _value_itself
    column: Mapping[str, str] | None = None
    budget: Budget | None = None


class Meter:
    """What one evaluation has left, and how often it has asked chance."""

    __slots__ = ("budget", "calls", "fuel")

    def __init__(self, budget: Budget | None) -> None:
        self.budget = budget
        self.refill()

    def refill(self) -> None:
        """Begin another evaluation."""
        self.fuel = FUEL if self.budget is None else min(FUEL, self.budget.left)
        self.calls = 0

    def spend(self, steps: int) -> None:
        """Take steps off, and raise `Exhausted` when there are none left."""
        self.fuel -= steps
        if self.budget is not None:
            self.budget.left -= steps
        if self.fuel < 0:
            raise Exhausted


class Frame(NamedTuple):
    """Where the evaluation stands: at first at the asking place, in a predicate at a node."""

    scope: Scope
    meter: Meter
    row: Row
    this: str
    position: int = 1
    size: int = 1


def units(text: str) -> int:
    """Return the length of a text as JavaScript counts it, so that both twins spend the same."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
