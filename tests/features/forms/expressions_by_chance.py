"""Expressions and answers that chance makes, for comparing the twins: every function, operator and kind of place."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from server.features.forms.expressions.functions import FUNCTIONS

_TEXTS: Final = ("a", "b", "note", "many", "amount", "born", "clock", "seen", "spot")
_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "children": ("name", "age", "toys"),
    "toys": ("title", "price", "parts"),
    "parts": ("part",),
    "pets": ("kind",),
}
_VALUES: Final = (
    ("", "x", "x y", "true", "1", "Nguyễn Thị Ánh", "đ👶🏽d", "  a  b\t", "𝒳𝒴", "a-b_c", "Việt\u0301", "\u00a0"),
    ("0", "-0", "3", "-1.50", " 2.5 ", "1e5", "007", "0.1", "1" * 40, "9" * 400, "0." + "0" * 30 + "1", "12abc", "-.5"),
    ("2026-11-21", "2024-02-29", "2026-02-30", "0001-01-01", "9999-12-31", "1969-12-31", "2026-1-1"),
    ("2026-11-21T23:59", "2026-11-21T23:59:59.999+07:00", "2026-11-21T00:00:00Z", "1900-03-01T12:30:15.5-03:30"),
    ("10:30", "00:00", "23:59:59.999", "24:00", "10:30:00+00:00", "10:30Z"),
    ("10.5 106.7 0 0", "10.7769 106.7009", "91 0", "0 0;0 1;1 1;0 0", "10 20 30 40 50", "-33.9 151.2 5"),
)
_NUMBERS: Final = (
    *(
        "0",
        "1",
        "2",
        "3",
        "-1",
        "0.5",
        "2.5",
        "-2.5",
        "1.005",
        "10",
        "100",
        "0.1 + 0.2",
        "1 div 3",
        "1 div 0",
        "-1 div 0",
    ),
    *(
        "0 div 0",
        "-0",
        "9007199254740993",
        "1234567890123456789012",
        "0.0000001",
        "20779",
        "20779.25",
        "-719163",
        "3e",
        "1000000",
    ),
)
_PATTERNS: Final = (
    *(
        "[0-9]+",
        "[A-Za-zÀ-ỹ ]+",
        "(a|b)*c?",
        "^.{1,5}$",
        "\\\\d{2}:\\\\d{2}",
        "(x+x+)+y",
        "\\\\p{Lu}.*",
        "[^ab]+",
        "a{2",
        "(?=a)b",
    ),
    *(
        "\\\\w+@\\\\w+\\\\.[a-z]{2,}",
        "(0[35789])[0-9]{8}",
        "\\\\bx\\\\b.*",
        "..",
        "[\\\\s\\\\S]*",
        "\\\\u0111.+",
        "(.*)*x",
        "",
    ),
)
_FORMATS: Final = ("%Y-%m-%d", "%e/%n/%y", "%a %b %d", "%H:%M:%S.%3", "%h%%", "ngày %d tháng %m", "")
_CALLS: Final = ("today()", "now()", "position(..)", "true()", "false()", "pi()", "random()", "version()")
_ALGORITHMS: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")


class Chance:
    """Makes cases; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pick = self.chance.choice

    def case(self) -> dict[str, Any]:
        """Return one case: an expression, answers, and the place that asks."""
        answers = {name: self.value() for name in _TEXTS if self.chance.random() < 0.9}
        answers |= {repeat: self.rows(repeat, 1) for repeat in ("children", "pets")}
        case: dict[str, Any] = {"answers": answers, "at": self.place(answers), "seed": self.pick(["", "draft-1"])}
        case["offset"] = self.pick([420, 420, 0, -210, 345])
        if self.chance.random() < 0.1:
            case["column"] = {"name": self.value(), "province": self.value()}
        case["expression"] = self.value_text(self.chance.randrange(5), columns="column" in case)
        return case

    def value(self) -> str:
        return self.pick(self.pick(_VALUES))

    def rows(self, repeat: str, level: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for _ in range(self.pick([0, 1, 2, 2, 3]) if level < 3 else self.pick([0, 1, 2])):
            row: dict[str, Any] = {}
            for name in _ROWS[repeat]:
                if name in _ROWS:
                    row[name] = self.rows(name, level + 1)
                elif self.chance.random() < 0.9:
                    row[name] = self.value()
            found.append(row)
        return found

    def place(self, answers: Mapping[str, Any]) -> str:
        children = answers["children"]
        if not children or self.chance.random() < 0.4:
            return self.pick(["a", "amount", "children"])
        index = self.chance.randrange(len(children))
        toys = children[index]["toys"]
        if toys and self.chance.random() < 0.5:
            return f"children[{index + 1}]/toys[{self.chance.randrange(len(toys)) + 1}]/{self.pick(['title', 'price'])}"
        return f"children[{index + 1}]/{self.pick(['name', 'age', 'toys'])}"

    def value_text(self, depth: int, *, columns: bool = False, inside: bool = False) -> str:
        """Return an expression of any kind; `inside` a predicate there are more of them."""
        if depth <= 0:
            return self.leaf(columns=columns, inside=inside)
        part = self.part(depth, columns, inside)
        shapes: list[Callable[[], str]] = [
            lambda: f"{part()} {self.pick(['or', 'and', '=', '!=', '<', '<=', '>', '>='])} {part()}",
            lambda: f"{part()} {self.pick(['+', '-', '*', 'div', 'mod'])} {part()}",
            lambda: f"({part()} {self.pick(['=', '!=', '+', '-', '*'])} {part()})",
            lambda: f"- {part()}",
            lambda: f"if({part()}, {part()}, {part()})",
            lambda: self.nodes(depth, inside=inside),
            lambda: self.call(depth, part),
            lambda: self.call(depth, part),
            lambda: self.call(depth, part),
        ]
        return self.pick(shapes)()

    def part(self, depth: int, columns: bool, inside: bool) -> Callable[[], str]:
        return lambda: self.value_text(self.chance.randrange(depth), columns=columns, inside=inside)

    def leaf(self, *, columns: bool, inside: bool) -> str:
        kinds = ["name", "name", "number", "number", "text", "this", "call"]
        kinds += ["column"] * 3 * columns + ["position", "last", "outer", "own"] * inside
        names = [*_TEXTS, "name", "age", "title", "price", "part", "kind"]
        made: dict[str, Callable[[], str]] = {
            "name": lambda: f"${{{self.pick(names)}}}",
            "number": lambda: self.pick(_NUMBERS),
            "text": lambda: f"'{self.value()}'",
            "this": lambda: ".",
            "column": lambda: self.pick(["name", "province"]),
            "outer": lambda: f"current()/${{{self.pick(['a', 'age', 'title'])}}}",
            "own": lambda: "current()/.",
            "position": lambda: "position()",
            "last": lambda: "last()",
            "call": lambda: self.pick(_CALLS),
        }
        return made[self.pick(kinds)]()

    def nodes(self, depth: int, *, inside: bool) -> str:
        """Return what finds nodes, with predicates and steps."""
        predicate = self.pick([lambda: "", lambda: f"[{self.value_text(min(depth - 1, 2), inside=True)}]"])
        match self.chance.randrange(6):
            case 0:
                return f"${{children}}{predicate()}/{self.pick(['name', 'age', 'toys', 'title', 'part'])}{predicate()}"
            case 1:
                return f"${{children}}{predicate()}/toys{predicate()}/{self.pick(['title', 'price'])}"
            case 2:
                return f"{self.reference()}{predicate()}"
            case 3:
                return f"({self.reference()}){predicate()}"
            case 4:
                return f"({self.reference()} | {self.reference()}){predicate()}"
            case _:
                index = self.value_text(min(depth - 1, 1), inside=inside)
                more = f", ${{toys}}, {self.pick('123')}" if self.chance.random() < 0.5 else ""
                return f"indexed-repeat(${{{self.pick(['title', 'price'])}}}, ${{children}}, {index}{more})"

    def reference(self) -> str:
        return f"${{{self.pick([*_TEXTS, *_ROWS, 'name', 'age', 'title', 'price', 'part', 'kind', 'nowhere'])}}}"

    def call(self, depth: int, part: Callable[[], str]) -> str:
        name = self.pick(sorted(set(FUNCTIONS) - {"if", "last", "indexed-repeat"}))
        function = FUNCTIONS[name]
        match name:
            case "regex":
                return f"regex({part()}, '{self.pick(_PATTERNS)}')".replace("\\\\", "\\")
            case "format-date" | "format-date-time":
                return f"{name}({part()}, '{self.pick(_FORMATS)}')"
            case "digest":
                return f"digest({part()}, '{self.pick(_ALGORITHMS)}', '{self.pick(['hex', 'base64'])}')"
            case "jr:choice-name":
                return self.pick([f"jr:choice-name({part()}, '${{a}}')", f"jr:choice-name(${{many}}, {part()})"])
            case "position" | "index":
                return f"{name}({self.pick(['', '..', 'current()/..', '${children}', '${toys}', '${a}'])})"
        most = min(function.most, function.least + 4)
        count = self.chance.randrange(0 if function.of_this else function.least, most + 1)
        count += (count - function.least) % 2 if function.paired else 0
        kinds = function.kinds(count)
        return f"{name}({', '.join(self.argument(kind, depth, part) for kind in kinds)})"

    def argument(self, kind: str, depth: int, part: Callable[[], str]) -> str:
        if kind == "n" or (kind in "TD" and self.chance.random() < 0.6):
            return self.nodes(depth, inside=False) if self.chance.random() < 0.5 else self.reference()
        return part()
