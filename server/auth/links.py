"""One-time enrolment links: how staff, and a person's further phones, come in."""

from __future__ import annotations

import secrets
from typing import Final

from pydantic import BaseModel, ConfigDict

from server.auth.parts import Parts
from server.errors import Problem
from server.kinds import Role
from server.store import Transaction

_PURPOSE: Final = "link"
_DAY: Final = 86_400_000
OWN_PHONE: Final = 10 * 60_000
"""How long (ms) a link stays good by which a person adds a further phone."""


class Link(BaseModel):
    """What a link is for: a new person of `role`, or (`person` is set) a further passkey of a person."""

    model_config = ConfigDict(frozen=True)

    role: Role
    unit: str | None = None
    name: str | None = None
    person: str | None = None


def create(parts: Parts, link: Link, *, lasts: int = _DAY) -> str:
    """Return the URL of a new link. Its secret stands behind `#`, so that it never reaches a server's log."""
    token = secrets.token_urlsafe(24)
    expires = parts.now() + lasts
    parts.store.write(lambda t: t.add_ticket(_PURPOSE, token, link.model_dump_json(), expires=expires))
    return f"{parts.config.origin}/enrol#{token}"


def look_up(parts: Parts, token: str) -> Link:
    """Return what a link is for, without using it; `link_unknown` when it is used, expired or made up."""
    with parts.store.read() as look:
        return _parse(look.ticket(_PURPOSE, token, now=parts.now()))


def use(transaction: Transaction, token: str, *, now: int) -> Link:
    """Return what a link is for, and use it up."""
    return _parse(transaction.take_ticket(_PURPOSE, token, now=now))


def _parse(value: str | None) -> Link:
    if value is None:
        raise Problem("link_unknown")
    return Link.model_validate_json(value)
