"""What becomes of an invitation: its code, the letter that brings it, and the end of every code before it."""

from __future__ import annotations

import secrets
from typing import Any, Final

from server import once
from server.auth import Parts
from server.codes import invitation as codes
from server.codes.invitation import Invitation
from server.features.gate.letters import Content, Words
from server.features.gate.meetings import Meeting
from server.kinds import Kind, Sort
from server.mailing import queue
from server.statuslists import INVALID, REISSUED, invitations_of
from server.store import Reader, Transaction
from sync.canonical import Value
from sync.record import State, shown

_MOST_KEPT: Final = 200
"""How many places of earlier codes a record names; those before them stay marked in the list."""


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"unit/{state['unit'].shown}"})


def _index(state: State) -> dict[str, str]:
    return {name: str(state[name].shown) for name in ("meeting", "cti")}


CODE: Final = Kind(name="invitation_code", sort=Sort.SERVED, feeds=_feeds, index=_index)
"""The present code of an invitation, under the invitation's id.

Keys: `unit meeting code cti index indexes version status issued_at claimed_at cancelled_at ordered_at`. `code` is the
text `MCI1:...`, `index` its place in the unit's status list, `indexes` those of earlier codes, `status` "issued",
"claimed" or "cancelled", `ordered_at` when an officer last had something done with it; times are ms since 1970.
"""


class Issuing:
    """Makes and ends the codes of invitations, each with the letter that says so, in the caller's transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def issue(self, id: str, meeting: Meeting, transaction: Transaction, *, now: int) -> None:
        """Sign a code for an invitation as the meeting is now; every earlier one, claimed or not, is dead then."""
        value = _value(id, transaction)
        before = transaction.get("invitation_code", id)
        known: dict[str, Any] = {} if before is None else shown(before)
        earlier = self._end(id, known, status=REISSUED, transaction=transaction, now=now)
        signer = self._parts.issuers.signer(meeting.unit, transaction)
        cti = bytes.fromhex(known["cti"]) if known else secrets.token_bytes(8)
        code = codes.fitted(
            Invitation(
                kid=signer.kid,
                exp=meeting.ends // 1000,
                nbf=max(0, meeting.opens_at // 1000),
                cti=cti,
                place=meeting.place.number,
                index=self._parts.statuslists.allocate(invitations_of(meeting.unit), transaction),
                name=value["name"],
                gates=sum(1 << bit for bit in meeting.gates),
                entries=meeting.entries,
                meeting=bytes.fromhex(meeting.id[-6:]),
            )
        )
        text = codes.text(codes.encode(code, signer.sign))
        version = int(known.get("version", 0)) + 1
        values: dict[str, Value] = {
            "unit": meeting.unit,
            "meeting": meeting.id,
            "code": text,
            "cti": cti.hex(),
            "index": code.index,
            "indexes": earlier,
            "version": version,
            "status": "issued",
            "issued_at": now,
            **({"claimed_at": None, "ordered_at": now} if known else {}),
        }
        CODE.serve(transaction, id, values, now=now)
        sort = "update" if known else "invite"
        self._write(id, value, self._content(value, meeting, code=text, version=version, look=transaction), sort=sort,
                    transaction=transaction, now=now)  # fmt: skip

    def resend(self, id: str, meeting: Meeting, transaction: Transaction, *, now: int) -> None:
        """Send the letter with the present code once again."""
        state = CODE.serve(transaction, id, {"ordered_at": now}, now=now)
        value, known = _value(id, transaction), shown(state)
        version = int(str(known["version"]))
        content = self._content(value, meeting, code=str(known["code"]), version=version, look=transaction)
        self._write(id, value, content, sort="invite", transaction=transaction, now=now)

    def cancel(self, id: str, transaction: Transaction, *, now: int) -> None:
        """End every code of an invitation for good, and tell the guest what was announced last and holds no more."""
        state = transaction.get("invitation_code", id)
        assert state is not None
        known = shown(state)
        self._end(id, known, status=INVALID, transaction=transaction, now=now)
        version = int(str(known["version"])) + 1
        values: dict[str, Value] = {"status": "cancelled", "version": version, "cancelled_at": now, "ordered_at": now}
        CODE.serve(transaction, id, values, now=now)
        announced = _announced(id, transaction)
        if announced is not None and announced.ends > now:
            content = announced.model_copy(update={"code": None, "version": version})
            self._write(id, _value(id, transaction), content, sort="cancel", transaction=transaction, now=now)

    def _end(self, id: str, known: Any, *, status: int, transaction: Transaction, now: int) -> list[Value]:
        """Mark every code that an invitation has had; return their places in the list, those of bare codes only."""
        if not known:
            return []
        places = [*known["indexes"], known["index"]]
        self._parts.statuslists.set(invitations_of(known["unit"]), dict.fromkeys(places, status), transaction)
        self._parts.credentials.revoke_of_invitation(id, transaction, status=status, now=now)
        return places[-_MOST_KEPT:]

    def _content(self, value: Any, meeting: Meeting, *, code: str, version: int, look: Reader) -> Content:
        return Content(
            origin=self._parts.config.origin,
            language=value["language"],
            name=value["name"],
            unit=_unit(meeting.unit, look),
            title=meeting.title,
            place=meeting.place.name,
            address=meeting.place.address,
            gates=tuple(meeting.place.gates[bit] for bit in meeting.gates),
            starts=meeting.starts,
            ends=meeting.ends,
            opens=meeting.opens,
            host=meeting.host,
            room=meeting.room,
            note=meeting.note,
            entries=meeting.entries,
            version=version,
            code=code,
        )

    def _write(self, id: str, value: Any, content: Content, *, sort: str, transaction: Transaction, now: int) -> None:
        if value["email"] is not None:
            queue(
                transaction,
                id=f"{id}-{content.version}",
                unit=value["unit"],
                invitation=id,
                to=value["email"],
                sort=sort,
                content=content.to_value(),
                now=now,
            )


def _value(id: str, look: Reader) -> Any:
    state = look.get("invitation", id)
    assert state is not None
    return once.value("invitation", state)


def _announced(id: str, look: Reader) -> Content | None:
    """Return what the last letter said."""
    letters: list[State] = [state for _, state in look.find("mail", "invitation", id, limit=1000)]
    last = max(letters, key=lambda state: int(str(state["queued_at"].shown)), default=None)
    return None if last is None else Content.model_validate(last["content"].shown)


def _unit(unit: str, look: Reader) -> Words:
    state = look.get("unit", unit)
    return Words(vi=unit, en=unit) if state is None else Words.model_validate(state["name"].shown)
