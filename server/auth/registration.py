"""What the city says of a passkey that a resident registered: they keep it, and come back with it (SPEC.md B11).

A service that was restored from a backup knows nobody who registered since. It takes its own word for them, signed by
the city's root key. Staff come by a link of their operator, also then.
"""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from server.auth.acts import passkey_id
from server.auth.kinds import PASSKEY, PERSON, REGISTRATION
from server.auth.parts import Parts
from server.issuers import ROOT
from server.kinds import Actor, Role
from server.store import Reader, Transaction
from sync.canonical import Value

TYPE: Final = "motcua-registration+jws"
_OF_PASSKEY: Final = ("person", "credential", "public_key", "transports", "label", "created_at")


class Registration(BaseModel):
    """A person and one of their passkeys, as in their records. `created_at` is when the passkey was registered (ms)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rp: str
    person: str
    name: str
    credential: str
    public_key: str
    transports: list[str]
    label: str
    created_at: int

    @property
    def actor(self) -> Actor:
        """The person, who is a resident."""
        return Actor(person=self.person, role=Role.RESIDENT, unit=None)


def testify(parts: Parts, actor: Actor, credential: str, transaction: Transaction) -> None:
    """Sign what was registered of a resident's passkey, unless it was done before."""
    id = passkey_id(credential)
    if actor.role is not Role.RESIDENT or transaction.get("registration", id) is not None:
        return
    person, passkey = transaction.get("person", actor.person), transaction.get("passkey", id)
    assert person is not None and passkey is not None  # it has just been registered or used
    facts: dict[str, Value] = {name: passkey[name].shown for name in _OF_PASSKEY}
    facts |= {"rp": parts.config.rp, "name": person["name"].shown}
    parts.issuers.ensure_in(ROOT, transaction)
    jws = parts.issuers.sign_jws(ROOT, TYPE, facts, look=transaction)
    values: dict[str, Value] = {"person": actor.person, "credential": credential, "jws": jws}
    REGISTRATION.serve(transaction, id, values, now=parts.now())


def believed(parts: Parts, jws: str | None, credential: str, look: Reader) -> Registration | None:
    """Return what a registration says, if this city signed it for the passkey before it was restored."""
    facts: dict[str, Value] = {"rp": parts.config.rp, "credential": credential}
    payload = parts.issuers.own(jws, TYPE, unit=ROOT, facts=facts, look=look)
    try:
        said = None if payload is None else Registration.model_validate(payload)
    except ValidationError:
        return None
    if said is None or said.created_at >= parts.store.life.restored_at:
        return None
    person = look.get("person", said.person)
    return said if person is None or person["role"].shown == Role.RESIDENT else None


def bring_back(said: Registration, transaction: Transaction, *, now: int) -> None:
    """Write what a restore took of a person and a passkey; what is there stays."""
    id = passkey_id(said.credential)
    if transaction.get("passkey", id) is not None:
        return
    if transaction.get("person", said.person) is None:
        values: dict[str, Value] = {
            "name": said.name,
            "role": Role.RESIDENT.value,
            "unit": None,
            "created_at": said.created_at,
        }
        PERSON.serve(transaction, said.person, values, now=now)
    PASSKEY.serve(transaction, id, {name: getattr(said, name) for name in _OF_PASSKEY}, now=now)
