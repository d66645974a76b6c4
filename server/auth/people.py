"""People: who a link or a passkey makes someone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from server.auth import passkeys
from server.auth.acts import passkey_id
from server.auth.kinds import PASSKEY, PERSON
from server.auth.links import Link
from server.auth.parts import Parts
from server.auth.passkeys import Ceremony, NewPasskey
from server.errors import Problem
from server.kinds import Actor, Role
from server.store import Reader, Transaction
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
    ceremony: Ceremony, link: Link | None, made: NewPasskey, *, label: str, transaction: Transaction, now: int
) -> Actor:
    """Keep a new passkey, and its person if they are new; a passkey that is known raises `passkey_taken`."""
    person, id = ceremony.person, passkey_id(made.credential)
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
    return _actor(person, transaction)


def sign_in(parts: Parts, credential: Mapping[str, Any], *, challenge: bytes, look: Reader) -> Actor:
    """Return whose passkey answered the challenge."""
    passkey = look.get("passkey", passkeys.credential_id(credential))
    if passkey is None or ("revoked_at" in passkey and passkey["revoked_at"].shown is not None):
        raise Problem("passkey_unknown")
    public_key = unbase64url(str(passkey["public_key"].shown))
    handle = passkeys.verify_sign_in(parts, credential, public_key=public_key, challenge=challenge)
    person = str(passkey["person"].shown)
    if handle is not None and handle != person:
        raise Problem("passkey_refused", "expected the user handle of the passkey's person")
    return _actor(person, look)


def _actor(person: str, look: Reader) -> Actor:
    state = _person(person, look)
    unit = state["unit"].shown
    return Actor(person=person, role=Role(str(state["role"].shown)), unit=None if unit is None else str(unit))


def _person(person: str, look: Reader) -> State:
    state = look.get("person", person)
    if state is None:
        raise Problem("passkey_unknown", "expected a person who exists")
    return state
