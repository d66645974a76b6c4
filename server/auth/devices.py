"""Device keys: bound to a person by a passkey's signature, and revoked by the person or by staff."""

from __future__ import annotations

from typing import Any, Final, Literal

from server import jwk
from server.auth import acts
from server.auth.kinds import DEVICE
from server.auth.parts import Parts
from server.credentials import Credentials
from server.errors import Problem
from server.kinds import Actor, Role
from server.store import Transaction
from sync.canonical import Value

LONGEST: Final = 400 * 86_400_000
"""How far ahead (ms) a device's document may expire."""


class DeviceDocument(acts.Signed):
    """What a passkey signs to bind a device key. `jkt` is the key's RFC 7638 thumbprint; times are ms since 1970."""

    typ: Literal["device/1"]
    jkt: str
    credential: str
    scope: list[Literal["sync", "present"]]
    claimed_at: int
    exp: int


def enrol(parts: Parts, actor: Actor, value: dict[str, Value], transaction: Transaction) -> str:
    """Bind a device to the person; return its id. `value` is `{document, assertion, jwk, label}`.

    The phone's clock may be wrong, so `claimed_at` decides nothing; `exp` must lie ahead of the server's.
    """
    key, now = value["jwk"], parts.now()
    jwk.public_key(key)
    assert isinstance(key, dict)
    act = acts.read_act(value, DeviceDocument)
    if act.document.person != actor.person:
        raise Problem("act_person", "expected the person who is signed in")
    if act.document.jkt != jwk.thumbprint(key) or act.document.credential != act.assertion.credential:
        raise Problem("act_shape", "expected the thumbprint of the key, and the passkey that signs")
    if act.document.scope != ["sync", "present"]:
        raise Problem("act_shape", "expected the scope to be sync and present")
    if not now < act.document.exp <= now + LONGEST:
        raise Problem("act_expired", f"expected exp past {now} and within 400 days")
    acts.verify_act(act, look=transaction, rp=parts.config.rp, origins=parts.config.origins)
    id = jwk.device_id(key)
    before = transaction.get("device", id)
    if before is not None:
        if before["document"].shown != act.text or "revoked_at" in before:
            raise Problem("device_taken")
        return id  # the answer was lost on its way, and the phone asks again
    kept: dict[str, Value] = {
        "person": actor.person,
        "jwk": key,
        "label": value["label"],
        "document": act.text,
        "assertion": value["assertion"],
        "enrolled_at": now,
        "expires_at": act.document.exp,
    }
    DEVICE.serve(transaction, id, kept, now=now)
    return id


def revoke(parts: Parts, actor: Actor, id: str, *, reason: str, session: str, transaction: Transaction) -> None:
    """Close a device for ever. Its person needs no reason; an officer or operator does, and it is kept.

    `session` is the secret of the session in which this is asked for; it goes on unless the device itself holds it.
    """
    device: Any = transaction.get("device", id)
    own = device is not None and device["person"].shown == actor.person
    staff = actor.role in (Role.OFFICER, Role.OPERATOR) and reason != ""
    if device is None or not (own or staff):
        raise Problem("device_unknown", "expected a device of one's own, or staff with a reason")
    if "revoked_at" not in device:
        credentials, now = parts.credentials, parts.now()
        close(id, credentials, by=actor, reason=reason, transaction=transaction, now=now, session=session)


def close(
    id: str,
    credentials: Credentials,
    *,
    by: Actor,
    reason: str,
    transaction: Transaction,
    now: int,
    session: str = "",
) -> None:
    """Mark a device as revoked, for good, with all that it could show at a gate.

    The sessions that it holds end, and those that no device holds.
    """
    kept: dict[str, Value] = {"revoked_at": now, "revoked_by": by.person, "revoked_for": reason}
    device = DEVICE.serve(transaction, id, kept, now=now)
    credentials.revoke_of_device(id, transaction, now=now)
    transaction.drop_tickets(f"device/{id}")
    transaction.drop_tickets(f"person/{device['person'].shown}", but=("session", session))
