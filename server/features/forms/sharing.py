"""Sharing a draft: whom it is shared with, and how a person comes in (kind `joining`)."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final

from pydantic import Field

from server import once
from server.auth import of_writer
from server.errors import Problem
from server.kinds import Actor, Kind, Proposed, Role, Sort
from server.store import Reader, Transaction
from sync.canonical import Value
from sync.record import State

MOST: Final = 10
"""How many people and desks a draft may be shared with at once, and how many invitations may be open."""
PERSON: Final = "share/person/"
UNIT: Final = "share/unit/"
INVITE: Final = "invite/"


class Joining(once.Value):
    """What a person read out of an invitation: which draft, and the secret that opens it once."""

    draft: once.Id
    secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")]


def owner_of(state: State) -> str:
    """Return the id of the person whose draft this is."""
    return str(state["owner"].shown)


def shown(state: State, key: str) -> Value:
    """Return what a key shows, None when nobody has written it."""
    return state[key].shown if key in state else None


def stands(state: State, key: str) -> bool:
    """Return whether a share or an invitation holds.

    Taking back wins over whatever was written without having seen it: two phones of the owner, offline, must not
    bring back what one of them has taken back.
    """
    return key in state and all(head.value is not None for head in state[key].heads)


def shares(state: State) -> frozenset[str]:
    """Return the feeds of everyone whom the draft is shared with."""
    standing = (key for key in state if key.startswith("share/") and stands(state, key))
    return frozenset(key.removeprefix("share/") for key in standing)


def is_over(state: State) -> bool:
    """Return whether there is nothing left to fill: the owner has signed the draft, or removed it."""
    return shown(state, "submission") is not None or shown(state, "removed") is True


def own_shares(actor: Actor) -> tuple[str, ...]:
    """Return the keys under which a draft may be shared with someone: as a person, and as an officer of a desk."""
    own = (PERSON + actor.person,)
    return (*own, f"{UNIT}{actor.unit}") if actor.role is Role.OFFICER else own


def feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    """Place a draft with its owner, and, until the owner has signed or removed it, with whom it is shared."""
    own = frozenset({f"person/{owner_of(state)}"})
    return own if is_over(state) else own | shares(state)


def check_signer(draft: Value, *, person: str, look: Reader) -> None:
    """Refuse a submission of a draft that another person owns: co-editors help, only the owner signs."""
    state = look.get("draft", draft) if isinstance(draft, str) and draft else None
    if state is not None and owner_of(state) != person:
        raise Problem("draft_signer")


def joining(draft: Kind) -> Kind:
    """Return the kind `joining`, whose reaction writes into records of the kind `draft`."""

    def examine(proposed: Proposed) -> Joining:
        return once.read(proposed.change, Joining)

    def check(proposed: Proposed) -> None:
        wanted: Joining = proposed.examined
        state, key = proposed.look.get("draft", wanted.draft), invite_key(wanted.secret)
        # Whether there is such a draft is told only to those who know a secret of it.
        if state is None or key not in state:
            raise Problem("invite_unknown")
        if _is_in(proposed.actor, state):
            return
        if is_over(state) or not stands(state, key):
            raise Problem("invite_over")
        invite: Any = state[key].shown
        if invite["until"] <= proposed.now:
            raise Problem("invite_expired")
        if len(shares(state)) >= MOST:
            raise Problem("share_limit")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        wanted: Joining = proposed.examined
        state, person = transaction.get("draft", wanted.draft), proposed.actor.person
        assert state is not None  # `check` has seen it in this transaction
        if _is_in(proposed.actor, state):
            return
        values: dict[str, Value] = {
            PERSON + person: {"name": name_of(person, transaction), "at": proposed.now},
            invite_key(wanted.secret): None,
        }
        draft.serve(transaction, wanted.draft, values, now=proposed.now)

    return Kind(name="joining", sort=Sort.ONCE, feeds=of_writer("joining"), examine=examine, check=check, react=react)


def name_of(person: str, look: Reader) -> Value:
    """Return what a person who has an account is called."""
    state = look.get("person", person)
    assert state is not None  # whoever acts has an account
    return state["name"].shown


def invite_key(secret: str) -> str:
    """Return the key of the invitation that a secret opens. The draft holds only the secret's hash."""
    return INVITE + hashlib.sha256(secret.encode()).hexdigest()


def _is_in(actor: Actor, state: State) -> bool:
    """Whoever is in already uses nothing up: the same link, opened on the second phone, is no mistake."""
    return owner_of(state) == actor.person or stands(state, PERSON + actor.person)
