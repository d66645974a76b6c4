"""The JSON of a form, `motcua-form/2` and before it `/1`, read once at the edge and checked as a whole.

`form.ts` has the same types. Pages hold items: questions, groups (a heading) and repeats ("add another").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError
from pydantic_core import ErrorDetails

from server.features.forms.checking import FILES, Flaw, flaws
from server.features.forms.plan import Plan, planned
from server.features.forms.structure import Structure
from sync import canonical
from sync.canonical import Value
from sync.limits import Invalid

BYTES: Final = 60 * 1024  # as RFC 8785 JSON, below the limit of one value in a record

Language: TypeAlias = Literal["vi", "en"]
Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Fill: TypeAlias = Annotated[str, Field(pattern=r"^[a-z]+(/[a-z0-9_-]+)+( [a-z]+(/[a-z0-9_-]+)+)*$", max_length=500)]
QuestionType: TypeAlias = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "datetime",
    "select_one",
    "select_multiple",
    "rank",
    "calculate",
    "note",
    "image",
    "file",
    "audio",
    "geopoint",
    "barcode",
    "acknowledge",
    "range",
]
Appearance: TypeAlias = Literal["multiline", "numbers", "tel", "email", "minimal", "likert", "horizontal", "new"]


class FormError(ValueError):
    """The JSON is no form. Each of `problems` reads `where: what was expected and what came`.

    `flaws` are those that a name can be given for: what a compiler needs to find the row and column of each.
    """

    def __init__(self, problems: tuple[str, ...], *, flaws: tuple[Flaw, ...] = ()) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.flaws = flaws


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Text(_Frozen):
    """One text in every language of the service."""

    vi: Line
    en: Line

    def in_(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


class Choice(BaseModel):
    """A choice; members beyond name and label are columns for `choice_filter`."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, Annotated[str, Field(max_length=2_000)]]

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    label: Text

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """What a bare name in a `choice_filter` stands for."""
        return {**self.__pydantic_extra__, "name": self.name}


class Dynamic(_Frozen):
    """A default that an expression gives when a draft or a row begins."""

    expr: str


class Question(_Frozen):
    """One question. `required`, `relevant`, `constraint`, `calculation` and `choice_filter` are expressions.

    `choices` names a list of the form. An answer with a `calculation` is computed always and never asked, except
    that `once(...)` is computed as long as there is no answer.
    """

    name: Name
    type: QuestionType
    label: Text | None = None
    hint: Text | None = None
    guidance: Text | None = None
    required: Literal[True] | str | None = None
    required_message: Text | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Text | None = None
    calculation: str | None = None
    default: str | int | tuple[str, ...] | Dynamic | None = None
    read_only: Literal[True] | None = None
    choices: Name | None = None
    choice_filter: str | None = None
    appearance: Appearance | None = None
    parameters: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,30}$")], str | int] | None = None
    fill: Annotated[str, Field(pattern=r"^[a-z]+(/[a-z0-9_-]+)+( [a-z]+(/[a-z0-9_-]+)+)*$", max_length=500)] | None = (
        None
    )
    register_: Annotated[Line | None, Field(alias="register")] = None

    @cached_property
    def computed(self) -> bool:
        """Whether the answer is always the calculation's, whatever is given."""
        return self.calculation is not None and not (self.once and self.type != "calculate")

    @cached_property
    def once(self) -> bool:
        """Whether the calculation counts only as long as there is no answer."""
        return self.calculation is not None and self.calculation.lstrip().startswith("once(")


class Group(_Frozen):
    """A heading within a page. It does not nest answers."""

    type: Literal["group"]
    name: Name
    label: Text | None = None
    hint: Text | None = None
    relevant: str | None = None
    questions: Annotated[tuple[Item, ...], Field(min_length=1)]


class Repeat(_Frozen):
    """Items that are answered once a row. Rows are added by the person, or there are `count`, an expression."""

    type: Literal["repeat"]
    name: Name
    label: Text
    hint: Text | None = None
    relevant: str | None = None
    count: str | None = None
    questions: Annotated[tuple[Item, ...], Field(min_length=1)]


def _sort(item: Any) -> str:
    type_ = item.get("type") if isinstance(item, dict) else getattr(item, "type", None)
    return type_ if type_ in ("group", "repeat") else "question"


Item: TypeAlias = Annotated[
    Annotated[Group, Tag("group")] | Annotated[Repeat, Tag("repeat")] | Annotated[Question, Tag("question")],
    Discriminator(_sort),
]


class Page(_Frozen):
    name: Name
    label: Text
    hint: Text | None = None
    relevant: str | None = None
    questions: Annotated[tuple[Item, ...], Field(min_length=1)]


class Fee(_Frozen):
    """`amount` in Vietnamese dong, digits only."""

    amount: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,11})$")]
    note: Text | None = None


class Days(_Frozen):
    """How long the authority has to decide, in working days."""

    working: Annotated[int, Field(ge=0, le=366)]
    note: Text | None = None


class Form(_Frozen):
    """A published version of a procedure's form. `notes` are for editors: facts that are not known for sure.

    `search` are further words that the procedure is found by.
    """

    form: Literal["motcua-form/1", "motcua-form/2"]
    code: Code
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$")]
    unit: Code
    title: Text
    summary: Text
    search: Text | None = None
    fee: Fee
    days: Days
    result: Text
    bring: tuple[Text, ...]
    authority: Text
    notes: tuple[Line, ...]
    choices: Mapping[Name, Annotated[tuple[Choice, ...], Field(min_length=1)]]
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]

    @cached_property
    def structure(self) -> Structure:
        """What stands where: places, rows, the order of evaluation."""
        return Structure.of(self.pages)

    @cached_property
    def plan(self) -> Plan:
        """What judging answers does, step by step."""
        return planned(self.structure)

    @property
    def questions(self) -> Mapping[str, Question]:
        """Every question by name, in the order of the document, those of groups and repeats too."""
        return self.structure.questions

    @property
    def places(self) -> Mapping[str, tuple[str, ...]]:
        """For every group, repeat and question the page, groups and repeats that it stands in, outermost first."""
        return self.structure.places

    @cached_property
    def asked(self) -> frozenset[str]:
        """The names of the questions that people answer."""
        own = (each for each in self.questions.values() if not each.computed and each.read_only is None)
        return frozenset(each.name for each in own if each.type not in ("note", "calculate"))

    @cached_property
    def has_files(self) -> bool:
        """Whether it asks for attachments."""
        return any(question.type in FILES for question in self.questions.values())

    @cached_property
    def interpolates(self) -> bool:
        """Whether a label holds an answer, as `${name}`."""
        labels = (part.label for part in self.structure.parts.values() if part.label is not None)
        return self.form != "motcua-form/1" and any("${" in label.vi or "${" in label.en for label in labels)

    @cached_property
    def choice_of(self) -> Mapping[str, Mapping[str, Choice]]:
        """The choices of every list by name, in the order of the list."""
        return {name: {choice.name: choice for choice in choices} for name, choices in self.choices.items()}

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
    found = flaws(form)
    problems = [str(flaw) for flaw in found]
    if len(encoded) > BYTES:
        problems.append(f"form: expected at most {BYTES} bytes of canonical JSON, got {len(encoded)}")
    if problems:
        raise FormError(tuple(problems), flaws=found)
    return form


def _located(error: ErrorDetails) -> str:
    parts = error["loc"]
    # Behind a place in a list pydantic names the sort of item that it took, which is no member.
    named = [part for at, part in enumerate(parts) if not (at and isinstance(parts[at - 1], int) and part in _SORTS)]
    where = "/".join(str(part) for part in named)
    return f"{where or 'form'}: {error['msg']}, got {str(error['input'])[:60]!r}"


_SORTS: Final = ("group", "repeat", "question")
