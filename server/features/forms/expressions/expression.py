"""Expressions of forms: a subset of ODK XForms, which is XPath 1.0 over answers. Pure; `expression.ts` is its twin.

Where we deviate from ODK on purpose:
- a reference is true if its answer is not empty (XPath: if the node exists), as in JavaRosa: authors count on it;
- `.` stands in constraints only (form.py): elsewhere it would decide about itself;
- `relevant` refers to earlier questions only (form.py): so one pass decides it, and no cycle can arise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from server.features.forms.expressions.functions import FUNCTIONS, OPERATORS, Scope, Value, boolean

CHARACTERS: Final = 1_000
DEPTH: Final = 24  # brackets, calls and signs within each other
FUEL: Final = 200  # nodes; one evaluation visits each at most once, so this bounds its steps

_SPACE: Final = " \t\r\n"
_TOKEN: Final = re.compile(
    r"""[ \t\r\n]*(?:(?P<answer>\$\{[a-z][a-z0-9_]*\})|(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"""
    r"""|(?P<text>'[^']*'|"[^"]*")|(?P<name>[a-z][a-z0-9:-]*)|(?P<sign><=|>=|!=|[=<>()+,.-]))"""
)
_LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"))


class ExpressionError(ValueError):
    """The text is no expression that we know. `at` counts characters from 0."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(f"{message} at character {at + 1}")
        self.at = at


Run: TypeAlias = Callable[[Scope], Value]


@dataclass(frozen=True, slots=True)
class Node:
    """`op` is `constant`, `answer` (value = name), `this`, or the operator or function that takes `parts`."""

    op: str
    value: str | float = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; `names` are the questions that it refers to, `this` whether it has a `.`."""

    text: str
    run: Run
    names: frozenset[str]
    this: bool


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return what the expression says of these answers. It always ends and never raises."""
    return expression.run(scope)


def holds(text: str | None, scope: Scope) -> bool:
    """Whether a condition is met; no condition always is. What does not parse raises `ExpressionError`."""
    return text is None or boolean(parse(text).run(scope))


def _compiled(node: Node) -> Run:
    """Turn the tree into closures, several times faster than walking it: the server judges every submission."""
    if node.op == "constant":
        return lambda _: node.value
    if node.op == "answer":
        name = str(node.value)
        return lambda scope: scope.answers.get(name, "")
    if node.op == "this":
        return lambda scope: scope.this
    parts = [_compiled(part) for part in node.parts]
    if node.op == "and":
        return lambda scope: boolean(parts[0](scope)) and boolean(parts[1](scope))
    if node.op == "or":
        return lambda scope: boolean(parts[0](scope)) or boolean(parts[1](scope))
    return _applied(node.op, parts)


def _applied(op: str, parts: list[Run]) -> Run:
    operator = OPERATORS.get(op)
    if operator is None:
        call = FUNCTIONS[op].call
        return lambda scope: call([part(scope) for part in parts], scope)
    if len(parts) == 1:
        return lambda scope: operator((parts[0](scope),))
    left, right = parts
    return lambda scope: operator((left(scope), right(scope)))


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expression:
    """Parse an expression; the last few thousand are remembered. `ExpressionError` says what was expected where."""
    if len(text) > CHARACTERS:
        raise ExpressionError(f"expected at most {CHARACTERS} characters, got {len(text)}", CHARACTERS)
    parser = _Parser(list(_tokens(text)))
    root = parser.level(0)
    parser.expect("")
    return Expression(text=text, run=_compiled(root), names=frozenset(parser.names), this=parser.this)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip(_SPACE))
    while at < end:
        match = _TOKEN.match(text, at, end)
        if not match or not match.lastgroup:
            at = end - len(text[at:end].lstrip(_SPACE))
            raise ExpressionError(f"expected a part of an expression, got '{text[at]}'", at)
        yield _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup))
        at = match.end()
    yield _Token("end", "", end)


class _Parser:
    """Recursive descent over XPath 1.0, 3.4 and 3.5: each of `_LEVELS` binds tighter than the one before."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.next = 0
        self.depth = 0
        self.fuel = FUEL
        self.names: set[str] = set()
        self.this = False

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def take(self) -> _Token:
        token = self.token
        self.next += 1
        return token

    def expect(self, text: str) -> None:
        if self.token.text != text:
            raise self.unexpected(f"'{text}'" if text else "the end")
        self.next += 1

    def unexpected(self, what: str) -> ExpressionError:
        got = f"'{self.token.text}'" if self.token.text else "the end"
        return ExpressionError(f"expected {what}, got {got}", self.token.at)

    def node(self, op: str, *parts: Node, value: str | float = "") -> Node:
        self.fuel -= 1
        if self.fuel < 0:
            raise ExpressionError(f"expected at most {FUEL} parts, got more", self.token.at)
        return Node(op, value, parts)

    def level(self, index: int) -> Node:
        if index == len(_LEVELS):
            return self.nested()
        left = self.level(index + 1)
        while self.token.text in _LEVELS[index]:
            op = self.take().text
            left = self.node(op, left, self.level(index + 1))
        return left

    def nested(self) -> Node:
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"expected at most {DEPTH} levels, got more", self.token.at)
        node = self.unary()
        self.depth -= 1
        return node

    def unary(self) -> Node:
        if self.token.text == "-":
            self.next += 1
            return self.node("negative", self.nested())
        if self.token.text == "(":
            self.next += 1
            node = self.level(0)
            self.expect(")")
            return node
        return self.call() if self.token.kind == "name" else self.leaf()

    def leaf(self) -> Node:
        token = self.token
        if token.kind not in ("answer", "number", "text") and token.text != ".":
            raise self.unexpected("a value")
        self.next += 1
        if token.kind == "answer":
            self.names.add(token.text[2:-1])
            return self.node("answer", value=token.text[2:-1])
        if token.kind == "number":
            return self.node("constant", value=float(token.text))
        if token.kind == "text":
            return self.node("constant", value=token.text[1:-1])
        self.this = True
        return self.node("this")

    def call(self) -> Node:
        name = self.token
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise self.unexpected("a value or a known function")
        self.next += 1
        self.expect("(")
        parts: list[Node] = []
        while self.token.text != ")":
            if parts:
                self.expect(",")
            parts.append(self.level(0))
        self.next += 1
        if not function.least <= len(parts) <= function.most:
            count = str(function.least) if function.least == function.most else f"{function.least} to {function.most}"
            raise ExpressionError(f"expected {name.text}() to have {count} arguments, got {len(parts)}", name.at)
        return self.node(name.text, *parts)
