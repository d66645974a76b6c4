"""Whether an expression can mean what its author meant: sorts of values, names of choices, rows of repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from server.features.forms.expressions.functions import FUNCTIONS
from server.features.forms.expressions.parser import Node as Part
from server.features.forms.xlsform.choices import List, Lists
from server.features.forms.xlsform.outline import Names, Node
from server.features.forms.xlsform.problems import Cell, Findings

_SORTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("integer", "decimal", "range"), "number"),
    **dict.fromkeys(("text", "barcode", "geopoint"), "text"),
    **dict.fromkeys(("select_one", "select_multiple", "rank"), "choice"),
    **dict.fromkeys(("image", "file", "audio"), "file"),
    **{kind: kind for kind in ("date", "time", "datetime")},
}
_NUMBERS: Final = (
    *("count", "sum", "min", "max", "round", "int", "number", "string-length", "count-selected", "count-non-empty"),
    *("position", "index", "pow", "sqrt", "abs", "exp", "exp10", "log", "log10", "sin", "cos", "tan", "asin", "acos"),
    *("atan", "atan2", "pi", "decimal-date-time", "decimal-time", "area", "distance", "random", "negative", "last"),
    *("+", "-", "*", "div", "mod"),
)
_BOOLEANS: Final = (
    *("true", "false", "not", "selected", "contains", "starts-with", "ends-with", "regex", "boolean", "checklist"),
    *("boolean-from-string", "weighted-checklist", "and", "or", "=", "!=", "<", "<=", ">", ">="),
)
_TEXTS: Final = (
    *("concat", "join", "substr", "string", "translate", "normalize-space", "digest", "uuid", "format-date"),
    *("format-date-time", "jr:choice-name"),
)
_RESULTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_NUMBERS, "number"),
    **dict.fromkeys(_BOOLEANS, "boolean"),
    **dict.fromkeys(_TEXTS, "text"),
    **{"today": "date", "date": "date", "now": "datetime", "date-time": "datetime"},
}
_COMPARING: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_COUNTING: Final = frozenset({"+", "-", "*", "div", "mod", "negative"})
_NUMBER: Final = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*")
_CLOCK: Final = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Asker:
    """The cell that asks: `key` is its column; `choices` the list whose columns a `choice_filter` sees."""

    node: Node
    key: str
    cell: Cell
    names: Names
    lists: Lists
    choices: List | None = None


def check(root: Part, asker: Asker, findings: Findings) -> None:
    """Note everything that can't be meant so."""
    _Checker(asker, findings).visit(root, asker.node.repeats)


@dataclass(frozen=True, slots=True)
class _Checker:
    asker: Asker
    findings: Findings

    def visit(self, part: Part, row: tuple[str, ...], *, nodes: bool = False, inside: bool = False) -> None:
        """Check a part and all within it.

        `row` are the repeats whose row it sees; `nodes` welcomes several answers; `inside` is in a predicate.
        """
        if part.op in ("answer", "outer"):
            self.reference(str(part.value), self.asker.node.repeats if part.op == "outer" else row, nodes=nodes)
        elif part.op in ("this", "own") and self.asker.key != "constraint" and not (inside and part.op == "this"):
            self.error("this_misplaced", column=self.asker.key)
        elif part.op == "column":
            self.column(str(part.value))
        elif part.op in _COMPARING:
            self.compared(part.op, *part.parts)
            self.compared(part.op, *reversed(part.parts))
        elif part.op in _COUNTING:
            for each in part.parts:
                self.counted(part.op, each)
        elif part.op == "selected":
            self.selected(*part.parts)
        if part.op == "filter":
            found, predicate = part.parts
            self.visit(found, row, nodes=True, inside=inside)
            self.visit(predicate, self.rows_of(found) or row, inside=True)
            return
        for each, welcome in zip(part.parts, self.welcome(part), strict=True):
            self.visit(each, row, nodes=welcome, inside=inside)

    def rows_of(self, part: Part) -> tuple[str, ...]:
        """Return the repeats whose rows a predicate goes through."""
        while part.op in ("filter", "whole"):
            part = part.parts[0]
        node = self.asker.names.nodes.get(str(part.value))
        if node is None:
            return ()
        return (*node.repeats, node.name) if node.kind == "repeat" else node.repeats

    def welcome(self, part: Part) -> list[bool]:
        """Say for each part within whether it may be several answers."""
        if part.op in ("step", "whole", "union"):
            return [True] * len(part.parts)
        if part.op == "indexed-repeat" or part.op in ("position", "index"):
            return [True] * len(part.parts)
        if part.op in FUNCTIONS:
            return [kind in "nTD" for kind in FUNCTIONS[part.op].kinds(len(part.parts))] if part.parts else []
        return [False] * len(part.parts)

    def error(self, code: str, **fields: object) -> None:
        self.findings.error(code, self.asker.cell.place, **fields)

    def warn(self, code: str, **fields: object) -> None:
        self.findings.warn(code, self.asker.cell.place, **fields)

    def reference(self, name: str, row: tuple[str, ...], *, nodes: bool) -> None:
        node = self.asker.names.nodes.get(name)
        if node is None:
            return
        if node.kind in ("note", "group"):
            self.error("reference_note", name=name, kind=node.kind)
        elif node.kind == "repeat":
            if not nodes:
                self.warn("reference_repeat", name=name)
        elif not nodes and node.repeats != row[: len(node.repeats)]:
            self.warn("reference_outside", name=name, repeat=node.repeats[-1])

    def column(self, name: str) -> None:
        choices = self.asker.choices
        if choices is None:
            return
        if name not in choices.columns and name != "name":
            close = get_close_matches(name, sorted(choices.columns), n=1, cutoff=0.4)
            known = close[0] if close else ", ".join(sorted(choices.columns)) or "-"
            self.error("column_unknown", name=name, list=choices.name, close=known)
        choices.used.add(name)

    def compared(self, op: str, left: Part, right: Part) -> None:
        """Check one side of a comparison against the other."""
        sort, constant = self.sort(left), right.value if right.op == "constant" else None
        choices = self.choices(left)
        if choices is not None and constant is not None and op in ("=", "!="):
            self.chosen(choices, constant, left)
        elif choices is not None and constant is not None and not self.numeric(choices):
            self.warn("compare_choice_number", name=self.shown(left), op=op)
        elif isinstance(constant, str) and constant:
            self.against_text(sort, constant, left)
        elif isinstance(constant, float) and sort in ("date", "datetime", "time"):
            self.warn("compare_date_number", name=self.shown(left), got=_digits(constant))
        elif isinstance(constant, float) and sort == "text" and left.op in ("answer", "outer", "this"):
            self.warn("compare_text_number", name=self.shown(left), got=_digits(constant))
        elif right.op in ("true", "false") and sort not in ("boolean", "any"):
            self.warn("compare_boolean", name=self.shown(left), got=f"{right.op}()")

    def against_text(self, sort: str, constant: str, left: Part) -> None:
        if sort == "number" and not _NUMBER.fullmatch(constant):
            self.error("compare_number_text", name=self.shown(left), got=constant)
        elif sort == "boolean" and constant not in ("true", "false"):
            self.warn("compare_boolean", name=self.shown(left), got=f"'{constant}'")
        elif sort in ("date", "datetime") and not _is_date(constant):
            self.error("compare_date_text", name=self.shown(left), got=constant)
        elif sort == "time" and not _CLOCK.fullmatch(constant):
            self.error("compare_time_text", name=self.shown(left), got=constant)

    def chosen(self, choices: List, constant: str | float, part: Part) -> None:
        text = constant if isinstance(constant, str) else _digits(constant)
        if text and text not in choices.names:
            close = get_close_matches(text, sorted(choices.names), n=1, cutoff=0.4)
            some = close[0] if close else ", ".join(choice.name for choice in choices.choices[:6])
            self.error("choice_unknown", got=text, name=self.shown(part), list=choices.name, close=some)

    def counted(self, op: str, part: Part) -> None:
        if part.op == "constant" and isinstance(part.value, str) and not _NUMBER.fullmatch(part.value):
            if not _is_date(part.value):
                self.error("count_text", op=op, got=part.value)
            return
        sort, choices = self.sort(part), self.choices(part)
        plain = sort in ("text", "file") and part.op in ("answer", "outer", "this")
        if plain or (choices is not None and not self.numeric(choices)):
            self.warn("count_question", op=op, name=self.shown(part))

    def selected(self, of: Part, name: Part) -> None:
        choices = self.choices(of)
        if choices is not None and name.op == "constant":
            for word in str(name.value if isinstance(name.value, str) else _digits(name.value)).split() or [""]:
                if word:
                    self.chosen(choices, word, of)
        elif choices is None and of.op in ("answer", "outer") and self.sort(of) not in ("any", "choice"):
            self.warn("selected_other", name=self.shown(of))

    def sort(self, part: Part) -> str:
        """Return the sort of a value: number, text, date, time, datetime, boolean, choice, file or any."""
        if part.op in ("answer", "outer"):
            node = self.asker.names.nodes.get(str(part.value))
            return _SORTS.get(node.kind, "any") if node is not None else "any"
        if part.op in ("this", "own"):
            return _SORTS.get(self.asker.node.kind, "any") if self.asker.key == "constraint" else "any"
        if part.op in ("filter", "whole", "once") and part.parts:
            return self.sort(part.parts[0])
        if part.op == "constant":
            return "number" if isinstance(part.value, float) else "any"
        if part.op in ("+", "-") and any(self.sort(each) in ("date", "datetime") for each in part.parts):
            return "any"  # a date and days give a date again, two dates give days
        return _RESULTS.get(part.op, "any")

    def choices(self, part: Part) -> List | None:
        """Return the list that an answer is chosen from."""
        node = None
        if part.op in ("answer", "outer"):
            node = self.asker.names.nodes.get(str(part.value))
        elif part.op in ("this", "own") and self.asker.key == "constraint":
            node = self.asker.node
        if node is None or not node.type.choices:
            return None
        found = self.asker.lists.find(node.type.choices)
        return self.asker.lists.with_other(found) if found is not None and node.type.or_other else found

    def numeric(self, choices: List) -> bool:
        return all(_NUMBER.fullmatch(name) for name in choices.names)

    def shown(self, part: Part) -> str:
        if part.op in ("answer", "outer"):
            return f"${{{part.value}}}"
        return "." if part.op in ("this", "own") else f"{part.op}(...)"


def _digits(number: str | float) -> str:
    return f"{number:g}" if isinstance(number, float) else number


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return len(text) == 10 or text[10:11] in ("T", " ")
