"""What a resident says about themselves, mostly read from their card: unproven (level 1)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from server.errors import Problem
from server.kinds import Kind, Proposed, Sort
from server.store import Reader
from sync.canonical import Value
from sync.record import State

_SHAPES: Final[dict[str, str]] = {
    "card/number": r"[0-9]{12}",
    "card/old_number": r"(?:[0-9]{9}|[0-9]{12})?",
    "card/name": r"[^\n]{1,100}",
    "card/born": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "card/sex": r"male|female",
    "card/address": r"[^\n]{0,300}",
    "card/issued": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
_DATES: Final = frozenset({"card/born", "card/issued"})


def _with_owner(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{id}"})


def _check(proposed: Proposed) -> None:
    """A profile stands under its person's id, begins with its owner, and nobody else writes it."""
    change, person = proposed.change, proposed.actor.person
    if change.id != person:
        raise Problem("write_forbidden", "expected one's own profile, under one's own id")
    if change.key == "owner":
        # Each phone of the person begins the same record, perhaps before it has heard of the others.
        if change.value != person:
            raise Problem("write_forbidden", "expected the owner to be who writes")
        return
    if "owner" not in proposed.state:
        raise Problem("write_forbidden", "expected a profile's first change to name its writer as owner")
    if change.key not in _SHAPES:
        raise Problem("key_unknown", f"expected one of {sorted(_SHAPES)}")
    if change.value is not None and not _fits(change.key, change.value):
        raise Problem("value_shape", f"expected another value for {change.key}")


def _fits(key: str, value: Value) -> bool:
    return (
        isinstance(value, str) and re.fullmatch(_SHAPES[key], value) is not None and (key not in _DATES or _day(value))
    )


def _day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


PROFILE: Final = Kind(name="profile", sort=Sort.SHARED, feeds=_with_owner, check=_check)
"""Under the person's own id. Keys: `owner`, and `card/<number old_number name born sex address issued>`."""
