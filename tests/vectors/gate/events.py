"""Check-ins as the vectors have them: JSON objects, with what is absent left out."""

from __future__ import annotations

from typing import Any

from server.features.gate.presence import CheckIns, Event, Presence
from sync.ids import uuid7
from tests.vectors.gate.codes_cases import INVITATION, NOW

SUBJECT = INVITATION.cti.hex()


def event(way: str, minute: float, **more: Any) -> dict[str, Any]:
    """Return a check-in of `SUBJECT` at gate 0 of place 7, this many minutes after NOW (or before it)."""
    at = NOW * 1000 + round(minute * 60_000)
    entropy = more.pop("entropy", 1)
    made = {"id": uuid7(at, entropy=entropy), "at": at, "way": way, "gate": 0, "place": 7}
    return made | ({} if way == "undo" else {"subject": SUBJECT, "max": 1}) | more


def undo(taken_back: dict[str, Any], minute: float, **more: Any) -> dict[str, Any]:
    """Return what takes a check-in back."""
    return event("undo", minute, of=taken_back["id"], **more)


def read(events: list[dict[str, Any]]) -> list[Event]:
    """Return the events that JSON objects stand for."""
    return [Event(**item) for item in events]


def shown(checkins: CheckIns) -> dict[str, Any]:
    """Return what the vectors say of a set of check-ins."""
    return {
        "subjects": {subject: _presence(found) for subject, found in sorted(checkins.subjects.items())},
        "shown": sorted(checkins.shown),
    }


def _presence(found: Presence) -> dict[str, Any]:
    return {
        "inside": found.inside,
        "entries": found.entries,
        "first": None if found.first is None else found.first.id,
        "conflicts": [
            {"kind": conflict.kind, "winner": conflict.winner, "loser": conflict.loser} for conflict in found.conflicts
        ],
    }
