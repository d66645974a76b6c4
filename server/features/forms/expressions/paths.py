"""Rewrites the paths that authors of XForms write into references by name: `/data/group/name` into `${name}`.

Names are unique in a form, so the last name of a path says where it leads. What stays at run time: `.`, `position(..)`,
predicates on repeats and steps after them, and in a predicate `current()/` before what the asking place refers to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, TypeAlias

from server.features.forms.expressions.tokens import ExpressionError, Token, tokens

Place: TypeAlias = tuple[str, ...]
"""A question, group or repeat: the names of all around it, outermost first, and its own."""

_OPERATORS: Final = ("and", "or", "div", "mod")


def rewritten(text: str, *, here: str, places: Mapping[str, tuple[str, ...]], repeats: Collection[str] = ()) -> str:
    """Return an expression of the question, group or repeat `here` with references in place of paths.

    `places` gives for every name what stands around it: pages, groups and repeats, outermost first; `repeats` says
    which of these are repeats, so that `../../repeat/name` means all its rows. A path that leads nowhere raises
    `ExpressionError`.
    """
    known = dict(_known(places))
    rewriter = _Rewriter(text, known, repeats, asker=known.get(here, (here,)))
    return rewriter.expression(rewriter.asker, end="")


def _known(places: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Place]]:
    for name, around in places.items():
        for index, container in enumerate(around):
            yield container, (*around[:index], container)
        yield name, (*around, name)


class _Rewriter:
    """Goes through the tokens once. Each method goes past what it rewrites, and returns it with the space before."""

    def __init__(self, text: str, known: Mapping[str, Place], repeats: Collection[str], *, asker: Place) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.known = known
        self.repeats = repeats
        self.asker = asker
        self.next = 0
        self.predicates = 0
        self.unquoted: dict[int, str] = {}

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def ahead(self, *texts: str) -> bool:
        """Whether these tokens come next."""
        return [token.text for token in self.tokens[self.next : self.next + len(texts)]] == list(texts)

    def space(self) -> str:
        """Return the space before the next token."""
        before = self.tokens[self.next - 1] if self.next else None
        return self.text[before.at + len(before.text) if before else 0 : self.token.at]

    def take(self) -> str:
        taken = self.space() + self.unquoted.get(self.next, self.token.text)
        self.next += 1
        return taken

    def expression(self, context: Place, *, end: str) -> str:
        """Rewrite up to the bracket `end`, or to the end of the text, as seen from `context`."""
        done, depth = "", 0
        operand = True  # whether a value may begin here; else a name is an operator
        while self.token.kind != "end" and (depth > 0 or self.token.text != end):
            token = self.token
            found = self.operand(context) if operand else None
            if found is not None:
                done += found
                operand = False
                continue
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            done += self.take()
            if token.text == ")":
                done += self.steps("", (), [])
            if token.kind == "name":
                operand = token.text in _OPERATORS and not operand
            else:
                operand = token.kind == "sign" and token.text not in (")", ".", "..")
        return done + ("" if end else self.space())

    def operand(self, context: Place) -> str | None:  # noqa: PLR0911  # one for each way to begin
        """Rewrite the path, or the call that takes one in a way of its own, that begins here."""
        token, space = self.token, self.space()
        following = self.tokens[self.next + 1].text if token.kind != "end" else ""
        if token.text in ("position", "index") and following == "(":
            return self.position(context)
        if token.text == "jr:choice-name" and following == "(":
            self.unquote()
            return None
        if token.kind == "answer":
            self.next += 1
            name = token.text[2:-1]
            return space + self.steps("", self.known.get(name, (name,)), [[name, ""]], stays=True)
        if self.ahead("current", "(", ")", "/"):
            self.next += 4
            prefix = "current()/" if self.predicates else ""
            if not self.ahead("."):
                return space + self.path(prefix, self.asker, token)
            self.next += 1
            return f"{space}{prefix}."
        if token.text == "/":
            self.root(token)
            return space + self.path("", (), token)
        child = token.kind == "name" and following != "(" and token.text in self.known
        if token.text == ".." or self.ahead(".", "/") or (child and (self.predicates or following == "/")):
            return space + self.path("", context, token)
        return None

    def root(self, start: Token) -> None:
        """Go past `//`, or the `/data/` that an absolute path begins with."""
        named = self.tokens[self.next + 1].kind == "name" and self.tokens[self.next + 2].text == "/"
        if not named and not self.ahead("/", "/"):
            raise _nowhere(start)
        self.next += 3 if named else 2

    def path(self, prefix: str, context: Place, start: Token) -> str:
        """Rewrite the steps of a path from `context` on; the first one comes next."""
        at, up = self.step(context, start)
        for index in range(len(at) - 1 if up is None else len(up), len(at) - 1):
            if at[index] in self.repeats and at[: index + 1] == context[: index + 1]:
                return self.steps(prefix, at, [[at[index], ""], [at[-1], ""]], stays=True)
        return self.steps(prefix, at, [[at[-1], ""]] if at else [], start=start)

    def step(self, at: Place, start: Token) -> tuple[Place, Place | None]:
        """Go past the steps without predicates; return where they lead, and where the last `..` led to."""
        up: Place | None = None
        while True:
            token = self.token
            self.next += 1
            if token.text == "..":
                if not at:
                    raise _nowhere(start)
                at = up = at[:-1]
            elif token.kind == "name":
                if token.text not in self.known:
                    raise ExpressionError(f"expected a question, group or repeat, got '{token.text}'", token.at)
                at = self.known[token.text]
            elif token.text != ".":
                raise _nowhere(start)
            if self.token.text != "/":
                return at, up
            self.next += 1

    def steps(
        self, prefix: str, at: Place, found: list[list[str]], *, stays: bool = False, start: Token | None = None
    ) -> str:
        """Rewrite the predicates and steps that follow nodes, and return all of them.

        `found` are the nodes so far, each a name and its predicates. Those without predicates are left out, but for the
        last one, and the first one if it `stays`.
        """
        begin = self.token if start is None else start
        while self.token.text in ("[", "/"):
            if self.token.text == "[":
                self.next += 1
                self.predicates += 1
                inside = self.expression(at, end="]")
                self.predicates -= 1
                if self.token.text == "]":
                    inside += self.take()
                if found:
                    found[-1][1] += f"[{inside}"
                else:
                    found.append(["", f"[{inside}"])
                continue
            self.next += 1
            if self.token.text == ".." and len(found) == 1 and found[0][0] and not found[0][1]:
                return self.path(prefix, at, begin)
            at, up = self.step(at, begin)
            if up is not None:
                raise _nowhere(begin)
            found.append([at[-1] if at else "", ""])
        if found and not found[0][0]:
            return "".join(f"/{name}{predicate}" if name else predicate for name, predicate in found)
        if start is not None and not found:
            raise _nowhere(start)
        kept = [
            part for index, part in enumerate(found) if part[1] or index == len(found) - 1 or (stays and index == 0)
        ]
        texts = [f"{name}{predicate}" for name, predicate in kept]
        if kept:
            texts[0] = f"{prefix}${{{kept[0][0]}}}{kept[0][1]}"
        return "/".join(texts)

    def position(self, context: Place) -> str | None:
        """Rewrite position() of a row around: `..` stays, what is farther away becomes a reference."""
        begin = self.next
        asked = self.take() + self.take()
        outer = self.ahead("current", "(", ")", "/")
        self.next += 4 if outer else 0
        at, ups = (self.asker if outer else context), 0
        while self.ahead(".."):
            self.next += 1
            ups += 1
            if self.ahead("/", ".."):
                self.next += 1
        if not ups or self.token.text != ")":
            self.next = begin
            return None
        self.next += 1
        if ups == 1:
            return f"{asked}{'current()/' if outer and self.predicates else ''}..)"
        around = at[: max(len(at) - ups, 0)]
        while around and self.repeats and around[-1] not in self.repeats:
            around = around[:-1]
        if not around:
            raise _nowhere(self.tokens[begin])
        return f"{asked}${{{around[-1]}}})"

    def unquote(self) -> None:
        """Put a reference in place of the quoted path of `jr:choice-name(value, '/data/question')`."""
        depth = 0
        for index in range(self.next + 1, len(self.tokens)):
            token = self.tokens[index]
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0:
                quoted = self.tokens[index - 1]
                name = quoted.text[1:-1].strip().rpartition("/")[2]
                if quoted.kind == "text" and "/" in quoted.text and name in self.known:
                    self.unquoted[index - 1] = f"'${{{name}}}'"
                return


def _nowhere(start: Token) -> ExpressionError:
    return ExpressionError("expected a path to a question, group or repeat of the form", start.at)
