"""Answers and texts as a person reads them. Pure; `wording.ts` is its twin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from server.features.forms.answers import is_file, text_of
from server.features.forms.asking import row_of
from server.features.forms.checking import REFERENCE
from server.features.forms.expressions import Row, Scope, Tree, days, evaluate, parse, string
from server.features.forms.form import Form, Language, Question, Text
from server.features.forms.rules import Evaluation

# fmt: off
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_AGREED: Final[Mapping[Language, str]] = {"vi": "Đã xác nhận", "en": "Confirmed"}
_WORD: Final = re.compile(r"[^ \t\r\n]+")
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_PLACE: Final = re.compile(r"(-?[0-9.]+) (-?[0-9.]+) -?[0-9.]+ (?:0|(-?[0-9.]+))")


def shown(form: Form, question: Question, answer: object, language: Language) -> str:
    """Return one answer as a person reads it: labels of choices, dates and decimals as the language writes them.

    `answer` may be the answer's text in expressions as well. What does not fit its question is shown as it is.
    """
    text = text_of(answer)
    if question.choices is not None:
        return _choices(form, question, answer, language)
    if is_file(answer):
        assert isinstance(answer, dict)
        return f"{text} ({-(-answer['len'] // 1000)} kB)"
    write = _WRITTEN.get(question.type)
    return text if write is None else write(text, language)


def interpolated(text: Text, form: Form, evaluation: Evaluation, path: str, language: Language) -> str:
    """Return a text with each `${name}` replaced by the answer that the part at `path` sees."""
    scope = evaluation.asking.scope(row_of(path), path)
    return replaced(text.in_(language), form, scope.tree, scope.row, language)


def replaced(text: str, form: Form, tree: Tree, row: Row, language: Language) -> str:
    """Do what `interpolated` does, given the answers as a tree and a row in it. What comes in stays on its line."""
    if "${" not in text or form.form == "motcua-form/1":
        return text

    def answer(name: str) -> str:
        question = form.questions.get(name)
        if question is None:
            return f"${{{name}}}"
        found = string(evaluate(parse(f"${{{name}}}"), Scope(tree, row)))
        return _SPACES.sub(" ", shown(form, question, found, language)).strip(" ") if found else ""

    return REFERENCE.sub(lambda match: answer(match[1]), text)


def _choices(form: Form, question: Question, answer: object, language: Language) -> str:
    labels = form.labels[question.choices or ""]
    several = question.type != "select_one" and isinstance(answer, str)
    given = _WORD.findall(str(answer)) if several else answer if isinstance(answer, list) else [answer]
    names = [name for name in given if isinstance(name, str)]
    texts = [labels[name].in_(language) if name in labels else name for name in names]
    if question.type == "rank":
        texts = [f"{place}. {text}" for place, text in enumerate(texts, 1)]
    return "; ".join(texts)


def _decimal(text: str, language: Language) -> str:
    return text.replace(".", ",") if language == "vi" else text


def _date(text: str, language: Language) -> str:
    if days(text) is None:
        return text
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}" if language == "vi" else f"{int(day)} {_MONTHS[int(month) - 1]} {int(year)}"


def _moment(text: str, language: Language) -> str:
    return f"{_date(text[:10], language)} {text[11:]}" if text[10:11] == "T" else text


def _place(text: str, _: Language) -> str:
    place = _PLACE.fullmatch(text)
    if place is None:
        return text
    # A place that was typed says nothing of how exact it is.
    return f"{place[1]}, {place[2]}" + (f" (±{place[3]} m)" if place[3] else "")


_WRITTEN: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "acknowledge": lambda text, language: _AGREED[language] if text == "OK" else text,
    "date": _date,
    "datetime": _moment,
    "decimal": _decimal,
    "geopoint": _place,
    "range": _decimal,
}
