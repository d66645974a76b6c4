"""From the outline to pages: what each row's cells say, as members of the form's JSON."""

from __future__ import annotations

from typing import Any, Final

from pyxform import aliases

from server.features.forms.xlsform.answers import static_default
from server.features.forms.xlsform.choices import List, Lists
from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.formulas import Formulas
from server.features.forms.xlsform.looks import appearance, fill, parameters
from server.features.forms.xlsform.outline import Node
from server.features.forms.xlsform.problems import Cell, Findings
from server.features.forms.xlsform.texts import Text, Texts

Json = dict[str, Any]
_YES_NO: Final = {key.lower(): value for key, value in aliases.yes_no.items()}
_ASKS_NOTHING: Final = frozenset({"note", "calculate"})
_FILES: Final = frozenset({"image", "file", "audio"})
_OTHER_LABEL: Final[Text] = {"vi": "Xin ghi rõ nội dung khác", "en": "Please say which other"}
_UNFIT: Final[Text] = {"vi": "Câu trả lời này chưa phù hợp.", "en": "This answer does not fit."}


class Builder:
    """Writes items of a form. Whatever can't be written is a finding, and the item is written without it."""

    def __init__(
        self, table: Table, *, lists: Lists, texts: Texts, formulas: Formulas, title: Text, findings: Findings
    ) -> None:
        self._table = table
        self._lists = lists
        self._texts = texts
        self._formulas = formulas
        self._title = title
        self._findings = findings

    def item(self, node: Node) -> list[Json]:
        """Return a node as items: one, or two when `or_other` asks for a question more."""
        if node.kind == "group":
            return [{"type": "group", **self._heading(node), "questions": self.items(node.children)}]
        if node.kind == "repeat":
            return [self._repeat(node)]
        return self._question(node)

    def items(self, nodes: list[Node]) -> list[Json]:
        return [item for node in nodes for item in self.item(node)]

    def page(self, node: Node) -> Json:
        """Return a page for a group at the top of the sheet."""
        page = {**self._heading(node), "questions": self.items(node.children)}
        if "label" not in page:
            place = self._table.place(node.row, "label").place
            self._findings.error("page_label_missing", place, name=node.name)
            page["label"] = self._title
        return page

    def repeat_page(self, node: Node) -> Json:
        """Return a page that holds a repeat at the top of the sheet."""
        repeat = self._repeat(node)
        page: Json = {"name": f"{node.name}_page", "label": repeat["label"], "questions": [repeat]}
        return page | ({"relevant": repeat["relevant"]} if "relevant" in repeat else {})

    def _repeat(self, node: Node) -> Json:
        repeat = {"type": "repeat", **self._heading(node), "questions": self.items(node.children)}
        if "label" not in repeat:
            place = self._table.place(node.row, "label").place
            self._findings.error("label_missing", place, name=node.name)
            repeat["label"] = self._title
        count = self._formula(node, "repeat_count")
        return repeat | ({"count": count} if count is not None else {})

    def _heading(self, node: Node) -> Json:
        heading: Json = {"name": node.name}
        for key in ("label", "hint"):
            text = self._text(node, key)
            if text is not None:
                heading[key] = text
        relevant = self._formula(node, "relevant")
        if relevant is not None:
            heading["relevant"] = relevant
        look = self._table.cell(node.row, "appearance")
        if look is not None and look.text not in ("field-list", "compact", "summary"):
            self._findings.warn("appearance_ignored", look.place, got=look.text, type=f"begin {node.kind}")
        unfit = ("required", "constraint", "calculation", "default", "choice_filter", "fill", "read_only")
        self._refuse(node, *unfit)
        if node.kind == "group":
            self._refuse(node, "repeat_count")
        return heading

    def _question(self, node: Node) -> list[Json]:
        question: Json = {"name": node.name, "type": node.kind}
        label = self._text(node, "label")
        if label is None and node.kind != "calculate":
            place = self._table.place(node.row, "label").place
            self._findings.error("label_missing", place, name=node.name)
            label = {"vi": node.name, "en": node.name}
        found: list[tuple[str, object]] = [
            ("label", label),
            ("hint", self._text(node, "hint")),
            ("guidance", self._text(node, "guidance_hint")),
            ("required", self._flag(node, "required")),
            ("required_message", self._text(node, "required_message")),
            ("relevant", self._formula(node, "relevant")),
            ("calculation", self._calculation(node)),
            ("read_only", self._read_only(node)),
            ("appearance", appearance(self._table.cell(node.row, "appearance"), node.kind, self._findings)),
            ("parameters", parameters(self._table.cell(node.row, "parameters"), node, self._findings)),
            ("fill", fill(self._table.cell(node.row, "fill"), self._findings)),
            ("register", self._plain(node, "register")),
        ]
        question |= {key: value for key, value in found if value is not None}
        question |= self._constraint(node)
        choices = self._choices(node, question)
        default = self._default(node, choices)
        if default is not None:
            question["default"] = default
        self._unfit(node, question)
        return [question, *self._or_other(node, question)]

    def _unfit(self, node: Node, question: Json) -> None:
        """Take away what the type has no use for."""
        unfit: tuple[str, ...] = ("repeat_count",)
        if node.kind in _ASKS_NOTHING:
            unfit += ("required", "constraint", "fill", "default", "register")
        if node.kind in ("note", *_FILES):
            unfit += ("calculation",)
        if node.kind in _FILES:
            unfit += ("default", "fill")
        if not node.type.choices:
            unfit += ("choice_filter",)
        kept = {"calculation"} if node.kind == "calculate" else set()
        for key in unfit:
            if key not in kept:
                question.pop(key, None)
        if "constraint" in unfit:
            question.pop("constraint_message", None)
        if "required" in unfit:
            question.pop("required_message", None)
        harmless = ("required",) if node.kind in _ASKS_NOTHING else ()
        self._refuse(node, *unfit, harmless=harmless)

    def _refuse(self, node: Node, *keys: str, harmless: tuple[str, ...] = ()) -> None:
        for key in keys:
            cell = self._table.cell(node.row, key)
            if cell is None or (node.kind == "calculate" and key == "default"):
                continue
            if _YES_NO.get(cell.text.lower()) is False:
                continue
            note = self._findings.warn if key in harmless else self._findings.error
            note("column_unfit", cell.place, column=key, type=self._typed(node), name=node.name)

    def _typed(self, node: Node) -> str:
        return f"begin {node.kind}" if node.holds else node.kind

    def _constraint(self, node: Node) -> Json:
        constraint, message = self._formula(node, "constraint"), self._text(node, "constraint_message")
        if constraint is None:
            if message is not None and self._table.cell(node.row, "constraint") is None:
                cell = next(iter(self._table.texts(node.row, "constraint_message").values()))
                self._findings.warn("message_alone", cell.place)
            return {}
        if message is None:
            self._findings.warn("message_missing", self._table.place(node.row, "constraint").place)
        return {"constraint": constraint, "constraint_message": message or _UNFIT}

    def _calculation(self, node: Node) -> str | None:
        calculation = self._formula(node, "calculation")
        if calculation is None and node.kind == "calculate":
            if self._table.cell(node.row, "default") is not None:
                return self._formulas.read(self._table.cell(node.row, "default"), node, "default", self._lists)
            if self._table.cell(node.row, "calculation") is None:
                self._findings.error(
                    "calculation_missing", self._table.place(node.row, "calculation").place, name=node.name
                )
            return "''"
        return calculation

    def _choices(self, node: Node, question: Json) -> List | None:
        if not node.type.choices:
            return None
        found = self._lists.find(node.type.choices)
        cell = self._table.place(node.row, "type")
        if found is None:
            close = self._lists.close(node.type.choices)
            code = "list_unknown_close" if close else "list_unknown"
            self._findings.error(code, cell.place, list=node.type.choices, close=close)
            return None
        filter_ = self._formulas.read(
            self._table.cell(node.row, "choice_filter"), node, "choice_filter", self._lists, choices=found
        )
        if node.type.or_other:
            if filter_ is not None:
                self._findings.error("other_filtered", cell.place)
            found = self._lists.with_other(found)
        found.needed = True
        question["choices"] = found.name
        if filter_ is not None:
            question["choice_filter"] = filter_
        return found

    def _or_other(self, node: Node, question: Json) -> list[Json]:
        if not node.type.or_other or not node.name:
            return []
        name = f"{node.name}_other"
        if name in self._formulas.names.nodes:
            self._findings.error("other_taken", node.place, name=name)
            return []
        relevant = f"selected(${{{node.name}}}, 'other')"
        return [{"name": name, "type": "text", "label": _OTHER_LABEL, "relevant": relevant}]

    def _default(self, node: Node, choices: List | None) -> object | None:
        cell = self._table.cell(node.row, "default")
        if cell is None or node.kind in (*_ASKS_NOTHING, *_FILES):
            return None
        if self._formulas.dynamic(cell, node):
            expr = self._formulas.read(cell, node, "default", self._lists)
            return None if expr is None else {"expr": expr}
        return static_default(cell, node, choices, self._findings)

    def _flag(self, node: Node, key: str) -> str | bool | None:
        cell = self._table.cell(node.row, key)
        if cell is None:
            return None
        known = _YES_NO.get(cell.text.lower())
        if known is not None:
            return True if known else None
        return self._formulas.read(cell, node, key, self._lists)

    def _read_only(self, node: Node) -> bool | None:
        cell = self._table.cell(node.row, "read_only")
        if cell is None:
            return None
        known = _YES_NO.get(cell.text.lower())
        if known is None:
            self._findings.error("read_only_formula", cell.place, got=cell.text)
        if node.kind == "note":
            return None
        return True if known else None

    def _plain(self, node: Node, key: str) -> str | None:
        cell = self._table.cell(node.row, key)
        return None if cell is None else " ".join(cell.text.split())

    def _formula(self, node: Node, key: str) -> str | None:
        return self._formulas.read(self._table.cell(node.row, key), node, key, self._lists)

    def _text(self, node: Node, key: str) -> Text | None:
        def named(name: str, cell: Cell) -> str:
            return self._formulas.named(name, cell)

        return self._texts.read(self._table, node.row, key, named=named)
