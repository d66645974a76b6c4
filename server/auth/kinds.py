"""The records of people: who they are, their passkeys with what was signed of them, and their devices."""

from __future__ import annotations

from typing import Final

from server.kinds import Feeds, Kind, Sort, by_key, of_person
from server.store import Reader
from sync.record import State


def _own(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{id}"})


def of_writer(key: str) -> Feeds:
    """Place records with the person whose device wrote their key `key`."""

    def feeds(id: str, state: State, look: Reader) -> frozenset[str]:
        device = look.get("device", state[key].heads[-1].replica)
        assert device is not None  # a batch is taken from enrolled devices only
        return frozenset({f"person/{device['person'].shown}"})

    return feeds


PERSON: Final = Kind(name="person", sort=Sort.SERVED, feeds=_own, index=by_key("unit"))
"""Keys: `name role unit created_at`."""

PASSKEY: Final = Kind(name="passkey", sort=Sort.SERVED, feeds=of_person, index=by_key("person"))
"""Under the SHA-256 of the credential id. Keys: `person credential public_key transports label created_at
revoked_at`; the public key is base64url COSE."""

REGISTRATION: Final = Kind(name="registration", sort=Sort.SERVED, feeds=of_person)
"""What the city signed of a resident's passkey, under the same id (registration.py). Keys: `person credential jws`."""

DEVICE: Final = Kind(name="device", sort=Sort.SERVED, feeds=of_person, index=by_key("person"))
"""Under `jwk.device_id`. Keys: `person jwk label document assertion enrolled_at expires_at
revoked_at revoked_by revoked_for`."""

KINDS: Final = (PERSON, PASSKEY, REGISTRATION, DEVICE)
