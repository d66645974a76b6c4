"""Claiming: an invitation moves into a phone, which from then on must show it; the bare code no longer admits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from server import once
from server.auth import Parts, of_writer
from server.codes import base, invitation, sign1
from server.codes.base import CodeError
from server.codes.invitation import Invitation
from server.credentials import Holder, check_free, proven_holder
from server.errors import Problem
from server.features.gate.issuing import CODE
from server.kinds import Kind, Proposed, Sort
from server.statuslists import CLAIMED, invitations_of
from server.store import Reader, Transaction
from sync.canonical import Value
from sync.record import shown

MOST: Final = 20
"""How often an invitation may be claimed, with every new phone of its guest and every new code."""


class Claim(once.Value):
    """The code as it was read, and a fresh key of the phone that shall hold the invitation, proven by a signature."""

    code: Annotated[str, Field(max_length=base.LONGEST)]
    jwk: dict[str, str]
    proof: Annotated[str, Field(max_length=100)]


@dataclass(frozen=True, slots=True)
class Examined:
    """A claim whose key is proven, with what its code says, which nobody has verified yet."""

    claim: Claim
    holder: Holder
    invitation: Invitation


def kind(parts: Parts) -> Kind:
    """Return the kind `claim`."""

    def examine(proposed: Proposed) -> Examined:
        change, person = proposed.change, proposed.actor.person
        claim = once.read(change, Claim)
        said = _read(claim.code)
        holder = proven_holder(
            claim.jwk, claim.proof, record=change.id, person=person, device=change.replica, look=proposed.look
        )
        return Examined(claim, holder, said)

    def check(proposed: Proposed) -> None:
        examined: Examined = proposed.examined
        look = proposed.look
        id, code = _present(examined, look)
        if code["status"] == "claimed" and parts.credentials.claimer(id, look=look) != proposed.actor.person:
            raise Problem("already_claimed")
        meeting = look.get("meeting", code["meeting"]) or {}
        if "cancelled" in meeting and meeting["cancelled"].shown:
            raise Problem("meeting_cancelled")
        if examined.invitation.exp * 1000 <= proposed.now:
            raise Problem("code_expired")
        check_free(examined.holder, look)
        if look.count("credential", "invitation", id) >= MOST:
            raise Problem("claim_limit", f"expected at most {MOST} claims of an invitation")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        examined: Examined = proposed.examined
        id, code = _present(examined, transaction)
        unit, now = code["unit"], proposed.now
        parts.credentials.issue_invitation(
            examined.holder,
            examined.invitation,
            unit=unit,
            record=id,
            extra={
                "meeting": code["meeting"],
                "place": examined.invitation.place,
                "about": _about(code["meeting"], transaction),
            },
            transaction=transaction,
            now=now,
        )
        parts.statuslists.set(invitations_of(unit), {code["index"]: CLAIMED}, transaction)
        CODE.serve(transaction, id, {"status": "claimed", "claimed_at": now}, now=now)

    return Kind(name="claim", sort=Sort.ONCE, feeds=of_writer("claim"), examine=examine, check=check, react=react)


def _read(text: str) -> Invitation:
    """Read a bare code; its text is compared with the one that was issued, so that no signature needs a look."""
    try:
        prefix, data = base.decode_text(text)
        if prefix != base.INVITATION:
            raise CodeError("not_a_code", f"expected {base.INVITATION}")
        return invitation.from_sign1(sign1.parse(data))
    except CodeError as error:
        raise Problem("code_unknown", str(error)) from error


def _present(examined: Examined, look: Reader) -> tuple[str, dict[str, Any]]:
    """Return id and values of the invitation whose present code this is, or raise the problem that says why none is."""
    found = look.find("invitation_code", "cti", examined.invitation.cti.hex(), limit=1)
    id, code = (found[0][0], dict[str, Any](shown(found[0][1]))) if found else ("", {})
    same = code.get("code") == examined.claim.code
    if not same and examined.invitation.index not in code.get("indexes", ()):
        raise Problem("code_unknown")
    if code["status"] == "cancelled":
        raise Problem("code_cancelled")
    if not same:
        raise Problem("code_replaced")
    return id, code


def _about(meeting: str, look: Reader) -> Value:
    """Return what the wallet shows of a meeting."""
    state = look.get("meeting", meeting)
    known = {} if state is None else shown(state)
    place = look.get("place", str(known.get("place")))
    building = {} if place is None else shown(place)
    chosen: Any = known.get("gates", [])
    gates: Any = building.get("gates", [])
    return {
        **{key: known.get(key, "") for key in ("title", "host", "room")},
        **{key: known.get(key) for key in ("unit", "starts", "ends", "opens", "entries")},
        "place": building.get("name"),
        "address": building.get("address"),
        "gates": [gate["name"] for gate in gates if gate["bit"] in chosen],
    }
