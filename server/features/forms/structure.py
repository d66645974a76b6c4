"""What stands where in a form, and in which order its parts are decided. Pure; `structure.ts` is its twin.

A part is a page, group, repeat or question. It depends on the parts that its expressions name and on the one that it
stands in. Parts are decided in an order in which nothing comes before what it depends on; a form that has none, because
something depends on itself, is refused (checking.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from server.features.forms.expressions import ExpressionError, parse

if TYPE_CHECKING:
    from server.features.forms.form import Group, Item, Page, Question, Repeat

PAGE: Final = "/"
"""Stands before a page's name among parts: in `/1` a page may be named like a question."""

Part: TypeAlias = "Page | Group | Repeat | Question"


@dataclass(frozen=True)
class Structure:
    """The parts of a form in the order of the document.

    `places` gives for every item the page, groups and repeats around it, outermost first; `repeats` gives the repeats
    among these only; `within` the items that stand directly in a row of a repeat, groups resolved.
    """

    parts: Mapping[str, Part]
    questions: Mapping[str, Question]
    places: Mapping[str, tuple[str, ...]]
    repeats: Mapping[str, tuple[str, ...]]
    within: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pages: tuple[Page, ...]) -> Structure:
        parts: dict[str, Part] = {}
        questions: dict[str, Question] = {}
        places: dict[str, tuple[str, ...]] = {}
        repeats: dict[str, tuple[str, ...]] = {}
        within: dict[str, list[str]] = {"": []}

        def add(item: Item, place: tuple[str, ...], rows: tuple[str, ...]) -> None:
            parts[item.name], places[item.name], repeats[item.name] = item, place, rows
            within[rows[-1] if rows else ""].append(item.name)
            if item.type == "group":
                for inner in item.questions:
                    add(inner, (*place, item.name), rows)
            elif item.type == "repeat":
                within[item.name] = []
                for inner in item.questions:
                    add(inner, (*place, item.name), (*rows, item.name))
            else:
                questions[item.name] = item

        for page in pages:
            parts[PAGE + page.name] = page
            for item in page.questions:
                add(item, (page.name,), ())
        return cls(
            parts=MappingProxyType(parts),
            questions=MappingProxyType(questions),
            places=MappingProxyType(places),
            repeats=MappingProxyType(repeats),
            within=MappingProxyType({name: tuple(names) for name, names in within.items()}),
        )

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The parts, each after all that it depends on; in a form with a cycle some that it depends on come later."""
        return self._sorted[0]

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """The parts of a cycle, each depending on the next, the first also last; empty when there is none."""
        return self._sorted[1]

    def container(self, part: str) -> str:
        """Return the part that an item stands in; empty for a page."""
        place = self.places.get(part)
        if place is None:
            return ""
        return place[-1] if len(place) > 1 else PAGE + place[-1]

    @cached_property
    def _sorted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        done: dict[str, None] = {}
        path: list[str] = []
        cycle: list[str] = []

        def visit(name: str) -> None:
            if name in path:
                cycle[:] = cycle or [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                for needed in self._needs(name, self.parts[name]):
                    visit(needed)
                path.pop()
                done[name] = None

        for name in self.parts:
            visit(name)
        return tuple(done), tuple(cycle)

    def _needs(self, name: str, part: Part) -> list[str]:
        container = self.container(name)
        named = [each for member, text in deciding(part) for each in named_in(member, text) if each in self.places]
        return [container, *named] if container else named


def deciding(part: Part) -> Iterator[tuple[str, str]]:
    """Yield member and text of each expression that decides about a part before its answer is judged."""
    for member in ("relevant", "count", "calculation", "choice_filter"):
        text = getattr(part, member, None)
        if text is not None:
            yield member, text
    expr = getattr(getattr(part, "default", None), "expr", None)
    if expr is not None:
        yield "default", expr


def named_in(member: str, text: str) -> list[str]:
    """Return the parts that an expression names; none when it is no expression, which is told elsewhere."""
    try:
        return sorted(parse(text, columns=member == "choice_filter").names)
    except ExpressionError:
        return []
