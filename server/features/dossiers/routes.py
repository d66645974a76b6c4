"""Taking the evidence of a dossier out of the service."""

from __future__ import annotations

from flask import Blueprint, Response

from server import shards
from server.auth import Parts, sessions
from server.errors import Problem
from server.features.dossiers import bundle
from sync import canonical


def blueprint(parts: Parts) -> Blueprint:
    """Return `GET /dossiers/<submission>/evidence`, for the submitter and the officers of the unit."""
    routes = Blueprint("dossiers", __name__)

    @routes.get("/dossiers/<id>/evidence")
    @sessions.signed_in(parts)
    def evidence(id: str) -> Response:
        with parts.store.read() as look:
            if not shards.readers_of(look, "submission", id) & sessions.actor(parts).feeds:
                raise Problem("not_found", "expected a dossier that this person may read")
            made = bundle.make(id, look)
        response = Response(canonical.encode(made), content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="{bundle.file_name(made)}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes
