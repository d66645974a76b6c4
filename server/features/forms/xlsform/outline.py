"""The rows of `survey` as a tree of pages, groups, repeats and questions, each with a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from server.features.forms.xlsform import types
from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.problems import Cell, Findings, Place
from server.features.forms.xlsform.types import Type
from server.features.forms.xlsform.workbook import Row

DEPTH: Final = 3
"""So many repeats may stand within each other."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_YES: Final = frozenset({"yes", "true", "true()", "có", "1"})
_RESERVED: Final = frozenset({"meta", "instanceid", "instancename"})


@dataclass(slots=True)
class Node:
    """A row of `survey` that means something. `kind` is `group`, `repeat`, or the type of a question."""

    kind: str
    name: str
    type: Type
    row: Row
    place: Place
    children: list[Node] = field(default_factory=list)
    around: tuple[str, ...] = ()
    """The names of the groups and repeats around it, outermost first."""
    repeats: tuple[str, ...] = ()
    """The repeats among these."""

    @property
    def holds(self) -> bool:
        return self.kind in ("group", "repeat")

    def all(self) -> Iterator[Node]:
        """Yield this node and all within it, in the order of the sheet."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(slots=True)
class Names:
    """Every name of the form, as its author wrote it and as the form has it."""

    nodes: dict[str, Node] = field(default_factory=dict)
    written: dict[str, Node] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    """Names of rows that the form does without, and their type."""

    def resolve(self, name: str) -> Node | None:
        """Return what an author calls so; as in ODK, capitals count."""
        return self.written.get(name.strip())

    def close(self, name: str) -> str:
        """Return the name that was most likely meant."""
        names = {lowered(written): written for written in self.written}
        found = get_close_matches(lowered(name.strip()), list(names), n=1, cutoff=0.5)
        return names[found[0]] if found else ""


def lowered(name: str) -> str:
    """Return a name as the form has it."""
    return name.lower().replace("-", "_").replace(".", "_")


def outline(table: Table, findings: Findings) -> tuple[list[Node], Names]:
    """Return what stands at the top of the sheet, and all names. Rows that make no sense are left out with an error."""
    reader = _Reader(table, findings)
    for row in table.rows:
        reader.row(row)
    for node in reader.stack:
        findings.error("end_missing", node.place, kind=node.kind, name=node.name)
    return reader.top, reader.names


class _Reader:
    def __init__(self, table: Table, findings: Findings) -> None:
        self.table = table
        self.findings = findings
        self.top: list[Node] = []
        self.stack: list[Node] = []
        self.names = Names()

    def row(self, row: Row) -> None:
        cell = self.table.cell(row, "type")
        disabled = self.table.cell(row, "disabled")
        if disabled is not None and disabled.text.lower() in _YES:
            self.findings.warn("row_disabled", disabled.place)
            return
        if cell is None:
            named = self.table.cell(row, "name") or next(iter(self.table.texts(row, "label").values()), None)
            place = self.table.place(row, "type").place
            if named is not None:
                self.findings.error("type_missing", place, name=named.text)
            elif row.cells:
                self.findings.warn("row_comment", place, got=next(iter(row.cells.values())).text)
            return
        self._typed(row, cell, types.parse(cell.text))

    def _typed(self, row: Row, cell: Cell, type_: Type) -> None:
        if type_.kind.startswith("end "):
            self._end(cell, type_.kind.removeprefix("end "))
            return
        if type_.kind == "left_out":
            name = self.table.cell(row, "name")
            self.findings.warn("type_left_out", cell.place, type=cell.text)
            if name is not None:
                self.names.left_out[name.text] = cell.text
            return
        if type_.kind == "refused":
            self.findings.error("type_refused", cell.place, type=cell.text)
        elif type_.kind == "list":
            self.findings.error("type_list", cell.place, got=cell.text)
        elif type_.kind == "unknown":
            code = "type_unknown_close" if type_.name else "type_unknown"
            self.findings.error(code, cell.place, got=cell.text, close=type_.name)
        self._add(row, cell, type_)

    def _add(self, row: Row, cell: Cell, type_: Type) -> None:
        kind = type_.kind.removeprefix("begin ")
        around = tuple(node.name for node in self.stack)
        repeats = tuple(node.name for node in self.stack if node.kind == "repeat")
        name = self._name(row, kind)
        node = Node(kind, name, type_, row, cell.place, around=around, repeats=repeats)
        if kind == "repeat" and len(repeats) >= DEPTH:
            self.findings.error("repeat_depth", cell.place, most=DEPTH)
        if name:
            self.names.nodes.setdefault(name, node)
            written = self.table.cell(row, "name")
            self.names.written.setdefault(written.text if written is not None else name, node)
        (self.stack[-1].children if self.stack else self.top).append(node)
        if type_.kind.startswith("begin ") or type_.name == "begin loop":
            self.stack.append(node)

    def _end(self, cell: Cell, kind: str) -> None:
        if not self.stack:
            self.findings.error("begin_missing", cell.place, kind=kind)
            return
        open_ = self.stack[-1]
        if open_.kind not in (kind, "refused"):
            self.findings.error(
                "end_other", cell.place, kind=kind, open=open_.kind, name=open_.name, row=open_.place.row
            )
        if not open_.children and open_.kind == kind:
            self.findings.error("group_empty", open_.place, kind=kind, name=open_.name)
        self.stack.pop()

    def _name(self, row: Row, kind: str) -> str:
        cell = self.table.cell(row, "name")
        if cell is None:
            if kind == "note":
                return f"note_{row.number}"  # as pyxform does, which names notes that have no name
            self.findings.error("name_missing", self.table.place(row, "name").place)
            return ""
        name = lowered(cell.text)
        if not _NAME.fullmatch(name):
            self.findings.error("name_shape", cell.place, got=cell.text, most=64)
            return ""
        if name in _RESERVED:
            self.findings.error("name_reserved", cell.place, got=cell.text)
        if name != cell.text:
            self.findings.warn("name_lowered", cell.place, got=cell.text, name=name)
        other = self.names.nodes.get(name)
        if other is not None:
            self.findings.error("name_twice", cell.place, name=cell.text, row=other.place.row)
        return name
