"""The plain text of the review page, whose hash is signed. `summary.ts` gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from server.features.forms.answers import Answers, empty, text_of
from server.features.forms.expressions import Row, Tree
from server.features.forms.form import Form, Item, Language, Repeat, Text
from server.features.forms.wording import replaced, shown

_HEADING: Final[Mapping[Language, tuple[str, str, str]]] = {
    "vi": ("Kính gửi", "Mã thủ tục", "Phiên bản"),
    "en": ("To", "Procedure code", "Version"),
}
_WITHIN: Final = " › "


def summary(form: Form, answers: Answers, language: Language) -> str:
    """Return heading and answers, section by section, a line `label: value` each; several lines are indented below.

    A section is a page, a group or a row, headed by the labels of what it stands in. `answers` are `rules.cleaned`
    ones, so every one of them applies. Lines end in \\n, the last one too.
    """
    to, code, version = _HEADING[language]
    lines = [
        form.title.in_(language),
        f"{to}: {form.authority.in_(language)}",
        f"{code}: {form.code}",
        f"{version}: {form.version}",
    ]
    for heading, answered in sections(form, answers, language):
        lines += ["", heading]
        for label, value in answered:
            lines += _lines(label, value)
    return "\n".join(lines) + "\n"


def sections(form: Form, answers: Answers, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return headings, each with labels and answers as a person reads them."""
    walk = _Walk(form, tree_of(form, answers if form.interpolates else {}), language)
    for page in form.pages:
        walk.items(page.questions, answers, _Heading(page.name, (walk.text(page.label, ()),), ()))
    return [(heading.text, lines) for heading, lines in walk.sections]


def tree_of(form: Form, answers: Answers) -> Tree:
    """Return answers that all apply as a document for expressions."""
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}
    _read(form, answers, "", texts, counts)
    return Tree(form.structure.repeats, texts, counts)


def _read(form: Form, given: Answers, prefix: str, texts: dict[str, str], counts: dict[str, int]) -> None:
    for name, answer in given.items():
        path = prefix + name
        if name in form.questions:
            texts[path] = text_of(answer)
        elif isinstance(answer, list):
            counts[path] = len(answer)
            for index, row in enumerate(answer, 1):
                if isinstance(row, dict):
                    _read(form, row, f"{path}[{index}]/", texts, counts)


class _Heading(NamedTuple):
    page: str
    labels: tuple[str, ...]
    row: Row

    @property
    def text(self) -> str:
        return _WITHIN.join(self.labels)

    @property
    def place(self) -> tuple[str, Row, str]:
        """What tells one section from the next."""
        return (self.page, self.row, self.text)


@dataclass(frozen=True, slots=True)
class _Walk:
    form: Form
    tree: Tree
    language: Language
    sections: list[tuple[_Heading, list[tuple[str, str]]]] = field(default_factory=list)

    def text(self, text: Text, row: Row) -> str:
        plain = text.in_(self.language)
        return replaced(plain, self.form, self.tree, row, self.language) if self.form.interpolates else plain

    def items(self, items: tuple[Item, ...], answers: Answers, heading: _Heading) -> None:
        for item in items:
            if item.type == "group":
                label = () if item.label is None else (self.text(item.label, heading.row),)
                self.items(item.questions, answers, heading._replace(labels=(*heading.labels, *label)))
                continue
            answer = answers.get(item.name)
            if answer is None or item.type == "note" or item.label is None:
                continue
            if item.type == "repeat":
                self.rows(item, answer, heading)
            elif not empty(answer):
                line = (self.text(item.label, heading.row), shown(self.form, item, answer, self.language))
                self.lines(heading).append(line)

    def rows(self, repeat: Repeat, rows: object, heading: _Heading) -> None:
        for index, row in enumerate(rows if isinstance(rows, list) else [], 1):
            place = (*heading.row, (repeat.name, index))
            labels = (*self.above(heading, repeat.label), f"{self.text(repeat.label, place)} {index}")
            inner = _Heading(heading.page, labels, place)
            self.sections.append((inner, []))
            self.items(repeat.questions, row if isinstance(row, dict) else {}, inner)

    def above(self, heading: _Heading, label: Text) -> tuple[str, ...]:
        """What heads a row beside its own label: a page or group of the same label is not named twice."""
        same = heading.labels[-1] == label.in_(self.language)
        return heading.labels[:-1] if same else heading.labels

    def lines(self, heading: _Heading) -> list[tuple[str, str]]:
        last = self.sections[-1] if self.sections else None
        if last is None or (last[0] is not heading and last[0].place != heading.place):
            self.sections.append((heading, []))
        return self.sections[-1][1]


def _lines(label: str, value: str) -> Iterator[str]:
    if "\n" not in value:
        yield f"{label}: {value}"
        return
    yield f"{label}:"
    for line in value.split("\n"):
        yield f"  {line}"
