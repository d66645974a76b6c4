"""Finds nodes of the document that answers make. `tree.ts` is its twin."""

from __future__ import annotations

from typing import Final

from server.features.forms.expressions.scope import Frame, Tree
from server.features.forms.expressions.values import Nodes, Row

_OUTSIDE: Final[tuple[Row, ...]] = ((),)


def referred(name: str, frame: Frame) -> Nodes:
    """Return the instances of a question or repeat that share the frame's row in the repeats common to both."""
    tree = frame.scope.tree
    chain = tree.repeats.get(name)
    if not chain:  # most questions stand in no repeat
        text = tree.texts.get(name)
        if text is not None or name not in tree.counts:
            frame.meter.spend(1)
            return Nodes(name, () if text is None else (text,), () if text is None else _OUTSIDE)
        chain = ()
    return _found(name, _rows(tree, chain, _common(chain, frame.row), frame), frame)


def stepped(nodes: Nodes, name: str, frame: Frame) -> Nodes:
    """Return the instances of a question or repeat within rows: what `/name` after them means."""
    tree = frame.scope.tree
    chain = tree.repeats.get(name, ())
    rows = [row for row in nodes.rows if nodes.rows_of_repeat and _common(chain, row) == row]
    return _found(name, [inner for row in rows for inner in _rows(tree, chain, row, frame)], frame)


def path(row: Row, name: str) -> str:
    """Return the path of a question or repeat in a row: `children[2]/toys[1]/title`."""
    return "".join(f"{repeat}[{index}]/" for repeat, index in row) + name


def _common(chain: tuple[str, ...], row: Row) -> Row:
    shared = 0
    while shared < len(chain) and shared < len(row) and row[shared][0] == chain[shared]:
        shared += 1
    return row[:shared]


def _rows(tree: Tree, chain: tuple[str, ...], start: Row, frame: Frame) -> list[Row]:
    rows = [start]
    for repeat in chain[len(start) :]:
        rows = [inner for row in rows for inner in _rows_in(tree, row, repeat, frame)]
    return rows


def _rows_in(tree: Tree, row: Row, repeat: str, frame: Frame) -> list[Row]:
    count = tree.counts.get(path(row, repeat), 0)
    frame.meter.spend(count)
    return [(*row, (repeat, index)) for index in range(1, count + 1)]


def _found(name: str, rows: list[Row], frame: Frame) -> Nodes:
    tree = frame.scope.tree
    frame.meter.spend(len(rows))
    texts: list[str] = []
    places: list[Row] = []
    inner: list[Row] = []
    for row in rows:
        text = tree.texts.get(path(row, name))
        if text is None:
            inner += _rows_in(tree, row, name, frame)
        else:
            texts.append(text)
            places.append(row)
    if texts:
        return Nodes(name, tuple(texts), tuple(places))
    return Nodes(name, ("",) * len(inner), tuple(inner), rows_of_repeat=bool(inner))
