"""What an evaluation of a form does, step by step: worked out once a form, because the server judges many answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from server.features.forms.expressions import Expression, parse
from server.features.forms.structure import Part, Structure

if TYPE_CHECKING:
    from server.features.forms.form import Question, Repeat

_PLACED: Final = frozenset({"once", "random", "uuid"})


class Condition(NamedTuple):
    """An expression; `placed` when it depends on which question asks, not only on the answer at hand."""

    expression: Expression
    placed: bool


class Step(NamedTuple):
    """Deciding about one part: `inside` is the repeat whose rows it stands in, `around` what must apply besides.

    `question` and `repeat` are the part itself, if it is one; `page` is where it is seen, empty when it is not.
    """

    key: str
    question: Question | None
    repeat: Repeat | None
    inside: str
    around: str
    page: str
    relevant: Condition | None


class Judging(NamedTuple):
    """Judging the answers to one question that takes any from a person."""

    question: Question
    name: str
    inside: str
    required: Condition | bool
    constraint: Condition | None


class Plan(NamedTuple):
    """`steps` in order; `answered` has the parts of a row that take answers by name, by the repeat that it is of."""

    steps: tuple[Step, ...]
    judgings: tuple[Judging, ...]
    answered: Mapping[str, Mapping[str, Question | Repeat]]


def planned(structure: Structure) -> Plan:
    """Work out a form's plan. Its expressions were checked."""
    answered: dict[str, dict[str, Question | Repeat]] = {}
    for repeat, names in structure.within.items():
        answered[repeat] = {name: part for name in names if (part := _answerable(structure.parts[name])) is not None}
    return Plan(
        steps=tuple(_step(structure, key, structure.parts[key]) for key in structure.order),
        judgings=tuple(
            Judging(question, name, _inside(structure, name), _required(question), condition(question.constraint))
            for name, question in structure.questions.items()
            if question.type not in ("note", "calculate")
        ),
        answered=answered,
    )


def condition(text: str | None) -> Condition | None:
    """Parse a condition, if there is one."""
    if text is None:
        return None
    expression = parse(text)
    return Condition(expression, "current" in text or not expression.calls.isdisjoint(_PLACED))


def _step(structure: Structure, key: str, part: Part) -> Step:
    inside, container = _inside(structure, key), structure.container(key)
    answerable = _answerable(part, notes=True)
    question = None if answerable is None or answerable.type == "repeat" else answerable
    repeat = None if answerable is None or answerable.type != "repeat" else answerable
    seen = repeat is not None or (question is not None and question.type != "calculate")
    return Step(
        key=key,
        question=question,
        repeat=repeat,
        inside=inside,
        around="" if container == inside else container,
        page=structure.places[key][0] if seen else "",
        relevant=condition(part.relevant),
    )


def _inside(structure: Structure, key: str) -> str:
    around = structure.repeats.get(key, ())
    return around[-1] if around else ""


def _required(question: Question) -> Condition | bool:
    return condition(question.required) or False if isinstance(question.required, str) else question.required is True


def _answerable(part: Part, *, notes: bool = False) -> Question | Repeat | None:
    type_ = getattr(part, "type", "page")
    return None if type_ in ("page", "group") or (type_ == "note" and not notes) else part  # type: ignore[return-value]
