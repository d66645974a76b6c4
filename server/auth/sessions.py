"""Who asks: from a session cookie to an Actor, and the guards that routes stand behind."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, g, request

from server.auth.parts import Parts
from server.errors import Problem
from server.kinds import Actor, Role
from server.store import Reader, Transaction

COOKIE: Final = "motcua_session"
DAYS: Final = 90
_PURPOSE: Final = "session"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SOCKET: Final = "/live"

F = TypeVar("F", bound=Callable[..., Any])


def public(view: F) -> F:
    """Declare a route to be for everyone. A test fails on a route that is neither this nor guarded."""
    view.__dict__["guard"] = "public"
    return view


def signed_in(parts: Parts) -> Callable[[F], F]:
    """Guard a route: without a valid session it answers `signed_out`."""

    def guard(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor(parts)
            return view(*args, **kwargs)

        guarded.__dict__["guard"] = "signed_in"
        return guarded  # type: ignore[return-value]  # wraps() keeps the view's signature

    return guard


def check_origin(parts: Parts) -> None:
    """Refuse a request that changes something, or opens a socket, unless it says that it comes from our own pages."""
    if request.method not in _SAFE or request.path == _SOCKET:
        demand_origin(request.headers.get("Origin"), parts)


def demand_origin(origin: str | None, parts: Parts) -> None:
    """Refuse a request that does not come from our own pages."""
    if origin not in parts.config.origins:
        raise Problem("origin_forbidden", f"expected Origin to be one of {list(parts.config.origins)}, got {origin!r}")


def actor(parts: Parts) -> Actor:
    """Return who asks, or raise `signed_out`."""
    found = actor_or_none(parts)
    if found is None:
        raise Problem("signed_out")
    return found


def actor_or_none(parts: Parts) -> Actor | None:
    """Return who asks, or None without a valid session. A session ends with the device that it was bound to."""
    if "actor" not in g:
        with parts.store.read() as look:
            g.actor = Visitor(request.cookies.get(COOKIE)).actor(look, now=parts.now())
    found: Actor | None = g.actor
    return found


def token_in(cookies: str) -> str | None:
    """Return the session's secret from the header `Cookie` (RFC 6265 4.2.1)."""
    for each in cookies.split(";"):
        name, _, value = each.strip().partition("=")
        if name == COOKIE:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sends a request with the secret of a session, or with none."""

    token: str | None

    @property
    def tickets(self) -> tuple[tuple[str, str], ...]:
        """What says who it is, for `Reader.expect`."""
        return () if self.token is None else ((_PURPOSE, self.token),)

    def actor(self, look: Reader, *, now: int) -> Actor | None:
        """Return whose session the secret opens, or None when it opens none (any more)."""
        value = None if self.token is None else look.ticket(_PURPOSE, self.token, now=now)
        if value is None:
            return None
        session = json.loads(value)
        return Actor(person=session["person"], role=Role(session["role"]), unit=session["unit"])


def start(response: Response, person: Actor, *, parts: Parts, transaction: Transaction) -> None:
    """Begin a session and hand its cookie to the browser."""
    token = open_session(person, device=None, parts=parts, transaction=transaction)
    response.set_cookie(
        COOKIE, token, max_age=DAYS * 86_400, httponly=True, samesite="Strict", secure=parts.config.secure, path="/"
    )


def open_session(person: Actor, *, device: str | None, parts: Parts, transaction: Transaction) -> str:
    """Begin a session; return its secret."""
    token = secrets.token_urlsafe(32)
    _keep(token, person, device=device, parts=parts, transaction=transaction)
    return token


def bind(token: str, person: Actor, *, device: str, parts: Parts, transaction: Transaction) -> None:
    """Tie the session of `token` to a device, so that revoking the device ends it."""
    transaction.take_ticket(_PURPOSE, token, now=parts.now())
    _keep(token, person, device=device, parts=parts, transaction=transaction)


def end(response: Response, *, parts: Parts) -> None:
    """End this request's session."""
    token = request.cookies.get(COOKIE)
    if token is not None:
        parts.store.write(lambda transaction: transaction.take_ticket(_PURPOSE, token, now=parts.now()))
    response.delete_cookie(COOKIE, path="/")


def _keep(token: str, person: Actor, *, device: str | None, parts: Parts, transaction: Transaction) -> None:
    value = json.dumps({"person": person.person, "role": person.role, "unit": person.unit})
    expires = parts.now() + DAYS * 86_400_000
    transaction.add_ticket(
        _PURPOSE, token, value, expires=expires, owner=f"device/{device}" if device else f"person/{person.person}"
    )
