"""What an expression sees when it is asked at a place in a form. Pure; `asking.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from server.features.forms.expressions.expression import holds
from server.features.forms.expressions.scope import Scope, Tree

if TYPE_CHECKING:
    from server.features.forms.form import Choice, Form

VIETNAM: Final = 420
"""Minutes ahead of UTC."""

Place: TypeAlias = tuple[tuple[str, int], ...]
"""The rows that something stands in, outermost first: repeat, and number from 1."""


class Moment(NamedTuple):
    """When answers are judged: ms since 1970, and the minutes that local time is ahead of UTC."""

    now: int
    offset: int = VIETNAM


class Asking:
    """One form's answers on their way to being judged, as expressions see them."""

    def __init__(self, form: Form, at: Moment, seed: str) -> None:
        self.form = form
        self.texts: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        tree = Tree(repeats=form.structure.repeats, texts=self.texts, counts=self.counts)
        self.outside = Scope(tree, now=at.now, offset=at.offset, seed=seed, version=form.version)

    def scope(self, place: Place, path: str, *, this: str = "", column: Mapping[str, str] | None = None) -> Scope:
        return self.outside._replace(row=place, path=path, this=this, column=column)

    def keeps(self, choice_filter: str | None, path: str) -> Callable[[Choice], bool]:
        """Return whether a choice is offered at a path."""
        if choice_filter is None:
            return lambda _: True
        return lambda choice: holds(choice_filter, self.scope((), path, column=choice.columns))
