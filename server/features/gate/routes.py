"""The addresses of the gate: the pack, a wish for fresh status lists, and the lists for everyone."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Blueprint, Response, request

from server.auth import Parts, sessions
from server.errors import Problem
from server.features.gate.pack import Packs
from server.kinds import Role
from server.statuslists import FRESH, TYPE

_STAFF: Final = (Role.GUARD, Role.OFFICER, Role.OPERATOR)


def blueprint(parts: Parts) -> Blueprint:
    """Return `GET /gate/pack` and `POST /gate/fresh` for the staff of a unit, and `GET /statuslists/<id>` for all."""
    routes = Blueprint("gate", __name__)
    packs = Packs(parts)

    @routes.get("/gate/pack")
    @sessions.signed_in(parts)
    def pack() -> Response:
        response = Response(packs(_unit(parts)), content_type="application/cbor")
        response.headers["Cache-Control"] = "no-store"
        return _compressed(response)

    @routes.post("/gate/fresh")
    @sessions.signed_in(parts)
    def fresh() -> Response:
        parts.statuslists.freshen(_unit(parts))
        return Response(status=204)

    @routes.get("/statuslists/<id>")
    @sessions.public
    def statuslist(id: str) -> Response:
        jwt = parts.statuslists.current(id)
        if jwt is None:
            raise Problem("not_found", "expected the id of a status list")
        response = Response(jwt, content_type=f"application/{TYPE}")
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
        return _compressed(response)

    return routes


def _unit(parts: Parts) -> str:
    actor = sessions.actor(parts)
    if actor.role not in _STAFF or actor.unit is None:
        raise Problem("role_forbidden", "expected a guard, an officer or an operator of a unit")
    return actor.unit


def _compressed(response: Response) -> Response:
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(gzip.compress(response.get_data(), compresslevel=6))
        response.headers["Content-Encoding"] = "gzip"
    return response
