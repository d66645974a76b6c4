"""Predicates and other choices among nodes. `filtering.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.features.forms.expressions.scope import Frame
from server.features.forms.expressions.tree import referred
from server.features.forms.expressions.values import Nodes, Row, Value, boolean


def filtered(nodes: Nodes, predicate: Callable[[Frame], Value], *, size: int, whole: bool, frame: Frame) -> Nodes:
    """Keep the nodes of which the predicate is true, or whose place it says (XPath 1.0, 3.3).

    Rows count from 1 within the row around them, as siblings; answers, and nodes in brackets (`whole`), through all of
    them. `size` is how many parts the predicate has.
    """
    frame.meter.spend(len(nodes.texts) * (size + 1))
    counts: dict[Row, int] = {}
    groups = [row[:-1] if nodes.rows_of_repeat and not whole else () for row in nodes.rows]
    for group in groups:
        counts[group] = counts.get(group, 0) + 1
    places: dict[Row, int] = {}
    kept: list[int] = []
    for index, (text, row, group) in enumerate(zip(nodes.texts, nodes.rows, groups, strict=True)):
        places[group] = place = places.get(group, 0) + 1
        value = predicate(Frame(frame.scope, frame.meter, row, text, place, counts[group]))
        if value == place if isinstance(value, float) else boolean(value):
            kept.append(index)
    return Nodes(
        nodes.name,
        tuple(nodes.texts[index] for index in kept),
        tuple(nodes.rows[index] for index in kept),
        rows_of_repeat=nodes.rows_of_repeat,
    )


def united(one: Nodes, other: Nodes) -> Nodes:
    """Join two node-sets in the order in which they are written; a node that is in both stands once."""
    seen = set(one.rows) if one.name == other.name else set()
    more = [index for index, row in enumerate(other.rows) if row not in seen]
    return Nodes(
        one.name if one.name == other.name else "",
        (*one.texts, *(other.texts[index] for index in more)),
        (*one.rows, *(other.rows[index] for index in more)),
        rows_of_repeat=one.rows_of_repeat or other.rows_of_repeat,
    )


def indexed(name: str, repeats: Sequence[str], indexes: Sequence[Callable[[Frame], float]]) -> Callable[[Frame], Nodes]:
    """indexed-repeat(): the answer in the rows that are named, and otherwise in those of the frame."""

    def run(frame: Frame) -> Nodes:
        wanted = {repeat: _row_number(index(frame)) for repeat, index in zip(repeats, indexes, strict=True)}
        around = dict(frame.row)
        row: list[tuple[str, int]] = []
        for repeat in frame.scope.tree.repeats.get(name, ()):
            index = wanted.get(repeat, around.get(repeat, 0))
            if index < 1:
                break
            row.append((repeat, index))
        found = referred(name, frame._replace(row=tuple(row)))
        fits = all((repeat, index) in found.rows[0] for repeat, index in wanted.items()) if found.rows else False
        return Nodes(name, found.texts[:1], found.rows[:1]) if fits else Nodes(name, (), ())

    return run


def _row_number(index: float) -> int:
    """Return the number of a row; 0, which no row has, for what is none."""
    return int(index) if 1 <= index <= 2**31 else 0
