"""One evaluation of answers to a form: which parts apply, what is required, computed or wrong. Pure.

`evaluation.ts` is its twin.

A part whose condition, or that of a part around it, is not met does not apply, and its answer counts as empty
everywhere. Parts are decided in the order of `Structure.order`: each part in all its rows before what depends on it.

Answers have paths: `name`, in rows `children[2]/name`, `children[2]/toys[1]/title`; a row is `children[2]`.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from server.features.forms.answers import Answers, Code, empty, fault, text_of, typed
from server.features.forms.asking import Asking, Moment
from server.features.forms.expressions import Row as Place
from server.features.forms.expressions import evaluate as value_of
from server.features.forms.expressions import number, parse, string
from server.features.forms.form import Form, Question, Repeat
from server.features.forms.plan import Judging, Step
from server.features.forms.structure import PAGE

ROWS: Final = 100  # of one repeat within one row around it
INSTANCES: Final = 5_000  # answers and rows within repeats, in all
_TEXT: Final = 20_000  # bytes of a computed answer


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What applies, by path; the problem of each answer that has one; the text of each computed answer.

    `pages` are the names of those with something to see. `relevant` holds questions, groups and repeats. `rows` says
    how many rows of each repeat count.
    """

    pages: tuple[str, ...]
    relevant: frozenset[str]
    required: frozenset[str]
    problems: Mapping[str, Code]
    computed: Mapping[str, str]
    rows: Mapping[str, int]
    asking: Asking = field(repr=False, compare=False)


def evaluate(form: Form, answers: Answers, at: Moment, seed: str = "") -> Evaluation:
    """Judge answers at any stage of filling, as of a moment. Never raises. `seed` is the draft's id."""
    evaluating = _Evaluating(form, answers, at, seed)
    evaluating.decide(form.plan.steps)
    evaluating.judge(form.plan.judgings)
    return evaluating.done()


class _Row(NamedTuple):
    """A row, or the form itself: what stands before the paths in it, its place among rows, the answers given in it."""

    prefix: str
    place: Place
    given: Answers


class _Evaluating:
    """One evaluation on its way: the parts that were decided so far."""

    def __init__(self, form: Form, answers: Answers, at: Moment, seed: str) -> None:
        self.form = form
        self.at = at
        self.asking = Asking(form, at, seed)
        self.texts = self.asking.texts
        self.counts = self.asking.counts
        self.rows_of: dict[str, list[_Row]] = {"": [_Row("", (), answers)]}
        self.applies: set[str] = set()
        self.visible: set[str] = set()
        self.computed: dict[str, str] = {}
        self.required: set[str] = set()
        self.problems: dict[str, Code] = {}
        self.left = INSTANCES

    def decide(self, steps: Iterable[Step]) -> None:
        applies, meets = self.applies, self.asking.meets
        for key, question, repeat, inside, around, page, relevant in steps:
            if repeat is not None:
                self.rows_of[key] = []
            for row in self.rows_of[inside]:
                if around and (around if around[0] == PAGE else row.prefix + around) not in applies:
                    continue
                path = row.prefix + key
                if relevant is not None and not meets(relevant, row.place, path):
                    continue
                self.visible.add(page)
                if question is not None:
                    self.answer(question, row, path)
                    continue
                applies.add(path)
                if repeat is not None:
                    self.add_rows(repeat, row, path)

    def add_rows(self, repeat: Repeat, row: _Row, path: str) -> None:
        given = row.given.get(repeat.name)
        rows = given if isinstance(given, list) else []
        wanted = len(rows)
        if repeat.count is not None:
            asked = number(value_of(parse(repeat.count), self.asking.scope(row.place, path)), self.at.offset)
            wanted = 0 if math.isnan(asked) or asked < 1 else int(min(asked, ROWS + 1))
        cost = 1 + len(self.form.structure.within[repeat.name])
        count = min(wanted, ROWS, self.left // cost)
        self.left -= count * cost
        if count < wanted:
            self.problems[path] = "answer_rows"
        elif not isinstance(given, list) and not empty(given):
            self.problems[path] = "answer_type"
        self.counts[path] = count
        self.rows_of[repeat.name] += [
            _Row(
                f"{path}[{index}]/",
                (*row.place, (repeat.name, index)),
                rows[index - 1] if index <= len(rows) and isinstance(rows[index - 1], dict) else {},
            )
            for index in range(1, count + 1)
        ]

    def answer(self, question: Question, row: _Row, path: str) -> None:
        text = "" if question.type == "note" else text_of(row.given.get(question.name))
        if question.computed:
            text = calculated(question, self.asking, row.place, path, text)
            self.computed[path] = text
        self.texts[path] = text

    def judge(self, judgings: Iterable[Judging]) -> None:
        texts, meets = self.texts, self.asking.meets
        for judging in judgings:
            question, name, inside, required, _ = judging
            for row in self.rows_of.get(inside, ()):
                path = row.prefix + name
                if path not in texts:
                    continue
                needed = required is True or (required is not False and meets(required, row.place, path))
                if needed:
                    self.required.add(path)
                answer = typed(self.form, question, texts[path]) if question.computed else row.given.get(name)
                problem: Code | None = "answer_required" if needed else None
                if not empty(answer):
                    problem = self.problem(judging, row, path, answer)
                if problem is not None:
                    self.problems[path] = problem

    def problem(self, judging: Judging, row: _Row, path: str, answer: object) -> Code | None:
        question, constraint = judging.question, judging.constraint
        wrong = fault(self.form, question, answer, self.asking.keeps(question.choice_filter, row.place, path))
        if wrong or constraint is None or self.asking.meets(constraint, row.place, path, self.texts[path]):
            return wrong
        return "answer_constraint"

    def done(self) -> Evaluation:
        self.asking.relieved()
        pages = [
            page.name for page in self.form.pages if PAGE + page.name in self.applies and page.name in self.visible
        ]
        applies = (path for path in self.applies if not path.startswith(PAGE))
        return Evaluation(
            pages=tuple(pages),
            relevant=frozenset((*self.texts, *applies)),
            required=frozenset(self.required),
            problems=self.problems,
            computed=self.computed,
            rows=self.counts,
            asking=self.asking,
        )


def calculated(question: Question, asking: Asking, place: Place, path: str, given: str) -> str:
    """Return what a question's calculation gives, in normal form C; a text past the limit counts as none."""
    text = string(value_of(parse(question.calculation or "''"), asking.scope(place, path, this=given)))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if len(text) * 4 <= _TEXT or len(text.encode("utf-8", "surrogatepass")) <= _TEXT else ""
