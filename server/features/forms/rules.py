"""What answers to a form mean: which questions apply, which are required, what is wrong. `rules.ts` is its twin.

A question whose condition, or whose page's, is not met does not apply, and its answer counts as empty everywhere.
This is decided in one pass in the order of the document: a condition refers to earlier questions only (form.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from server.features.forms.expressions.expression import holds
from server.features.forms.expressions.functions import Scope, days
from server.features.forms.form import Form, Question
from sync.canonical import Value
from sync.limits import INTEGER

Answers: TypeAlias = Mapping[str, object]
Code: TypeAlias = Literal[
    "answer_unknown", "answer_type", "answer_required", "answer_constraint", "answer_irrelevant", "answer_choice"
]

_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
# Control characters, line separators and direction marks: with them a signed text could look other than it is.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Which pages and questions apply, which of these need an answer, and the problem of each question that has one."""

    pages: tuple[str, ...]
    relevant: frozenset[str]
    required: frozenset[str]
    problems: Mapping[str, Code]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a submission: the answer's name and a code of `server/errors.py`."""

    name: str
    code: Code


def evaluate(form: Form, answers: Answers, today: str) -> Evaluation:
    """Judge answers at any stage of filling; `today` is the local date `YYYY-MM-DD`. Never raises."""
    texts: dict[str, str] = {}
    pages: list[str] = []
    scope = Scope(answers=texts, today=today)  # sees the answers so far, and in the end all that apply
    for page in form.pages:
        if not holds(page.relevant, scope):
            continue
        before = len(texts)
        for question in page.questions:
            if holds(question.relevant, scope):
                texts[question.name] = "" if question.type == "note" else text_of(answers.get(question.name))
        if len(texts) > before:
            pages.append(page.name)
    required: set[str] = set()
    problems: dict[str, Code] = {}
    for name, text in texts.items():
        question = form.questions[name]
        needed = question.required is True or (question.required is not None and holds(question.required, scope))
        if needed:
            required.add(name)
        problem = _problem(form, question, answers.get(name), needed=needed, scope=Scope(texts, today, text))
        if problem:
            problems[name] = problem
    return Evaluation(pages=tuple(pages), relevant=frozenset(texts), required=frozenset(required), problems=problems)


def check(form: Form, answers: Answers, today: str) -> tuple[Finding, ...]:
    """Judge a submission: beyond `evaluate`, no answer may be unknown, irrelevant or empty. Nothing found is good.

    Findings stand in the order of the form, then unknown names in the order of RFC 8785.
    """
    evaluation = evaluate(form, answers, today)
    findings: list[Finding] = []
    for name in form.questions:
        code = evaluation.problems.get(name)
        if name in answers and name not in evaluation.relevant:
            code = "answer_irrelevant"
        elif name in answers and not code and empty(answers[name]):
            code = "answer_type"
        if code and form.questions[name].type != "note":
            findings.append(Finding(name, code))
    unknown = [name for name in answers if name not in form.questions or form.questions[name].type == "note"]
    unknown.sort(key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return (*findings, *(Finding(name, "answer_unknown") for name in unknown))


def cleaned(form: Form, answers: Mapping[str, Value], today: str) -> dict[str, Value]:
    """Return the answers that a signed document carries: of questions that apply, and not empty."""
    relevant = evaluate(form, answers, today).relevant
    return {
        name: answers[name]
        for name, question in form.questions.items()
        if name in relevant and question.type != "note" and not empty(answers.get(name))
    }


def empty(answer: object) -> bool:
    """Whether nothing was answered: no value, no choice, or text of white space only (XPath's four characters)."""
    return answer is None or answer == [] or (isinstance(answer, str) and not answer.strip(" \t\r\n"))


def text_of(answer: object) -> str:
    """Return an answer as an XForms instance holds it; a value that is no answer of any type counts as empty."""
    if isinstance(answer, str):
        return "" if empty(answer) else answer
    if isinstance(answer, list):
        names = [name for name in answer if isinstance(name, str)]
        return " ".join(names) if len(names) == len(answer) else ""
    return str(answer) if _is_integer(answer) else ""


def _problem(form: Form, question: Question, answer: object, *, needed: bool, scope: Scope) -> Code | None:
    if question.type == "note":
        return None
    if empty(answer):
        return "answer_required" if needed else None
    problem = _type_problem(form, question, answer)
    if problem:
        return problem
    return None if holds(question.constraint, scope) else "answer_constraint"


def _type_problem(form: Form, question: Question, answer: object) -> Code | None:
    fits = True
    if question.type == "integer":
        fits = _is_integer(answer)
    elif question.type == "select_multiple":
        return _choices_problem(form, question, answer)
    elif not isinstance(answer, str):
        fits = False
    elif question.type == "select_one":
        return None if answer in form.labels[question.choices or ""] else "answer_choice"
    elif question.type == "date":
        fits = days(answer) is not None
    elif question.type == "decimal":
        fits = _DECIMAL.fullmatch(answer) is not None
    else:
        fits = not _CONTROL.search(answer) and (question.appearance == "multiline" or "\n" not in answer)
    return None if fits else "answer_type"


def _choices_problem(form: Form, question: Question, answer: object) -> Code | None:
    if not isinstance(answer, list) or not all(isinstance(name, str) for name in answer):
        return "answer_type"
    in_order = [name for name in form.labels[question.choices or ""] if name in answer]
    return None if answer == in_order else "answer_choice"


def _is_integer(answer: object) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) <= INTEGER
