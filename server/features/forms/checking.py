"""What is wrong with a form that its model alone doesn't see: names, expressions, and what fits which type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.features.forms.expressions import ExpressionError, parse
from server.features.forms.structure import PAGE, deciding, named_in

if TYPE_CHECKING:
    from server.features.forms.form import Form, Question, Text
    from server.features.forms.structure import Part

QUESTIONS: Final = 300
PARTS: Final = 500
REPEAT_DEPTH: Final = 3
KEY: Final = 200
"""Letters of a key in a draft (SPEC.md R2); one in rows has their names and 20 digits for each."""
REVIEW: Final = "review"
"""What stands behind a draft's address where its answers are checked, as pages do."""
REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
"""A reference in a text for people."""

CHOICES: Final = ("select_one", "select_multiple", "rank")
FILES: Final = ("image", "file", "audio")
_APPEARANCES: Final[Mapping[str, tuple[str, ...]]] = {
    "multiline": ("text",),
    "numbers": ("text", "barcode"),
    "tel": ("text",),
    "email": ("text",),
    "minimal": ("select_one", "select_multiple"),
    "likert": ("select_one",),
    "horizontal": ("select_one", "select_multiple"),
    "new": ("image", "audio", "file"),
}
_PARAMETERS: Final[Mapping[str, frozenset[str]]] = {
    "range": frozenset({"start", "end", "step"}),
    "image": frozenset({"max-pixels"}),
}
_TAKES_NONE: Final = ("note", "calculate")  # no answer by a person
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong: `name` is the part's (or `choices/<list>`), `member` which of its members, if one."""

    where: str
    name: str
    member: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def flaws(form: Form) -> tuple[Flaw, ...]:
    """Return everything that is wrong with a form, in the order of the document."""
    found = [*_names(form), *_parts(form)]
    return (*found, *_cycle(form)) if not found else tuple(found)


def _names(form: Form) -> Iterator[Flaw]:
    for name, choices in form.choices.items():
        yield from _repeated(f"choices/{name}", [choice.name for choice in choices])
        for choice in choices:
            if any("${" in text for text in (choice.label.vi, choice.label.en)):
                message = f"expected a label without ${{...}} for the choice '{choice.name}'"
                yield Flaw(f"choices/{name}", f"choices/{name}", "label", message)
    pages = [page.name for page in form.pages]
    items = [item.name for page in form.pages for item in _all(page.questions)]
    yield from _repeated("pages", pages)
    yield from _repeated("questions", items)
    if form.form != "motcua-form/1":
        yield from _repeated("names", [*dict.fromkeys(pages), *dict.fromkeys(items)])
        if REVIEW in pages:
            yield Flaw("pages", REVIEW, "name", f"expected another name: '{REVIEW}' is where answers are checked")
    if len(form.structure.parts) > PARTS:
        yield Flaw("form", "", None, f"expected at most {PARTS} pages, groups, repeats and questions in all")
    if len(form.questions) > QUESTIONS:
        yield Flaw("form", "", None, f"expected at most {QUESTIONS} questions, got {len(form.questions)}")


def _all(items: Iterable[Part]) -> Iterator[Part]:
    for item in items:
        yield item
        if item.type in ("group", "repeat"):  # type: ignore[union-attr]
            yield from _all(item.questions)  # type: ignore[union-attr]


def _repeated(where: str, names: list[str]) -> Iterator[Flaw]:
    for name, count in sorted(Counter(names).items()):
        if count > 1:
            yield Flaw(where, name, "name", f"expected every name once, got '{name}' {count} times")


def _parts(form: Form) -> Iterator[Flaw]:
    structure = form.structure
    for key, part in structure.parts.items():
        place = () if key.startswith(PAGE) else structure.places[key]
        checker = _Checker(form, part, "/".join(("pages", *place, part.name)))
        yield from checker.flaws()
        repeats = structure.repeats.get(key, ())
        if getattr(part, "type", "") == "repeat" and len(repeats) >= REPEAT_DEPTH:
            yield checker.flaw(None, f"expected at most {REPEAT_DEPTH} repeats within each other")
        longest = len("answer/") + sum(len(name) + 22 for name in repeats) + len(part.name)
        if longest > KEY:
            yield checker.flaw(
                "name", f"expected shorter names: with its rows this is {longest} letters, {KEY} at most"
            )


def _cycle(form: Form) -> Iterator[Flaw]:
    structure = form.structure
    cycle = structure.cycle
    if cycle:
        first, second = cycle[:2]
        members = [member for member, text in deciding(structure.parts[first]) if second in named_in(member, text)]
        named = " → ".join(name.removeprefix(PAGE) for name in cycle)
        message = f"expected nothing to depend on itself, got {named}"
        yield Flaw("form", first.removeprefix(PAGE), members[0] if members else None, message)


@dataclass(frozen=True, slots=True)
class _Checker:
    form: Form
    part: Part
    where: str

    def flaw(self, member: str | None, message: str) -> Flaw:
        where = f"{self.where}/{member}" if member else self.where
        return Flaw(where, self.part.name, member, message)

    def flaws(self) -> Iterator[Flaw]:
        for member in ("relevant", "count", "calculation", "choice_filter", "constraint"):
            yield from self.expression(member, getattr(self.part, member, None))
        required = getattr(self.part, "required", None)
        yield from self.expression("required", required if isinstance(required, str) else None)
        yield from self.expression("default", getattr(getattr(self.part, "default", None), "expr", None))
        for member in ("label", "hint", "guidance", "required_message", "constraint_message"):
            yield from self.text(member, getattr(self.part, member, None))
        type_ = getattr(self.part, "type", "page")
        if type_ not in ("page", "group", "repeat"):
            yield from self.question(self.part)  # type: ignore[arg-type]

    def expression(self, member: str, text: str | None) -> Iterator[Flaw]:
        if text is None:
            return
        try:
            parsed = parse(text, columns=member == "choice_filter")
        except ExpressionError as error:
            yield self.flaw(member, str(error))
            return
        for name in sorted(parsed.names):
            if name not in self.form.places or self.is_group(name):
                yield self.flaw(member, f"expected a question of the form, got ${{{name}}}")
        if parsed.this and member != "constraint" and not (member == "calculation" and "once" in parsed.calls):
            yield self.flaw(member, "expected '.' only in a constraint")

    def is_group(self, name: str) -> bool:
        return getattr(self.form.structure.parts[name], "type", "") == "group"

    def text(self, member: str, text: Text | None) -> Iterator[Flaw]:
        if text is None or self.form.form == "motcua-form/1":
            return
        for name in sorted({*REFERENCE.findall(text.vi), *REFERENCE.findall(text.en)}):
            if name not in self.form.questions:
                yield self.flaw(member, f"expected a question of the form, got ${{{name}}}")

    def question(self, question: Question) -> Iterator[Flaw]:
        type_ = question.type
        if question.label is None and type_ != "calculate":
            yield self.flaw("label", f"expected a label for a question of type {type_}")
        yield from self.choices(question)
        if type_ in _TAKES_NONE:
            for member in ("required", "constraint", "fill"):
                if getattr(question, member) is not None:
                    yield self.flaw(member, f"expected none for a {type_}, which takes no answer")
        if (type_ == "calculate") and question.calculation is None:
            yield self.flaw("calculation", "expected one for a calculate")
        if question.calculation is not None and type_ in ("note", *FILES):
            yield self.flaw("calculation", f"expected none for a question of type {type_}")
        if question.default is not None and type_ in (*_TAKES_NONE, *FILES):
            yield self.flaw("default", f"expected none for a question of type {type_}")
        for member in ("constraint", "required"):
            if getattr(question, member) is None and getattr(question, f"{member}_message") is not None:
                yield self.flaw(f"{member}_message", f"expected none without {member}")
        if question.appearance and type_ not in _APPEARANCES[question.appearance]:
            yield self.flaw("appearance", f"expected none that type {type_} lacks, got '{question.appearance}'")
        yield from self.parameters(question)

    def choices(self, question: Question) -> Iterator[Flaw]:
        lists = self.form.choices
        if question.type in CHOICES:
            if question.choices not in lists:
                yield self.flaw("choices", f"expected a list among {sorted(lists)}, got {question.choices!r}")
        else:
            for member in ("choices", "choice_filter"):
                value = getattr(question, member)
                if value is not None:
                    yield self.flaw(member, f"expected none for a question of type {question.type}, got '{value}'")

    def parameters(self, question: Question) -> Iterator[Flaw]:
        given = question.parameters or {}
        for name in sorted(given.keys() - _PARAMETERS.get(question.type, frozenset())):
            yield self.flaw("parameters", f"expected none that type {question.type} lacks, got '{name}'")
        if question.type == "range":
            yield from self.range(given)
        if question.type == "image":
            pixels = given.get("max-pixels")
            if pixels is not None and not (isinstance(pixels, int) and 16 <= pixels <= 16_384):
                yield self.flaw("parameters", f"expected max-pixels as an integer from 16 to 16384, got {pixels!r}")

    def range(self, given: Mapping[str, str | int]) -> Iterator[Flaw]:
        wrong = [name for name, value in given.items() if not _DECIMAL.fullmatch(str(value))]
        for name in wrong:
            yield self.flaw("parameters", f"expected a decimal number for {name}, got {given[name]!r}")
        if not {"start", "end", "step"} <= given.keys():
            yield self.flaw("parameters", "expected start, end and step for a range")
        elif not wrong and float(given["step"]) <= 0:
            yield self.flaw("parameters", f"expected a step above 0, got {given['step']!r}")
        elif not wrong and float(given["start"]) >= float(given["end"]):
            yield self.flaw("parameters", f"expected start before end, got {given['start']!r} and {given['end']!r}")
