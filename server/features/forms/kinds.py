"""The records of forms: published forms, drafts, submissions and their receipts."""

from __future__ import annotations

import re
from typing import Final

from server.auth import Parts
from server.errors import Problem
from server.features.forms import submission
from server.kinds import Kind, Proposed, Sort, by_key, public
from server.store import Reader
from sync.canonical import Value
from sync.record import State

FORM: Final = Kind(name="form", sort=Sort.SERVED, feeds=public, index=by_key("code"))
"""A version of a form, under the SHA-256 of its RFC 8785 bytes. Keys: `form code unit published_at superseded_at`."""

_SHAPES: Final[dict[str, str]] = {
    "procedure": r"[a-z][a-z0-9-]{0,63}",
    "form_sha256": r"[0-9a-f]{64}",
    "language": r"vi|en",
    "submission": r"[0-9a-f-]{36}",
}
_ANSWER: Final = re.compile(r"answer/[a-z][a-z0-9_]{0,63}")


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kinds of this feature."""
    draft = Kind(name="draft", sort=Sort.SHARED, feeds=_with_owner, check=_check_draft)
    return (FORM, draft, submission.RECEIPT, submission.kind(parts))


def _with_owner(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{state['owner'].shown}"})


def _check_draft(proposed: Proposed) -> None:
    """A draft begins with its owner, who alone writes it; half-filled answers of any type are welcome in it."""
    change, person = proposed.change, proposed.actor.person
    if "owner" not in proposed.state:
        if change.key != "owner" or change.value != person:
            raise Problem("write_forbidden", "expected a draft's first change to name its writer as owner")
        return
    if proposed.state["owner"].shown != person:
        raise Problem("write_forbidden", "expected the draft's owner")
    if change.key == "owner":
        raise Problem("record_closed", "expected a draft to keep its owner")
    if not _fits(change.key, change.value):
        raise Problem("value_shape", f"expected another value for {change.key}")


def _fits(key: str, value: Value) -> bool:
    if key == "removed":
        return isinstance(value, bool)
    if key in _SHAPES:
        return isinstance(value, str) and re.fullmatch(_SHAPES[key], value) is not None
    if not _ANSWER.fullmatch(key):
        raise Problem("key_unknown", f"expected one of {sorted(_SHAPES)}, removed, or answer/<question>")
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))
