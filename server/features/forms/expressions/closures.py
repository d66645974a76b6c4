"""Turns a parsed expression into closures, several times faster than walking it. `closures.ts` is its twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from server.features.forms.expressions.comparing import ORDER
from server.features.forms.expressions.filtering import filtered, indexed, united
from server.features.forms.expressions.functions import FUNCTIONS
from server.features.forms.expressions.operators import COMBINED, Combine, Run
from server.features.forms.expressions.parser import Node
from server.features.forms.expressions.scope import Frame, units
from server.features.forms.expressions.tree import referred, stepped
from server.features.forms.expressions.values import Nodes, Scalar, Value, boolean, number, scalar, string

RunScalar: TypeAlias = Callable[[Frame], Scalar]
_NO_TRUTH: Final = frozenset(
    {"constant", "answer", "this", "negative", "+", "-", "*", "div", "mod", "today", "now", "count"}
)
RunNodes: TypeAlias = Callable[[Frame], Nodes]


def value_of(node: Node) -> Run:
    """Return what gives a part's value: nodes of what finds nodes, else a text, number or boolean."""
    if node.finds_nodes:
        return nodes_of(node)
    if node.op == "if":
        condition, then, other = boolean_of(node.parts[0]), value_of(node.parts[1]), value_of(node.parts[2])
        return lambda frame: then(frame) if condition(frame) else other(frame)
    return scalar_of(node)


def scalar_of(node: Node) -> RunScalar:
    """Return what gives a part's plain value."""
    special = _PLAIN.get(node.op)
    if special:
        return special(node)
    if node.op in COMBINED:
        return _chain(node)
    if node.finds_nodes or node.op == "if":
        run = _operand(node)
        return lambda frame: scalar(run(frame))
    return _called(node)


def _operand(node: Node) -> Run:
    """Return what gives a value of which at most the first node counts: of an answer outside repeats its plain text."""
    if node.op != "answer":
        return value_of(node)
    name = str(node.value)

    def run(frame: Frame) -> Value:
        tree = frame.scope.tree
        text = None if tree.repeats.get(name) else tree.texts.get(name)
        if text is None:
            return referred(name, frame)
        frame.meter.spend(1)
        return text

    return run


def _beside(node: Node, op: str, other: Node) -> Run:
    """Return what gives an operand. Beside a truth, the order of nodes is that of their truth (XPath 1.0, 3.4)."""
    return value_of(node) if op in ORDER and other.op not in _NO_TRUTH else _operand(node)


def _chain(node: Node) -> RunScalar:
    """Run operators that follow each other in a loop, so that a long sum needs no deep stack."""
    steps: list[tuple[Combine, Run]] = []
    last = node
    while node.op in COMBINED:
        left, right = node.parts
        steps.insert(0, (COMBINED[node.op], _beside(right, node.op, left)))
        last, node = node, left
    first = _beside(node, last.op, last.parts[1])
    if len(steps) == 1:
        ((once, other),) = steps
        return lambda frame: once(first(frame), other, frame)

    def run(frame: Frame) -> Scalar:
        value = first(frame)
        for combine, right in steps:
            value = combine(value, right, frame)
        return scalar(value)

    return run


def nodes_of(node: Node) -> RunNodes:
    """Return what finds the nodes of a part that does so; steps and predicates run in a loop, as operators do."""
    steps: list[Callable[[Nodes, Frame], Nodes]] = []
    while node.op in ("whole", "step", "filter", "union"):
        steps.insert(0, _further(node))
        node = node.parts[0]
    first = _referred(node)

    def run(frame: Frame) -> Nodes:
        nodes = first(frame)
        for step in steps:
            nodes = step(nodes, frame)
        return nodes

    return run if steps else first


def _referred(node: Node) -> RunNodes:
    name = str(node.value)
    if node.op == "answer":
        return lambda frame: referred(name, frame)
    if node.op == "outer":
        return lambda frame: referred(name, frame._replace(row=frame.scope.row))
    repeats = [str(part.value) for part in node.parts[1::2]]
    return indexed(str(node.parts[0].value), repeats, [number_of(part) for part in node.parts[2::2]])


def _further(node: Node) -> Callable[[Nodes, Frame], Nodes]:
    if node.op == "step":
        name = str(node.value)
        return lambda nodes, frame: stepped(nodes, name, frame)
    if node.op == "filter":
        size, whole, predicate = node.parts[1].size, node.parts[0].op == "whole", value_of(node.parts[1])
        return lambda nodes, frame: filtered(nodes, predicate, size=size, whole=whole, frame=frame)
    if node.op == "union":
        other = nodes_of(node.parts[1])
        return lambda nodes, frame: united(nodes, other(frame))
    return lambda nodes, _: nodes


def number_of(node: Node) -> Callable[[Frame], float]:
    """Return what gives a part's number."""
    run = scalar_of(node)
    return lambda frame: number(run(frame), frame.scope.offset)


def boolean_of(node: Node) -> Callable[[Frame], bool]:
    """Return what gives a part's truth."""
    run = _operand(node)
    return lambda frame: boolean(run(frame))


def text_of(node: Node) -> Callable[[Frame], str]:
    """Return what gives a part's text."""
    run = scalar_of(node)
    return lambda frame: string(run(frame))


def _texts_of(node: Node) -> Callable[[Frame], list[str]]:
    run = value_of(node)

    def texts(frame: Frame) -> list[str]:
        value = run(frame)
        return list(value.texts) if isinstance(value, Nodes) else [string(value)]

    return texts


def _numbers_of(node: Node) -> Callable[[Frame], list[float]]:
    run = value_of(node)

    def numbers(frame: Frame) -> list[float]:
        value, offset = run(frame), frame.scope.offset
        return [number(text, offset) for text in (value.texts if isinstance(value, Nodes) else (value,))]

    return numbers


_CONVERTED: Final[dict[str, Callable[[Node], Callable[[Frame], object]]]] = {
    "t": text_of,
    "d": number_of,
    "b": boolean_of,
    "v": scalar_of,
    "n": nodes_of,
    "T": _texts_of,
    "D": _numbers_of,
}


def _called(node: Node) -> RunScalar:
    function = FUNCTIONS[node.op]
    call = function.call
    if call is None:
        raise AssertionError(f"{node.op}() has no meaning")
    parts = [_CONVERTED[kind](part) for part, kind in zip(node.parts, function.kinds(len(node.parts)), strict=True)]

    def run(frame: Frame) -> Scalar:
        arguments = [part(frame) for part in parts]
        frame.meter.spend(1 + _weight(arguments) // 16)
        return call(frame, *arguments) if function.framed else call(*arguments)

    return run


def _weight(arguments: list[object]) -> int:
    """Count the characters and values that a call looks at."""
    weight = 0
    for argument in arguments:
        if isinstance(argument, str):
            weight += units(argument)
        elif isinstance(argument, list):
            weight += len(argument) + _weight(argument)
    return weight


def _place(node: Node) -> RunScalar:
    """position() and index(): a place among siblings."""
    if node.parts:  # a reference to a repeat around the place that asks, or to something else
        repeat = str(node.parts[0].value)
        return lambda frame: float(dict(frame.row).get(repeat, 1))
    if node.value == "..":
        return lambda frame: float(frame.row[-1][1] if frame.row else 1)
    if node.value == "current":
        return lambda frame: float(frame.scope.row[-1][1] if frame.scope.row else 1)
    if node.op == "index":
        return lambda frame: float(frame.row[-1][1] if frame.row else 1)
    return lambda frame: float(frame.position)


def _once(node: Node) -> RunScalar:
    run = scalar_of(node.parts[0])
    return lambda frame: frame.scope.this or run(frame)


def _choice_name(node: Node) -> RunScalar:
    question, value = str(node.value), text_of(node.parts[0])
    return lambda frame: frame.scope.label(question, value(frame))


def _constant(node: Node) -> RunScalar:
    value = node.value
    return lambda _: value


def _column(node: Node) -> RunScalar:
    name = str(node.value)
    return lambda frame: "" if frame.scope.column is None else frame.scope.column.get(name, "")


def _negative(node: Node) -> RunScalar:
    run = number_of(node.parts[0])
    return lambda frame: -run(frame)


_PLAIN: Final[dict[str, Callable[[Node], RunScalar]]] = {
    "column": _column,
    "constant": _constant,
    "index": _place,
    "jr:choice-name": _choice_name,
    "last": lambda _: lambda frame: float(frame.size),
    "negative": _negative,
    "once": _once,
    "own": lambda _: lambda frame: frame.scope.this,
    "position": _place,
    "this": lambda _: lambda frame: frame.this,
}
