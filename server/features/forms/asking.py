"""What an expression sees when it is asked at a place in a form. Pure; `asking.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from server.features.forms.expressions import Budget, Row, Scope, Tree, boolean, evaluate, holds
from server.features.forms.expressions.expression import frame_of
from server.features.forms.expressions.scope import Exhausted, Frame
from server.features.forms.plan import Condition

if TYPE_CHECKING:
    from server.features.forms.form import Choice, Form

VIETNAM: Final = 420
"""Minutes ahead of UTC."""

BUDGET: Final = 1_000_000  # steps of all expressions of one evaluation: about half a second on the server at the most


class Moment(NamedTuple):
    """When answers are judged: ms since 1970, and the minutes that local time is ahead of UTC."""

    now: int
    offset: int = VIETNAM


class Asking:
    """One form's answers on their way to being judged, as expressions see them.

    `texts` and `counts` are what was decided so far: each answer that applies by its path, the rows of each repeat.
    """

    def __init__(self, form: Form, at: Moment, seed: str) -> None:
        self.form = form
        self.at = at
        self.seed = seed
        self.texts: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.tree = Tree(repeats=form.structure.repeats, texts=self.texts, counts=self.counts)
        self._budget: Budget | None = Budget(BUDGET)
        self._frames: dict[Row, Frame] = {}

    def scope(self, row: Row, path: str, *, this: str = "", column: Mapping[str, str] | None = None) -> Scope:
        """Return what an expression of the part at a path sees."""
        at, version = self.at, self.form.version
        return Scope(
            self.tree, row, this, at.now, at.offset, self.seed, version, path, self._label, column, self._budget
        )

    def meets(self, condition: Condition, row: Row, path: str, this: str = "") -> bool:
        """Whether a condition of the part at a path is met."""
        if condition.placed:
            return boolean(evaluate(condition.expression, self.scope(row, path, this=this)))
        frame = self._frames.get(row)
        if frame is None:
            frame = self._frames[row] = frame_of(self.scope(row, ""))
        frame.meter.refill()
        if this:
            frame = Frame(frame.scope, frame.meter, row, this)
        try:
            return boolean(condition.expression.run(frame))
        except Exhausted:
            return False

    def keeps(self, choice_filter: str | None, row: Row, path: str) -> Callable[[Choice], bool]:
        """Return whether a choice is offered at a path."""
        if choice_filter is None:
            return _everything
        return lambda choice: holds(choice_filter, self.scope(row, path, column=choice.columns))

    def relieved(self) -> None:
        """Give what is asked from now on, after the evaluation, a budget of its own each time."""
        self._budget = None
        self._frames.clear()

    def _label(self, question: str, value: str) -> str:
        """Return a choice's label, in Vietnamese: what a calculation gives cannot depend on who reads it."""
        asked = self.form.questions.get(question)
        label = self.form.labels.get((asked and asked.choices) or "", {}).get(value)
        return value if label is None else label.vi


def row_of(path: str) -> Row:
    """Return the row that a path lies in: of `children[2]/name` the second of `children`."""
    steps = (step.partition("[") for step in path.split("/")[:-1])
    return tuple((repeat, int(number[:-1])) for repeat, _, number in steps)


def _everything(_: Choice) -> bool:
    return True
