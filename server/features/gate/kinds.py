"""The records of the gate."""

from __future__ import annotations

from server.auth import Parts
from server.features.gate import claims, invitations
from server.features.gate.checkins import CHECKIN
from server.features.gate.meetings import MEETING
from server.features.gate.places import PLACE
from server.kinds import Kind


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kinds of this feature."""
    return (PLACE, MEETING, CHECKIN, *invitations.kinds(parts), claims.kind(parts))
