"""People: who a link or a passkey makes someone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.auth import passkeys, registration
from server.auth.acts import passkey_id
from server.auth.kinds import PASSKEY, PERSON
from server.auth.links import Link
from server.auth.parts import Parts
from server.auth.passkeys import Ceremony, NewPasskey
from server.auth.registration import Registration
from server.errors import Problem
from server.kinds import Actor, Role
from server.store import Ahead, Reader, Transaction
from sync.batch import unbase64url
from sync.canonical import Value
from sync.ids import uuid7
from sync.record import State


def describe(actor: Actor, look: Reader) -> dict[str, Value]:
    """Return `{id, name, role, unit}` of a person who exists."""
    state = look.get("person", actor.person)
    assert state is not None
    return {"id": actor.person, "name": state["name"].shown, "role": actor.role.value, "unit": actor.unit}


def to_register(link: Link | None, name: str, look: Reader, *, now: int) -> tuple[str, str, list[str]]:
    """Return the person to be, their name, and the credential ids that they have already (all base64url)."""
    if link is None or link.person is None:
        return uuid7(now, entropy=secrets.randbits(74)), (link.name if link else None) or name, []
    known = look.find("passkey", "person", link.person)
    person = _person(link.person, look)
    return link.person, str(person["name"].shown), [str(state["credential"].shown) for _, state in known]


def register(
    parts: Parts, ceremony: Ceremony, link: Link | None, made: NewPasskey, *, label: str, transaction: Transaction
) -> Actor:
    """Keep a new passkey, and its person if they are new; a passkey that is known raises `passkey_taken`."""
    person, id, now = ceremony.person, passkey_id(made.credential), parts.now()
    assert person is not None
    if transaction.get("passkey", id) is not None:
        raise Problem("passkey_taken")
    if transaction.get("person", person) is None:
        link = link or Link(role=Role.RESIDENT)
        values: dict[str, Value] = {
            "name": ceremony.name,
            "role": link.role.value,
            "unit": link.unit,
            "created_at": now,
        }
        PERSON.serve(transaction, person, values, now=now)
    passkey: dict[str, Value] = {
        "person": person,
        "credential": made.credential,
        "public_key": made.public_key,
        "transports": list(made.transports),
        "label": label,
        "created_at": now,
    }
    PASSKEY.serve(transaction, id, passkey, now=now)
    actor = _actor(person, transaction)
    registration.testify(parts, actor, made.credential, transaction)
    return actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose passkey answered; `back` is what this service has lost of them, and takes its own word for."""

    actor: Actor
    credential: str
    back: Registration | None

    def ahead(self) -> Ahead:
        """Return what welcoming them looks at."""
        return Ahead(records=frozenset({("registration", passkey_id(self.credential))}))


def sign_in(
    parts: Parts, credential: Mapping[str, Any], jws: str | None, *, challenge: bytes, look: Reader
) -> SignedIn:
    """Return whose passkey answered the challenge; `jws` is what this service once signed of it, if they have that."""
    passkey = look.get("passkey", passkeys.credential_id(credential))
    back = registration.believed(parts, jws, credential["id"], look) if passkey is None else None
    if back is not None:
        actor, public_key = back.actor, back.public_key
    elif passkey is None or ("revoked_at" in passkey and passkey["revoked_at"].shown is not None):
        raise Problem("passkey_unknown")
    else:
        actor, public_key = _actor(str(passkey["person"].shown), look), str(passkey["public_key"].shown)
    handle = passkeys.verify_sign_in(parts, credential, public_key=unbase64url(public_key), challenge=challenge)
    if handle is not None and handle != actor.person:
        raise Problem("passkey_refused", "expected the user handle of the passkey's person")
    return SignedIn(actor, credential["id"], back)


def welcome(parts: Parts, who: SignedIn, transaction: Transaction) -> Actor:
    """Write what follows from signing in: who is back after a restore, and what brings them back after the next."""
    if who.back is not None:
        registration.bring_back(who.back, transaction, now=parts.now())
    registration.testify(parts, who.actor, who.credential, transaction)
    return who.actor


def _actor(person: str, look: Reader) -> Actor:
    state = _person(person, look)
    unit = state["unit"].shown
    return Actor(person=person, role=Role(str(state["role"].shown)), unit=None if unit is None else str(unit))


def _person(person: str, look: Reader) -> State:
    state = look.get("person", person)
    if state is None:
        raise Problem("passkey_unknown", "expected a person who exists")
    return state
