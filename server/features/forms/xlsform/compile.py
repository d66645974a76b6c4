"""From a spreadsheet to a form: read, look, check, write; whatever is wrong comes back with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.features.forms.form import FormError, parse
from server.features.forms.xlsform import portable, settings
from server.features.forms.xlsform.build import Builder, Json
from server.features.forms.xlsform.choices import Lists, lists
from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.flaws import note_flaws
from server.features.forms.xlsform.formulas import Formulas
from server.features.forms.xlsform.outline import Names, Node, outline
from server.features.forms.xlsform.problems import FILE, Findings, Place, Problem, Refused
from server.features.forms.xlsform.texts import Texts
from server.features.forms.xlsform.workbook import Book, read
from sync.canonical import Value

BLOCKING: Final = frozenset({"translation_none", "translation_one", "translation_missing", "setting_missing"})
"""Warnings with which a form can be looked at, but not published."""
_REFUSED_SHEETS: Final = ("external_choices", "osm", "entities")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of a workbook: the form as JSON, or None when there are errors."""

    form: Value
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def obstacles(self) -> tuple[Problem, ...]:
        """What keeps the form from being published."""
        return (*self.errors, *(warning for warning in self.warnings if warning.code in BLOCKING))


def compiled(data: bytes, name: str, *, unit: str | None = None, second_opinion: bool = True) -> Compiled:
    """Compile the workbook `data` of a file called `name`, for `unit` if it is known. Never raises.

    The second opinion is pyxform's; without it what has had it once is compiled in two thirds of the time.
    """
    findings = Findings()
    try:
        book = read(data, findings)
        form = _form(book, name, unit, findings)
        if second_opinion and form is not None and not findings.errors:
            portable.check(book, findings)
    except Refused as refused:
        return Compiled(None, (refused.problem,), ())
    return Compiled(None if findings.errors else form, findings.errors, findings.warnings)


def _form(book: Book, name: str, unit: str | None, findings: Findings) -> Value:
    tables = {
        kind: Table(book.sheets[kind], kind, findings, extra=kind == "choices")
        for kind in ("settings", "survey", "choices", "bring", "notes")
        if kind in book.sheets
    }
    _sheets(book, tables, findings)
    survey = tables.get("survey")
    if survey is None or not survey.has("type") or not survey.has("name"):
        return None
    texts = Texts(tables.values(), _default_language(tables), findings)
    office = settings.Settings(tables.get("settings"), texts, findings, name).to_json(unit=unit)
    choices = lists(tables.get("choices"), texts, findings)
    top, names = outline(survey, findings)
    pages = _Pages(survey, names=names, choices=choices, texts=texts, title=office["title"], findings=findings).pages(
        top
    )
    choices.unused(findings)
    form: Json = {
        "form": "motcua-form/2",
        **office,
        "bring": settings.bring(tables.get("bring"), texts),
        "notes": settings.notes(tables.get("notes")),
        "choices": choices.to_json(),
        "pages": pages,
    }
    if not findings.errors:
        try:
            parse(form)
        except FormError as error:
            note_flaws(error, survey, names, findings)
    return form


def _sheets(book: Book, tables: Mapping[str, Table], findings: Findings) -> None:
    """Tell of sheets that are missing, or mean something that we don't offer, or nothing at all."""
    for kind in _REFUSED_SHEETS:
        if kind in book.sheets and book.sheets[kind].rows:
            findings.error("sheet_refused", Place(book.sheets[kind].name), name=book.sheets[kind].name)
    known = {sheet.name for sheet in book.sheets.values()}
    for name in book.names:
        if name not in known and not name.startswith("_"):
            findings.warn("sheet_unknown", Place(name), name=name)
    survey = tables.get("survey")
    if survey is None:
        findings.error("sheet_missing", FILE, got=", ".join(book.names))
        return
    for key in ("type", "name"):
        if not survey.has(key):
            findings.error("column_missing", Place(survey.sheet.name, 1), name=key)
    if not survey.rows:
        findings.error("survey_empty", Place(survey.sheet.name))


def _default_language(tables: Mapping[str, Table]) -> str:
    table = tables.get("settings")
    cell = table.cell(table.rows[0], "default_language") if table is not None and table.rows else None
    return cell.text if cell is not None else ""


class _Pages:
    """Turns what stands at the top of the sheet into pages."""

    def __init__(
        self, survey: Table, *, names: Names, choices: Lists, texts: Texts, title: Any, findings: Findings
    ) -> None:
        self._survey = survey
        self._names = names
        self._choices = choices
        self._texts = texts
        self._title = title
        self._findings = findings
        self._made: set[str] = set()

    def pages(self, top: list[Node]) -> list[Json]:
        """Return pages: a group or a repeat makes one; questions beside them share one, or go along with another."""
        gathered = self._gathered(top)
        places = {name: ("", *node.around) for name, node in self._names.nodes.items()}
        formulas = Formulas(self._names, places, self._findings)
        builder = Builder(
            self._survey,
            lists=self._choices,
            texts=self._texts,
            formulas=formulas,
            title=self._title,
            findings=self._findings,
        )
        pages: list[Json] = []
        for nodes in gathered:
            first = nodes[0]
            if first.kind == "group":
                pages.append(builder.page(first))
            elif first.kind == "repeat":
                pages.append(builder.repeat_page(first))
            else:
                pages.append({"name": self._free_name(), "label": self._title, "questions": builder.items(nodes)})
        return _with_calculations(pages)

    def _gathered(self, top: list[Node]) -> list[list[Node]]:
        gathered: list[list[Node]] = []
        for node in top:
            loose = not node.holds
            if loose and gathered and not gathered[-1][0].holds:
                gathered[-1].append(node)
            else:
                gathered.append([node])
        for nodes in gathered:
            if not nodes[0].holds and any(node.kind != "calculate" for node in nodes):
                self._findings.warn("page_made", nodes[0].place)
        return gathered

    def _free_name(self) -> str:
        number = 1
        while f"page_{number}" in self._names.nodes.keys() | self._made:
            number += 1
        self._made.add(f"page_{number}")
        return f"page_{number}"


def _with_calculations(pages: list[Json]) -> list[Json]:
    """Put pages of calculations alone into a page that always applies: a person has nothing to do on them."""
    shown = [page for page in pages if any(item["type"] != "calculate" for item in page["questions"])]
    always = [page for page in shown if "relevant" not in page]
    if not always:
        return pages
    kept: list[Json] = []
    for page in pages:
        if page in shown or "relevant" in page:
            kept.append(page)
            continue
        before = [other for other in kept if other in always]
        (before[-1] if before else always[0])["questions"].extend(page["questions"])
    return kept
