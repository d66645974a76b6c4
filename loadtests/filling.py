"""Answers that a form takes, made up at random: for walks through forms, and for crowds that submit them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from server.features.forms import rules
from server.features.forms.answers import whole
from server.features.forms.asking import Moment
from server.features.forms.form import Form, Question, Repeat

_DAY: Final = 86_400_000
_OPTIONAL: Final = 0.6
"""How often a question that need not be answered is."""
_TEXTS: Final = (
    "Nguyễn Thị Minh Khai",
    "123 Lê Lợi, phường Bến Thành",
    "0901234567",
    "079188001234",
    "khai@example.vn",
    "0312345678",
    "12",
    "2026",
    "A1",
    "Một chuyện dài hơn một chút, để câu trả lời có đủ chữ như biểu mẫu yêu cầu ở đây.",
)
_VALUES: Final[Mapping[str, Iterable[Any]]] = {
    "integer": (1, 2, 3, 5, 10, 18, 30, 60, 100, 1990, 2020, 1_000_000, 0),
    "decimal": ("1.5", "12.25", "60", "100", "3", "250.5", "1000000", "0"),
    "time": ("08:30", "14:05", "00:00", "23:59"),
    "acknowledge": ("OK",),
    "geopoint": ("10.776530 106.700980 0 0",),
}
_KEYBOARDS: Final = {"tel": ["0901234567"], "email": ["khai@example.vn"], "numbers": ["079188001234"]}
"""What the keyboard that a question asks for suggests."""
_AGES: Final = (0, 30, 400, 3_650, 7_300, 10_000, 12_000, 20_000, -10, -400)
"""Days that dates lie back."""


class Unfilled(Exception):
    """No answer was found for the questions that are named."""


def filled(
    form: Form,
    chance: random.Random,
    at: Moment,
    *,
    files: Mapping[str, Any] | None = None,
    begun: Mapping[str, Any] | None = None,
    seed: str = "",
) -> dict[str, Any]:
    """Return answers that a submission may carry: every question that must be answered is, others now and then.

    `files` has an answer for each of the types image, file and audio; without it no file is attached. `begun` are
    answers that stand already, and stay.
    """
    filling = _Filling(form, chance, at, files or {}, seed, dict(begun or {}), set(begun or {}))
    while (path := next(filling.open(), None)) is not None:
        filling.answer(path)
    problems = filling.judged().problems
    if problems:
        raise Unfilled(f"{form.code}: {dict(problems)}")
    return rules.cleaned(form, filling.answers, at, seed)


@dataclass
class _Filling:
    form: Form
    chance: random.Random
    at: Moment
    files: Mapping[str, Any]
    seed: str
    answers: dict[str, Any] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    """What was answered or left: it is not asked again."""

    def judged(self) -> rules.Evaluation:
        return rules.evaluate(self.form, self.answers, self.at, self.seed)

    def open(self) -> Iterator[str]:
        """Name what applies and was not passed, in the order of the form."""
        for path in sorted(self.judged().relevant - self.passed, key=self._order):
            if _asks(self.form.structure.parts.get(path.rpartition("/")[2])):
                yield path

    def answer(self, path: str) -> None:
        """Answer one question, or leave it."""
        self.passed.add(path)
        row, name = at_path(self.answers, path)
        part = self.form.structure.parts[name]
        if isinstance(part, Repeat):
            row[name] = [{} for _ in range(self.chance.choice((1, 2)))]
            return
        assert isinstance(part, Question)
        found = self.judged()
        if path not in found.required and self.chance.random() > _OPTIONAL:
            return
        choices = [] if part.choices is None else [each.name for each in rules.choices_of(self.form, found, path)]
        for candidate in self._candidates(part, choices):
            row[name] = candidate
            if path not in self.judged().problems:
                return
        row.pop(name, None)

    def _candidates(self, question: Question, choices: list[str]) -> Iterable[Any]:
        """Return answers of the question's type; one of them fits most constraints."""
        match question.type:
            case "image" | "file" | "audio":
                found: Iterable[Any] = [self.files[question.type]] if question.type in self.files else []
            case "select_multiple":
                found = self._several(choices)
            case "rank":
                found = [self._shuffled(choices)]
            case "range":
                found = _range(question)
            case "text" | "barcode":
                found = _KEYBOARDS.get(question.appearance or "", []) + self._shuffled(_TEXTS)
            case "date" | "datetime":
                length = 10 if question.type == "date" else 16
                found = [_moment(self.at, days)[:length] for days in self._shuffled(_AGES)]
            case _:
                found = self._shuffled(choices or _VALUES[question.type])
        return found

    def _several(self, choices: list[str]) -> Iterator[list[str]]:
        for size in self._shuffled(range(1, len(choices) + 1)):
            kept = set(self.chance.sample(choices, size))
            yield [name for name in choices if name in kept]

    def _shuffled(self, values: Iterable[Any]) -> list[Any]:
        listed = list(values)
        return self.chance.sample(listed, len(listed))

    def _order(self, path: str) -> list[tuple[int, int]]:
        names = list(self.form.structure.parts)
        steps = [step.removesuffix("]").partition("[") for step in path.split("/")]
        return [(names.index(name), int(index or 0)) for name, _, index in steps]


def at_path(answers: Any, path: str) -> tuple[Any, str]:
    """Return the row that a path's last name stands in, made where it is missing, and that name."""
    *rows, name = path.split("/")
    for row in rows:
        repeat, _, index = row.removesuffix("]").partition("[")
        listed = answers.setdefault(repeat, [])
        while len(listed) < int(index):
            listed.append({})
        answers = listed[int(index) - 1]
    return answers, name


def _asks(part: object) -> bool:
    """Whether a part is for a person to answer: a question, or a repeat of as many rows as they like."""
    if isinstance(part, Repeat):
        return part.count is None
    return isinstance(part, Question) and part.type not in ("note", "calculate") and not part.computed


def _range(question: Question) -> list[Any]:
    parameters = question.parameters or {}
    if not whole(question):
        return [str(parameters["start"])]
    start, end, step = (int(parameters[name]) for name in ("start", "end", "step"))
    return list(range(start, end + 1, step))[::-1]


def _moment(at: Moment, days: int) -> str:
    local = datetime.fromtimestamp((at.now + at.offset * 60_000 - days * _DAY) / 1000, UTC)
    return local.strftime("%Y-%m-%dT%H:%M")
