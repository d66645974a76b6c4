"""Reads the one value of a record that is written once and never changes, and says which texts are fit to be shown."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from server.errors import Problem
from sync.change import Change
from sync.record import State

_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the text around them about, so that it reads as another one."""


class Value(BaseModel):
    """The value of a once record: frozen, strict, no member more or less."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


V = TypeVar("V", bound=Value)


def read(change: Change, model: type[V]) -> V:
    """Read a change of a record whose one key has the name of its kind."""
    if change.key != change.kind:
        raise Problem("key_unknown", f"expected the one key {change.kind}")
    try:
        return model.model_validate(change.value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Problem("value_shape", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def value(kind: str, state: State) -> Any:
    """Return the value that was checked when it came."""
    return state[kind].shown


def is_line(text: str) -> bool:
    """Return whether text is one line that reads as it is written."""
    return not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") or each in _BIDI for each in text)


def is_paragraphs(text: str) -> bool:
    """Return whether text is lines that read as they are written."""
    return all(map(is_line, text.split("\n")))


def _line(text: str) -> str:
    if not is_line(text):
        raise ValueError("expected one line without control characters")
    return text


Line = Annotated[str, AfterValidator(_line)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Hex16 = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
