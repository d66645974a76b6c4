"""What may stand under the keys of a draft; who may write them is for `drafts.py` to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from server import once
from server.errors import Problem
from sync.canonical import Value

_NAME: Final = r"[a-z][a-z0-9_]{0,63}"
_ROW: Final = rf"{_NAME}/[0-9a-f]{{20}}"
Line = Annotated[once.Line, Field(min_length=1, max_length=200)]
Time = Annotated[int, Field(ge=1, le=2**53 - 1)]


class File(once.Value):
    """An answer that is a file: `len` in bytes."""

    name: Line
    type: Annotated[str, Field(pattern=r"^[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}$")]
    len: Annotated[int, Field(ge=1, le=2**53 - 1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Invite(once.Value):
    """An invitation into the draft, under the SHA-256 of its secret; `until` when (ms) it can be taken."""

    until: Time


class Share(once.Value):
    """A person or a desk that the draft is shared with, as they were called then."""

    name: Line
    at: Time


class Hand(once.Value):
    """Whose device it is that writes: what stands beside an answer. `unit` is that of an officer at a desk."""

    person: once.Id
    name: str
    unit: Annotated[str, Field(max_length=64)] | None = None


def _like(pattern: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _or_none(fits: Callable[[Value], bool]) -> Callable[[Value], bool]:
    return lambda value: value is None or fits(value)


def _of(model: type[once.Value]) -> Callable[[Value], bool]:
    def fits(value: Value) -> bool:
        try:
            model.model_validate(value)
        except ValidationError:
            return False
        return True

    return fits


def _plain(value: Value) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | int) and not isinstance(value, bool)


Part = Literal["draft", "answer", "row", "from", "hand", "invite", "person", "unit"]

_KEYS: Final[Mapping[str, Callable[[Value], bool]]] = {
    "procedure": _like(r"[a-z][a-z0-9-]{0,63}"),
    "form_sha256": _like(r"[0-9a-f]{64}"),
    "language": _like(r"vi|en"),
    "submission": _like(r"[0-9a-f-]{36}"),
    "removed": lambda value: isinstance(value, bool),
}
_PARTS: Final[tuple[tuple[Part, re.Pattern[str], Callable[[Value], bool]], ...]] = (
    ("answer", re.compile(rf"answer/(?:{_ROW}/){{0,3}}{_NAME}"), _or_none(lambda v: _plain(v) or _of(File)(v))),
    ("row", re.compile(rf"row/(?:{_ROW}/){{0,2}}{_ROW}"), _or_none(lambda value: value is True)),
    ("from", re.compile(rf"from/(?:{_ROW}/){{0,3}}{_NAME}"), _or_none(_like(r"[a-z]+(?:/[a-z0-9_-]{1,64}){1,3}"))),
    ("hand", re.compile(r"hand/(?:[0-9a-f]{2}){1,43}"), _of(Hand)),
    ("invite", re.compile(r"invite/[0-9a-f]{64}"), _or_none(_of(Invite))),
    ("person", re.compile(r"share/person/[0-9a-f-]{36}"), lambda value: value is None),
    ("unit", re.compile(r"share/unit/[a-z0-9]+(?:-[a-z0-9]+)*"), _or_none(_of(Share))),
)


def part_of(key: str, value: Value) -> Part:
    """Return which part of a draft a change writes, or raise `key_unknown` or `value_shape`.

    Half-filled answers of any type are welcome: only a submission is checked by its form.
    """
    part, fits = _found(key)
    if not fits(value):
        raise Problem("value_shape", f"expected another value for {key}")
    return part


def _found(key: str) -> tuple[Part, Callable[[Value], bool]]:
    if key in _KEYS:
        return "draft", _KEYS[key]
    for part, pattern, fits in _PARTS:
        if pattern.fullmatch(key):
            return part, fits
    raise Problem(
        "key_unknown", f"expected one of {sorted(_KEYS)}, or answer, row, from, hand, invite or share, and its rest"
    )


def file_of(value: Value) -> Any:
    """Return `{name, type, len, sha256}` when a checked answer is a file, else None."""
    return value if isinstance(value, dict) else None
