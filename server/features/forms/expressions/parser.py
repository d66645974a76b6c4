"""Parses an expression into a tree: recursive descent over XPath 1.0, 3.3 to 3.5. `parser.ts` is its twin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.features.forms.expressions.functions import FUNCTIONS
from server.features.forms.expressions.table import Function
from server.features.forms.expressions.tokens import ExpressionError, Token, tokens

CHARACTERS: Final = 10_000
PARTS: Final = 1_000  # one evaluation visits each at most once, but for predicates: this bounds its steps
DEPTH: Final = 50  # brackets, calls, predicates and signs within each other

_POWER: Final[Mapping[str, int]] = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
_UNARY: Final = 7
_QUESTION: Final = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
_NAMES: Final = ("answer", "outer", "filter", "step", "union", "whole", "indexed-repeat")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression. `op` is an operator, a function, or one of these:

    `constant`; `answer`, a reference to `value`, and `outer`, one that the asking place makes from within a predicate;
    `this`, the answer at hand, and `own`, that of the asking place; `column` of a choice; `filter` (nodes, predicate),
    `whole` (nodes in brackets, which a predicate counts through), `step` (nodes, `value`) and `union`.
    `size` counts the parts in it.
    """

    op: str
    value: str | float = ""
    parts: tuple[Node, ...] = ()
    size: int = 1

    @property
    def finds_nodes(self) -> bool:
        """Whether it gives answers with their places, not just a value."""
        return self.op in _NAMES


class Parser:
    """`names` are the questions and repeats that were referred to, `this` whether the answer at hand was."""

    def __init__(self, text: str, *, columns: bool) -> None:
        if len(text) > CHARACTERS:
            raise ExpressionError(f"expected at most {CHARACTERS} characters, got {len(text)}", CHARACTERS)
        self.tokens = list(tokens(text))
        self.next = 0
        self.depth = 0
        self.predicates = 0
        self.parts = PARTS
        self.columns = columns
        self.names: set[str] = set()
        self.calls: set[str] = set()
        self.this = False

    def parsed(self) -> Node:
        """Return the tree of the whole text."""
        root = self.level(1)
        self.expect("")
        return root

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.token
        self.next += 1
        return token

    def takes(self, *texts: str) -> bool:
        """Go past these signs if they are what comes next."""
        if any(
            self.tokens[min(self.next + index, len(self.tokens) - 1)].text != text for index, text in enumerate(texts)
        ):
            return False
        self.next += len(texts)
        return True

    def expect(self, text: str) -> None:
        if self.token.text != text:
            raise self.unexpected(f"'{text}'" if text else "the end")
        self.next += 1

    def unexpected(self, what: str) -> ExpressionError:
        got = f"'{self.token.text}'" if self.token.text else "the end"
        return ExpressionError(f"expected {what}, got {got}", self.token.at)

    def node(self, op: str, *parts: Node, value: str | float = "") -> Node:
        self.parts -= 1
        if self.parts < 0:
            raise ExpressionError(f"expected at most {PARTS} parts, got more", self.token.at)
        return Node(op, value, parts, 1 + sum(part.size for part in parts))

    def level(self, power: int) -> Node:
        """Parse what binds at least as tightly as `power`; operators of one level bind to the left."""
        left = self.nested()
        while self.token.kind in ("sign", "name") and _POWER.get(self.token.text, 0) >= power:
            operator = self.take()
            right = self.level(_POWER[operator.text] + 1)
            if operator.text == "|":
                for side in (left, right):
                    self.must_find_nodes(side, "'|'", operator)
                left = self.node("union", left, right)
            else:
                left = self.node(operator.text, left, right)
        return left

    def nested(self) -> Node:
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"expected at most {DEPTH} levels, got more", self.token.at)
        node = self.node("negative", self.level(_UNARY)) if self.takes("-") else self.followed(self.primary())
        self.depth -= 1
        return node

    def primary(self) -> Node:
        token = self.token
        if self.takes("current", "(", ")", "/"):
            return self.outer()
        if token.kind == "name":
            following = self.tokens[self.next + 1].text
            return self.call() if following == "(" or not self.columns else self.node("column", value=self.take().text)
        if token.kind in ("answer", "number", "text"):
            return self.leaf(self.take())
        if self.takes("."):
            return self.own()
        if not self.takes("("):
            raise self.unexpected("a value")
        inner = self.level(1)
        self.expect(")")
        return self.node("whole", inner) if inner.finds_nodes else inner

    def leaf(self, token: Token) -> Node:
        if token.kind == "answer":
            return self.answer("answer", token)
        return self.node("constant", value=float(token.text) if token.kind == "number" else token.text[1:-1])

    def own(self) -> Node:
        """Return the answer at hand: outside of predicates that of the place that asks."""
        self.this = self.this or self.predicates == 0
        return self.node("this")

    def answer(self, op: str, token: Token) -> Node:
        self.names.add(token.text[2:-1])
        return self.node(op, value=token.text[2:-1])

    def outer(self) -> Node:
        """Parse what follows `current()/`."""
        if self.takes("."):
            self.this = True
            return self.node("own")
        if self.token.kind != "answer":
            raise self.unexpected("'.' or a reference")
        return self.answer("outer", self.take())

    def followed(self, node: Node) -> Node:
        """Parse the predicates and steps after nodes."""
        while self.token.text in ("[", "/"):
            if not node.finds_nodes:
                raise self.unexpected("an operator or the end")
            if self.takes("["):
                self.predicates += 1
                node = self.node("filter", node, self.level(1))
                self.predicates -= 1
                self.expect("]")
            else:
                self.next += 1
                if self.token.kind != "name":
                    raise self.unexpected("a name")
                self.names.add(self.token.text)
                node = self.node("step", node, value=self.take().text)
        return node

    def call(self) -> Node:
        name = self.token
        function = FUNCTIONS.get(name.text)
        if function is None:
            raise self.unexpected("a value or a known function")
        if name.text == "last" and not self.predicates:
            raise ExpressionError("expected last() in a predicate only", name.at)
        self.next += 1
        self.calls.add(name.text)
        self.expect("(")
        if name.text in ("position", "index"):
            place = self.place()
            if place:
                return self.node(name.text, value=place)
        parts = self.arguments()
        if not parts and function.least == 1 and function.of_this:
            parts = [self.own()]
        self.check(function, name, parts)
        if name.text == "once":
            self.this = True
        if name.text == "jr:choice-name":
            return self.choice_name(name, parts)
        return self.node(name.text, *parts)

    def choice_name(self, name: Token, parts: list[Node]) -> Node:
        """Parse jr:choice-name(value, '${question}') as authors write it, and (${question}, value) as the text says."""
        value, question = parts
        quoted = _QUESTION.fullmatch(str(question.value)) if question.op == "constant" else None
        if quoted:
            self.names.add(quoted[1])
            return self.node(name.text, value, value=quoted[1])
        if value.op != "answer":
            raise ExpressionError("expected jr:choice-name() to have a value and a question '${name}'", name.at)
        return self.node(name.text, question, value=value.value)

    def place(self) -> str:
        """Parse `..` or `current()/..` and the bracket, if this is what position() asks about."""
        if self.takes("..", ")"):
            return ".."
        return "current" if self.takes("current", "(", ")", "/", "..", ")") else ""

    def arguments(self) -> list[Node]:
        parts: list[Node] = []
        while self.token.text != ")":
            if parts:
                self.expect(",")
            parts.append(self.level(1))
        self.next += 1
        return parts

    def check(self, function: Function, name: Token, parts: list[Node]) -> None:
        if not function.fits(len(parts)):
            wanted = f"expected {name.text}() to have {function.arguments} arguments, got {len(parts)}"
            raise ExpressionError(wanted, name.at)
        for part, kind in zip(parts, function.kinds(len(parts)), strict=True):
            if kind == "n":
                self.must_find_nodes(part, f"{name.text}()", name)
        objection = function.objection([part.value if part.op == "constant" else None for part in parts])
        if objection:
            raise ExpressionError(f"{name.text}(): {objection}", name.at)

    def must_find_nodes(self, node: Node, what: str, token: Token) -> None:
        if not node.finds_nodes:
            raise ExpressionError(f"expected {what} to have a reference", token.at)
