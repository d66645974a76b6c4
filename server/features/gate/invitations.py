"""Inviting people, and what an officer orders later: a new code, no code any more, the letter once again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from server import once
from server.auth import Parts
from server.codes.names import letters
from server.errors import Problem
from server.features.gate.issuing import CODE, Issuing
from server.features.gate.letters import address
from server.features.gate.meetings import check_officer, known_meeting, sound_meeting
from server.kinds import Kind, Proposed, Sort
from server.store import Reader, Transaction
from sync.record import State

MOST: Final = 1000
"""How many invitations a meeting may have."""
_MOST_NAMED: Final = 500
_LETTER_BYTES: Final = 32
"""Marks on one letter are without bound in Unicode; a name must fit a code, if need be by its first letter only."""


class Invitation(once.Value):
    """Who is invited, and in which language they are written to; `email` may be None where no letter is wanted."""

    unit: str
    meeting: once.Id
    name: Annotated[once.Line, Field(min_length=1, max_length=100)]
    email: Annotated[str, Field(max_length=254)] | None
    language: Literal["vi", "en"]


class Order(once.Value):
    """What shall happen to invitations of a meeting: to those named, or to all that were not cancelled."""

    unit: str
    meeting: once.Id
    invitations: Annotated[list[once.Id], Field(min_length=1, max_length=_MOST_NAMED)] | None
    do: Literal["reissue", "cancel", "resend"]


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kinds `invitation`, `invitation_code` and `invitation_order`."""
    issuing = Issuing(parts)

    def examine(proposed: Proposed) -> Invitation:
        value = once.read(proposed.change, Invitation)
        _check_name(value.name)
        if value.email is not None:
            _check_address(value.email)
        return value

    def check(proposed: Proposed) -> None:
        value: Invitation = proposed.examined
        check_officer(proposed.actor, value.unit)
        sound_meeting(value.meeting, unit=value.unit, now=proposed.now, look=proposed.look)
        if proposed.look.count("invitation", "meeting", value.meeting) >= MOST:
            raise Problem("meeting_full", f"expected at most {MOST} invitations to a meeting")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        value: Invitation = proposed.examined
        meeting = sound_meeting(value.meeting, unit=value.unit, now=proposed.now, look=transaction)
        issuing.issue(proposed.change.id, meeting, transaction, now=proposed.now)

    def examine_order(proposed: Proposed) -> Order:
        return once.read(proposed.change, Order)

    def check_order(proposed: Proposed) -> None:
        order: Order = proposed.examined
        check_officer(proposed.actor, order.unit)
        if order.do == "cancel":
            known_meeting(order.meeting, unit=order.unit, look=proposed.look)
        else:
            sound_meeting(order.meeting, unit=order.unit, now=proposed.now, look=proposed.look)
        for id in order.invitations or ():
            code = proposed.look.get("invitation_code", id)
            if code is None or (code["unit"].shown, code["meeting"].shown) != (order.unit, order.meeting):
                raise Problem("invitation_unknown", f"expected an invitation to {order.meeting}, got {id}")
            if order.do != "cancel" and code["status"].shown == "cancelled":
                raise Problem("invitation_cancelled")

    def react_order(proposed: Proposed, transaction: Transaction) -> None:
        order: Order = proposed.examined
        now = proposed.now
        for id, code in _ordered(order, transaction):
            if code["status"].shown == "cancelled" or ("ordered_at" in code and code["ordered_at"].shown == now):
                continue  # it is gone, or another order of the same request has seen to it
            if order.do == "cancel":
                issuing.cancel(id, transaction, now=now)
                continue
            meeting = sound_meeting(order.meeting, unit=order.unit, now=now, look=transaction)
            if order.do == "reissue":
                issuing.issue(id, meeting, transaction, now=now)
            else:
                issuing.resend(id, meeting, transaction, now=now)

    invitation = Kind(
        name="invitation",
        sort=Sort.ONCE,
        feeds=_of_unit("invitation"),
        index=_by_meeting,
        examine=examine,
        check=check,
        react=react,
    )
    order = Kind(
        name="invitation_order",
        sort=Sort.ONCE,
        feeds=_of_unit("invitation_order"),
        examine=examine_order,
        check=check_order,
        react=react_order,
    )
    return (invitation, CODE, order)


def _ordered(order: Order, look: Reader) -> Iterable[tuple[str, State]]:
    if order.invitations is None:
        yield from look.find("invitation_code", "meeting", order.meeting, limit=MOST)
        return
    for id in dict.fromkeys(order.invitations):
        state = look.get("invitation_code", id)
        assert state is not None  # check_order() saw it in this transaction
        yield id, state


def _check_name(name: str) -> None:
    if not name.strip():
        raise Problem("value_shape", "expected a name")
    if any(len(letter.encode()) > _LETTER_BYTES for letter in letters(name)):
        raise Problem("value_shape", f"expected letters of at most {_LETTER_BYTES} bytes in a name")


def _check_address(text: str) -> None:
    """Refuse what no letter can be sent to, also what would end a header of one."""
    try:
        if text != text.strip():
            raise ValueError(f"got {text!r}")
        address(text)
    except ValueError as error:
        raise Problem("email_shape", f"expected an e-mail address: {error}") from error


def _of_unit(kind: str) -> Any:
    def feeds(id: str, state: State, look: Reader) -> frozenset[str]:
        return frozenset({f"unit/{once.value(kind, state)['unit']}"})

    return feeds


def _by_meeting(state: State) -> Mapping[str, str]:
    return {"meeting": once.value("invitation", state)["meeting"]}
