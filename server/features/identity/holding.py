"""A holding: a phone asks for a credential, bound to a key that it made for it and that signs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from server import once
from server.auth import Parts, of_writer
from server.codes.credential import Profile
from server.credentials import Holder, check_free, proven_holder
from server.days import local_day
from server.errors import Problem
from server.features.identity.age import age_flags, born_number
from server.features.identity.identity import identity_of
from server.features.identity.renewal import Held, giving_way
from server.kinds import Kind, Proposed, Sort
from server.store import Reader, Transaction

_PROFILES: Final = {"gate": Profile.GATE, "age": Profile.AGE, "full": Profile.FULL}
_A_MONTH: Final = 100
"""How many credentials a person gets in 30 days: many times what phones ask for, and few enough that nobody uses up
their unit's status list, in which each has a place."""
_MANY: Final = 10_000
"""More credentials in force than a person has."""


class Holding(once.Value):
    """`jwk` is the holder's public key, `proof` (base64url of r||s) its signature over this record's id."""

    profile: Literal["gate", "age", "full"]
    jwk: dict[str, str]
    proof: Annotated[str, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class Examined:
    """A holding whose key has proven itself."""

    profile: str
    holder: Holder


def kind(parts: Parts) -> Kind:
    """Return the kind `holding`: once, one key `holding` with `{profile, jwk, proof}`."""

    def examine(proposed: Proposed) -> Examined:
        change, look = proposed.change, proposed.look
        said = once.read(change, Holding)
        person, device = proposed.actor.person, change.replica
        holder = proven_holder(said.jwk, said.proof, record=change.id, person=person, device=device, look=look)
        return Examined(said.profile, holder)

    def check(proposed: Proposed) -> None:
        examined: Examined = proposed.examined
        if identity_of(proposed.actor.person, proposed.look) is None:
            raise Problem("identity_needed")
        check_free(examined.holder, proposed.look)
        if parts.credentials.issued_to(examined.holder.person, look=proposed.look, now=proposed.now) >= _A_MONTH:
            raise Problem("holding_limit", f"expected at most {_A_MONTH} in 30 days")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        examined: Examined = proposed.examined
        holder, now = examined.holder, proposed.now
        identity: Any = identity_of(holder.person, transaction)
        held = _held(holder.person, transaction)
        old = giving_way(held, device=holder.device, profile=examined.profile, now=now)
        parts.credentials.revoke(old, transaction, now=now)
        born = date.fromisoformat(identity["born"].shown)
        parts.credentials.issue_identity(
            holder,
            _PROFILES[examined.profile],
            unit=str(identity["unit"].shown),
            name=str(identity["name"].shown),
            born=born_number(born),
            photo=bytes.fromhex(identity["photo_hash"].shown),
            ages=age_flags(local_day(now), born=born),
            transaction=transaction,
            now=now,
        )

    return Kind(name="holding", sort=Sort.ONCE, examine=examine, check=check, react=react, feeds=of_writer("holding"))


def _held(person: str, look: Reader) -> list[Held]:
    """Return the identity credentials of a person that were not revoked; invitations that they claimed don't count."""
    found = look.find("credential", "person", person, limit=_MANY)
    return [_as_held(id, state) for id, state in found if state["profile"].shown in _PROFILES]


def _as_held(id: str, state: Mapping[str, Any]) -> Held:
    return Held(
        id=id,
        device=state["device"].shown,
        profile=state["profile"].shown,
        exp=state["exp"].shown,
        issued_at=state["issued_at"].shown,
    )
