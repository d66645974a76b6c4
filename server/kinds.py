"""What a feature declares about one sort of record, and who acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from server import shards
from server.store import NOTHING_AHEAD, Ahead, Reader, Transaction
from sync import record
from sync.canonical import Value
from sync.change import Change
from sync.record import State

SERVER: Final = "server"
"""The replica that writes served records."""


class Role(StrEnum):
    """What a person is to the service."""

    RESIDENT = "resident"
    GUARD = "guard"
    OFFICER = "officer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts; staff act for one unit."""

    person: str
    role: Role
    unit: str | None

    @property
    def feeds(self) -> frozenset[str]:
        """The feeds that this person may read."""
        feeds = {"public", f"person/{self.person}"}
        if self.unit is not None and self.role in (Role.OFFICER, Role.OPERATOR):
            feeds.add(f"unit/{self.unit}")
        return frozenset(feeds)

    @property
    def on_request(self) -> frozenset[str]:
        """Further feeds that this person may read, which are served only when the request names them (SPEC.md F8)."""
        if self.unit is None or self.role is Role.RESIDENT:
            return frozenset()
        own = {f"gate/{self.unit}"}
        return frozenset(own if self.role is Role.OPERATOR else own | {"gates"})


class Sort(StrEnum):
    """How the records of a kind come about (see ARCHITECTURE.md)."""

    SHARED = "shared"
    ONCE = "once"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that someone wants, with all that a rule may look at.

    `state` is the record's before the change; `examined` is what the kind's `examine` returned. `receipts` are what the
    sender says to have had from this server for such changes: JWS by `<kind>/<id>` (SPEC.md B8).
    """

    change: Change
    actor: Actor
    state: State
    now: int
    look: Reader
    examined: Any = None
    receipts: Mapping[str, str] = field(default_factory=dict)


Check: TypeAlias = Callable[[Proposed], None]
Examine: TypeAlias = Callable[[Proposed], object]
Feeds: TypeAlias = Callable[[str, State, Reader], frozenset[str]]
React: TypeAlias = Callable[[Proposed, Transaction], None]
Looks: TypeAlias = Callable[[Change, Any, int], Ahead]
Index: TypeAlias = Callable[[State], Mapping[str, str]]


def _no_more(change: Change, examined: object, now: int) -> Ahead:
    """Look at nothing but the record itself."""
    return NOTHING_AHEAD


def _nothing(proposed: Proposed) -> None:
    """Object to nothing."""


def _no_reaction(proposed: Proposed, transaction: Transaction) -> None:
    """Let the change stand alone."""


def _no_index(state: State) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of record. All functions raise `Problem` to refuse.

    `examine` does what is costly and needs no lock, such as verifying signatures; it runs once, before the
    transaction, and what it returns is handed on. `check` decides inside the transaction. `react` writes the served
    records that follow from a change. `feeds` places a record, given its id and state. `index` gives the fields by
    which `Reader.find` finds it. `ahead` names what else taking a change will look at, given what
    `examine` returned and the time: a hint.
    """

    name: str
    sort: Sort
    feeds: Feeds
    examine: Examine = _nothing
    check: Check = _nothing
    react: React = _no_reaction
    index: Index = _no_index
    ahead: Looks = _no_more

    def save(self, transaction: Transaction, id: str, state: State) -> None:
        """Store a state of this kind in its feeds."""
        feeds = shards.placed(self.feeds(id, state, transaction), kind=self.name, id=id, look=transaction)
        transaction.put(self.name, id, state, feeds=feeds, indexed=self.index(state))

    def serve(self, transaction: Transaction, id: str, values: Mapping[str, Value], *, now: int) -> State:
        """Write `values` into a served record as the server; return the new state."""
        state = transaction.get(self.name, id) or {}
        state = record.written(state, values, replica=SERVER, at=now)
        self.save(transaction, id, state)
        return state


def public(id: str, state: State, look: Reader) -> frozenset[str]:
    """Place a record where everyone may read it."""
    return frozenset({"public"})


def of_person(id: str, state: State, look: Reader) -> frozenset[str]:
    """Place a record with the person whom its key `person` names."""
    return frozenset({f"person/{state['person'].shown}"})


def nowhere(id: str, state: State, look: Reader) -> frozenset[str]:
    """Keep a record to the server itself."""
    return frozenset()


def by_key(key: str) -> Index:
    """Find records by the text that `key` shows."""

    def index(state: State) -> Mapping[str, str]:
        value = state[key].shown if key in state else None
        return {key: value} if isinstance(value, str) else {}

    return index
