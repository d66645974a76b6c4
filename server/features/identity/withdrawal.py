"""A withdrawal: an identity ends before its time, by its person's wish or by the unit that vouched for it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from server import once
from server.auth import Parts
from server.errors import Problem
from server.features.identity.identity import identity_of, withdraw
from server.kinds import Kind, Proposed, Role, Sort
from server.store import Reader, Transaction
from sync.record import State


class Withdrawal(once.Value):
    """`subject` is the person whose identity ends."""

    subject: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    reason: Annotated[str, Field(max_length=500)]


def kind(parts: Parts) -> Kind:
    """Return the kind `withdrawal`: once, one key `withdrawal` with `{subject, reason}`."""

    def examine(proposed: Proposed) -> Withdrawal:
        return once.read(proposed.change, Withdrawal)

    def check(proposed: Proposed) -> None:
        said: Withdrawal = proposed.examined
        actor, identity = proposed.actor, identity_of(said.subject, proposed.look)
        own = said.subject == actor.person
        vouched = identity is not None and actor.role is Role.OFFICER and identity["unit"].shown == actor.unit
        if not own and not (vouched and said.reason.strip()):
            raise Problem("write_forbidden", "expected one's own identity, or an officer of its unit with a reason")
        if identity is None:
            raise Problem("identity_needed")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        withdraw(proposed.examined.subject, parts.credentials, transaction, now=proposed.now)

    return Kind(name="withdrawal", sort=Sort.ONCE, examine=examine, check=check, react=react, feeds=_feeds)


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    value: Any = state["withdrawal"].shown
    return frozenset({f"person/{value['subject']}"})
