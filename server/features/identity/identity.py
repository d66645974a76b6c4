"""Who someone is, as an officer found at the desk (level 2), and how that ends."""

from __future__ import annotations

from typing import Final

from server.credentials import Credentials
from server.kinds import Kind, Sort
from server.store import Reader, Transaction
from sync.record import State


def _own(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{id}"})


def _index(state: State) -> dict[str, str]:
    """Find identities in force by the card's number and by the hash of the photo."""
    return {name: str(state[name].shown) if _in_force(state) else "" for name in ("number", "photo_hash")}


IDENTITY: Final = Kind(name="identity", sort=Sort.SERVED, feeds=_own, index=_index)
"""Under the person's id. Keys: `level name born sex number photo photo_hash unit verified_at verification
withdrawn_at`; `level` is 2, `born` yyyy-mm-dd, `photo` a JPEG in base64url, `unit` the one that vouches."""


def identity_of(person: str, look: Reader) -> State | None:
    """Return the identity of a person, unless they have none or it was withdrawn."""
    state = look.get("identity", person)
    return state if state is not None and _in_force(state) else None


def withdraw(person: str, credentials: Credentials, transaction: Transaction, *, now: int) -> None:
    """End an identity, with every credential that rests on it."""
    IDENTITY.serve(transaction, person, {"withdrawn_at": now}, now=now)
    credentials.revoke_of_person(person, transaction, now=now)


def _in_force(state: State) -> bool:
    return "withdrawn_at" not in state or state["withdrawn_at"].shown is None
