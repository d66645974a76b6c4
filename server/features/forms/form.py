"""The JSON of a form, `motcua-form/1`, read once at the edge and checked as a whole. `form.ts` has the same types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from server.features.forms.expressions import expression
from server.features.forms.expressions.expression import Expression, ExpressionError
from sync import canonical
from sync.canonical import Value
from sync.limits import Invalid

BYTES: Final = 60 * 1024  # as RFC 8785 JSON, below the limit of one value in a record

Language: TypeAlias = Literal["vi", "en"]
Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
QuestionType: TypeAlias = Literal["text", "integer", "decimal", "date", "select_one", "select_multiple", "note"]
Appearance: TypeAlias = Literal["multiline", "numbers", "tel", "email", "minimal"]


class FormError(ValueError):
    """The JSON is no form. Each of `problems` reads `where: what was expected and what came`."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(_Frozen):
    """One text in every language of the service."""

    vi: Line
    en: Line

    def in_(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


class Choice(_Frozen):
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    label: Text


class Question(_Frozen):
    """One question. `relevant`, `required` and `constraint` are expressions; `choices` names a list of the form."""

    name: Name
    type: QuestionType
    label: Text
    hint: Text | None = None
    required: Literal[True] | str | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Text | None = None
    choices: Name | None = None
    appearance: Appearance | None = None
    fill: Annotated[str, Field(pattern=r"^[a-z]+(/[a-z0-9_-]+)+$")] | None = None


class Page(_Frozen):
    name: Name
    label: Text
    hint: Text | None = None
    relevant: str | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Fee(_Frozen):
    """`amount` in Vietnamese dong, digits only."""

    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,11})$")]
    note: Text | None = None


class Days(_Frozen):
    """How long the authority has to decide, in working days."""

    working: Annotated[int, Field(ge=0, le=366)]
    note: Text | None = None


class Form(_Frozen):
    """A published version of a procedure's form. `notes` are for editors: facts that are not known for sure."""

    form: Literal["motcua-form/1"]
    code: Code
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$")]
    unit: Code
    title: Text
    summary: Text
    fee: Fee
    days: Days
    result: Text
    bring: tuple[Text, ...]
    authority: Text
    notes: tuple[Line, ...]
    choices: Mapping[Name, Annotated[tuple[Choice, ...], Field(min_length=1)]]
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by name, in the order of the document."""
        return {question.name: question for page in self.pages for question in page.questions}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Text]]:
        """The labels of every list of choices by name, in the order of the list."""
        return {name: {choice.name: choice.label for choice in choices} for name, choices in self.choices.items()}


def parse(data: Value) -> Form:
    """Read a form. Whatever is wrong with it, all at once, raises `FormError`."""
    try:
        canonical.check(data)
        encoded = canonical.encode(data)
        form = Form.model_validate_json(encoded)
    except Invalid as invalid:
        raise FormError((f"form: {invalid}",)) from invalid
    except ValidationError as error:
        raise FormError(tuple(_located(at) for at in error.errors())) from error
    problems = list(_problems(form))
    if len(encoded) > BYTES:
        problems.append(f"form: expected at most {BYTES} bytes of canonical JSON, got {len(encoded)}")
    if problems:
        raise FormError(tuple(problems))
    return form


def _located(error: ErrorDetails) -> str:
    where = "/".join(str(part) for part in error["loc"])
    return f"{where or 'form'}: {error['msg']}, got {str(error['input'])[:60]!r}"


def _problems(form: Form) -> Iterator[str]:
    for name, choices in form.choices.items():
        yield from _repeated(f"choices/{name}", [choice.name for choice in choices])
    yield from _repeated("pages", [page.name for page in form.pages])
    names = [question.name for page in form.pages for question in page.questions]
    yield from _repeated("questions", names)
    everything, earlier = frozenset(names), set[str]()
    for page in form.pages:
        where = f"pages/{page.name}"
        yield from _condition(f"{where}/relevant", page.relevant, names=earlier)
        for question in page.questions:
            here = f"{where}/{question.name}"
            yield from _condition(f"{here}/relevant", question.relevant, names=earlier)
            if isinstance(question.required, str):
                yield from _condition(f"{here}/required", question.required, names=everything)
            yield from _condition(f"{here}/constraint", question.constraint, names=everything, this=True)
            yield from _question(here, question, form)
            earlier.add(question.name)


def _repeated(where: str, names: list[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{where}: expected every name once, got '{name}' {names.count(name)} times"


def _condition(where: str, text: str | None, *, names: set[str] | frozenset[str], this: bool = False) -> Iterator[str]:
    if text is None:
        return
    try:
        parsed: Expression = expression.parse(text)
    except ExpressionError as error:
        yield f"{where}: {error}"
        return
    which = "a question of the form" if this or where.endswith("/required") else "a question that stands earlier"
    for name in sorted(parsed.names - names):
        yield f"{where}: expected {which}, got ${{{name}}}"
    if parsed.this and not this:
        yield f"{where}: expected '.' only in a constraint"


_APPEARANCES: Final[Mapping[Appearance, tuple[QuestionType, ...]]] = {
    "multiline": ("text",),
    "numbers": ("text",),
    "tel": ("text",),
    "email": ("text",),
    "minimal": ("select_one", "select_multiple"),
}


def _question(where: str, question: Question, form: Form) -> Iterator[str]:
    if question.type in ("select_one", "select_multiple"):
        if question.choices not in form.choices:
            yield f"{where}/choices: expected a list among {sorted(form.choices)}, got {question.choices!r}"
    elif question.choices is not None:
        yield f"{where}/choices: expected none for a question of type {question.type}, got '{question.choices}'"
    if question.type == "note":
        for name in ("required", "constraint", "fill"):
            if getattr(question, name) is not None:
                yield f"{where}/{name}: expected none for a note, which takes no answer"
    if (question.constraint is None) != (question.constraint_message is None):
        yield f"{where}/constraint_message: expected constraint and constraint_message together, got one of them"
    if question.appearance and question.type not in _APPEARANCES[question.appearance]:
        yield f"{where}/appearance: expected none that type {question.type} lacks, got '{question.appearance}'"
