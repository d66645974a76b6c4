"""The photo behind a credential, for the guard who compares it with the face."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response

from server.auth import Parts, sessions
from server.errors import Problem
from server.kinds import Role
from sync.batch import unbase64url

_HASH: Final = re.compile(r"[0-9a-f]{32}")


def blueprint(parts: Parts) -> Blueprint:
    """Return `GET /identity/photos/<hash>`, for guards and officers; the hash is what the credential carries.

    Nobody guesses 128 bits: a photo is found by who was shown a code of its person, while the identity is in force.
    """
    routes = Blueprint("identity", __name__)

    @routes.get("/identity/photos/<hash>")
    @sessions.signed_in(parts)
    def photo(hash: str) -> Response:
        if sessions.actor(parts).role not in (Role.GUARD, Role.OFFICER):
            raise Problem("role_forbidden", "expected a guard or an officer")
        with parts.store.read() as look:
            found = look.find("identity", "photo_hash", hash, limit=1) if _HASH.fullmatch(hash) else []
        if not found:
            raise Problem("not_found", "expected the hash of a photo of an identity in force")
        response = Response(unbase64url(str(found[0][1]["photo"].shown)), content_type="image/jpeg")
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    return routes
