"""What the guard's screen can say of whoever shows a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from server.codes.credential import Credential, Profile
from server.codes.invitation import Invitation
from server.features.gate.presence import Event, Presence
from server.features.gate.shown import Shown


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of whoever shows the code; nothing at all before its signatures hold. Times are ms since 1970.

    `photo` is 32 hex digits; `first` is the earliest entry; `entries` of `max` (0: no bound) were used.
    """

    sort: Literal["invitation", "identity"] | None = None
    profile: Literal["gate", "age", "full"] | None = None
    name: str | None = None
    born: str | None = None
    ages: int | None = None
    photo: str | None = None
    subject: str | None = None
    meeting: str | None = None
    place: int | None = None
    gates: int | None = None
    from_: int | None = None
    until: int | None = None
    entries: int | None = None
    max: int | None = None
    presentation: str | None = None
    first: Event | None = None


def facts_of(shown: Shown, past: Presence) -> Facts:
    """Return what a code that was believed says, and what its subject's check-ins say."""
    issued = shown.issued
    if isinstance(issued, Invitation):
        return Facts(
            sort="invitation",
            name=issued.name,
            subject=shown.subject,
            meeting=issued.meeting.hex(),
            place=issued.place,
            gates=issued.gates,
            from_=issued.nbf * 1000,
            until=issued.exp * 1000,
            entries=past.entries,
            max=issued.entries,
            presentation=shown.id,
            first=past.first,
        )
    return Facts(
        sort="identity",
        profile=_PROFILES[issued.profile],
        name=issued.name,
        born=_born(issued),
        ages=issued.ages,
        photo=None if issued.photo is None else issued.photo.hex(),
        subject=shown.subject,
        until=issued.exp * 1000,
        entries=past.entries,
        presentation=shown.id,
        first=past.first,
    )


_PROFILES: Final[dict[Profile, Literal["gate", "age", "full"]]] = {
    Profile.GATE: "gate",
    Profile.AGE: "age",
    Profile.FULL: "full",
}


def _born(issued: Credential) -> str | None:
    digits = str(issued.born)
    return None if issued.born is None else f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
