"""Expressions in cells: names put right, paths rewritten, parsed and checked for what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyxform import aliases
from pyxform.parsing.sheet_headers import SMART_QUOTES
from pyxform.utils import default_is_dynamic

from server.features.forms.expressions import paths
from server.features.forms.expressions.expression import ExpressionError
from server.features.forms.expressions.parser import Parser
from server.features.forms.xlsform import meaning, wording
from server.features.forms.xlsform.choices import List, Lists
from server.features.forms.xlsform.outline import Names, Node, lowered
from server.features.forms.xlsform.problems import Cell, Findings

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_PLAIN: Final = str.maketrans({**SMART_QUOTES, "\n": " ", "\r": " ", "\t": " "})
_ODK_TYPES: Final = {"datetime": "dateTime"}
_LEFT: Final = re.compile(r"\b(pulldata|instance|last-saved|search|property|intersects)\s*\(|\$\{last-saved#")


@dataclass(frozen=True, slots=True)
class Formulas:
    """Reads the expressions of one form. `places` gives what stands around every question, the page first."""

    names: Names
    places: Mapping[str, tuple[str, ...]]
    findings: Findings

    def read(self, cell: Cell | None, node: Node, key: str, lists: Lists, *, choices: List | None = None) -> str | None:
        """Return an expression as a form has it, or None; what is wrong with it is a finding."""
        if cell is None:
            return None
        converted = aliases.BINDING_CONVERSIONS.get(cell.text)
        if converted is not None:
            return str(converted)
        text = cell.text.translate(_PLAIN)
        foreign = _LEFT.search(text)
        if foreign:
            self.findings.error("formula_foreign", cell.place, got=foreign[0].rstrip("(").strip())
            return None
        return self._parsed(text, cell, node, key=key, lists=lists, choices=choices)

    def dynamic(self, cell: Cell, node: Node) -> bool:
        """Whether a default is an expression, as pyxform decides it."""
        return bool(default_is_dynamic(cell.text.translate(_PLAIN), _ODK_TYPES.get(node.kind, node.kind)))

    def named(self, name: str, cell: Cell) -> str:
        """Return the question that a text refers to, by its name in the form."""
        found = self._known(name, cell)
        if found is not None and (found.holds or found.kind == "note"):
            self.findings.error("reference_note", cell.place, name=name, kind=found.kind)
        return found.name if found is not None else lowered(name.strip())

    def _parsed(self, text: str, cell: Cell, node: Node, *, key: str, lists: Lists, choices: List | None) -> str | None:
        known = [self._known(match[1], cell) for match in _REFERENCE.finditer(text)]
        if any(found is None for found in known):
            return None
        text = _REFERENCE.sub(lambda match: "${" + lowered(match[1].strip()) + "}", text)
        for written, named in self.names.written.items():
            if written != named.name:
                text = re.sub(rf"(?<=/){re.escape(written)}(?![\w.-])", named.name, text)
        try:
            repeats = {name for name, known in self.names.nodes.items() if known.kind == "repeat"}
            text = paths.rewritten(text, here=node.name, places=self.places, repeats=repeats)
            parser = Parser(text, columns=choices is not None)
            root = parser.parsed()
        except ExpressionError as error:
            code, fields = wording.reason(error, text, self.names)
            self.findings.error(code, cell.place, **fields)
            return None
        for name in sorted(parser.names - self.names.nodes.keys()):
            self._unknown(name, cell)
        meaning.check(
            root,
            meaning.Asker(node=node, key=key, cell=cell, names=self.names, lists=lists, choices=choices),
            self.findings,
        )
        return text

    def _known(self, name: str, cell: Cell) -> Node | None:
        if name != name.strip():
            self.findings.error("reference_spaced", cell.place, name=name.strip())
        found = self.names.resolve(name)
        if found is None:
            self._unknown(name, cell)
        return found

    def _unknown(self, name: str, cell: Cell) -> None:
        left = self.names.left_out.get(name.strip())
        if left is not None:
            self.findings.error("name_left_out", cell.place, name=name, type=left)
            return
        close = self.names.close(name)
        self.findings.error("name_unknown_close" if close else "name_unknown", cell.place, name=name, close=close)
