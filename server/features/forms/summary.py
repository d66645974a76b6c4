"""The plain text of the review page, whose hash is signed. `summary.ts` gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.features.forms.answers import Answers, empty, text_of
from server.features.forms.expressions import days
from server.features.forms.form import Form, Language, Question

_HEADING: Final[Mapping[Language, tuple[str, str, str]]] = {
    "vi": ("Kính gửi", "Mã thủ tục", "Phiên bản"),
    "en": ("To", "Procedure code", "Version"),
}
# fmt: off
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on


def summary(form: Form, answers: Answers, language: Language) -> str:
    """Return heading and answers, page by page, a line `label: value` each; several lines are indented below a label.

    `answers` are `rules.cleaned` ones, so every one of them applies. Lines end in \\n, the last one too.
    """
    to, code, version = _HEADING[language]
    lines = [
        form.title.in_(language),
        f"{to}: {form.authority.in_(language)}",
        f"{code}: {form.code}",
        f"{version}: {form.version}",
    ]
    for page in form.pages:
        answered = [item for item in page.questions if isinstance(item, Question) and not empty(answers.get(item.name))]
        if answered:
            lines += ["", page.label.in_(language)]
        for question in answered:
            label = question.label.in_(language) if question.label else question.name
            lines += _lines(label, shown(form, question, answers[question.name], language))
    return "\n".join(lines) + "\n"


def shown(form: Form, question: Question, answer: object, language: Language) -> str:
    """Return one answer as a person reads it: labels of choices, dates and decimals as the language writes them."""
    text = text_of(answer)
    if question.choices is not None:
        labels = form.labels[question.choices]
        names = [name for name in (answer if isinstance(answer, list) else [answer]) if isinstance(name, str)]
        return "; ".join(labels[name].in_(language) if name in labels else name for name in names)
    if question.type == "decimal" and language == "vi":
        return text.replace(".", ",")
    if question.type == "date" and days(text) is not None:
        year, month, day = text.split("-")
        return f"{day}/{month}/{year}" if language == "vi" else f"{int(day)} {_MONTHS[int(month) - 1]} {int(year)}"
    return text


def _lines(label: str, value: str) -> list[str]:
    return [f"{label}:", *(f"  {line}" for line in value.split("\n"))] if "\n" in value else [f"{label}: {value}"]
