"""Reading the value of a once record that is no signed act."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from server.errors import Problem
from sync.change import Change


class Body(BaseModel):
    """What such a record says. Models derive from this: frozen, strict, no member more or less."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


B = TypeVar("B", bound=Body)


def of_change(change: Change, model: type[B]) -> B:
    """Read the one key that the record has, named like its kind."""
    if change.key != change.kind:
        raise Problem("key_unknown", f"expected the one key {change.kind}")
    try:
        return model.model_validate(change.value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Problem("value_shape", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
