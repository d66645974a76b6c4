"""The records of identity, together."""

from __future__ import annotations

from server.auth import Parts
from server.features.identity import holding, verification, withdrawal
from server.features.identity.identity import IDENTITY
from server.features.identity.profile import PROFILE
from server.kinds import Kind


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kinds of this feature."""
    return (PROFILE, IDENTITY, verification.kind(parts), holding.kind(parts), withdrawal.kind(parts))
