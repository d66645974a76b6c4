"""What a draft, or a row of a repeat, begins with. Pure; `defaults.ts` is its twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server.features.forms.answers import empty, text_of, typed
from server.features.forms.asking import Asking, Moment
from server.features.forms.evaluation import evaluate
from server.features.forms.expressions import Row, parse, string
from server.features.forms.expressions import evaluate as value_of
from server.features.forms.form import Dynamic, Form, Question
from sync.canonical import Value


def defaults(form: Form, at: Moment, seed: str = "", fill: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """Return what a new draft begins with, outside repeats: `fill`, which is known, goes before defaults.

    Defaults that expressions give, and `once(...)`, see what stands before them in the order of evaluation.
    """
    begun: dict[str, Value] = dict(fill or {})
    names = [name for name in form.structure.order if name in form.questions and not form.structure.repeats[name]]
    questions = [form.questions[name] for name in names]
    _begin_literally(form, questions, begun)
    asking = evaluate(form, begun, at, seed).asking
    return _begin(form, questions, begun, asking, ())


def row_defaults(form: Form, answers: Mapping[str, Any], row: Row, at: Moment, seed: str = "") -> dict[str, Value]:
    """Return what a row of a repeat begins with; `answers` are those of the whole draft, `row` is its place in them."""
    inside = set(form.structure.within[row[-1][0]])
    questions = [form.questions[name] for name in form.structure.order if name in inside and name in form.questions]
    begun: dict[str, Value] = {}
    _begin_literally(form, questions, begun)
    asking = evaluate(form, _with(answers, row, begun), at, seed).asking
    return _begin(form, questions, begun, asking, row)


def _begin_literally(form: Form, questions: Iterable[Question], begun: dict[str, Value]) -> None:
    for question in questions:
        value = question.default
        if value is None or isinstance(value, Dynamic) or question.computed or question.name in begun:
            continue
        answer = typed(form, question, value) if isinstance(value, str) else _plain(value)
        if not empty(answer):
            begun[question.name] = answer


def _begin(
    form: Form, questions: Iterable[Question], begun: dict[str, Value], asking: Asking, row: Row
) -> dict[str, Value]:
    prefix = "".join(f"{repeat}[{number}]/" for repeat, number in row)
    for question in questions:
        expr = _expression(question)
        if expr is None or question.name in begun:
            continue
        path = prefix + question.name
        answer = typed(form, question, string(value_of(parse(expr), asking.scope(row, path))))
        if not empty(answer):
            begun[question.name] = answer
            if path in asking.texts:
                asking.texts[path] = text_of(answer)
    return begun


def _expression(question: Question) -> str | None:
    if question.once:
        return question.calculation
    return question.default.expr if isinstance(question.default, Dynamic) and not question.computed else None


def _plain(value: int | tuple[str, ...]) -> Value:
    return list(value) if isinstance(value, tuple) else value


def _with(answers: Mapping[str, Any], row: Row, begun: Mapping[str, Value]) -> Mapping[str, Any]:
    if not row:
        return {**answers, **begun}
    (repeat, number), *rest = row
    given = answers.get(repeat)
    rows = list(given) if isinstance(given, list) else []
    rows += [{}] * (number - len(rows))
    own = rows[number - 1]
    rows[number - 1] = _with(own if isinstance(own, dict) else {}, tuple(rest), begun)
    return {**answers, repeat: rows}
