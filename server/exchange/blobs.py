"""Attachments over HTTP, in the vocabulary of tus 1.0 (SPEC.md A1, A2)."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, request

from server.auth import Parts, sessions
from server.errors import Problem

_NAME: Final = re.compile(r"[0-9a-f]{64}")


def blueprint(parts: Parts) -> Blueprint:
    """Return `HEAD`, `PATCH` and `GET /blobs/<sha256>`, for whoever is signed in."""
    routes = Blueprint("blobs", __name__)

    @routes.route("/blobs/<name>", methods=["HEAD"], provide_automatic_options=False)
    @sessions.signed_in(parts)
    def size(name: str) -> Response:
        have, whole = parts.store.blobs.size(_sha256(name), sender=sessions.actor(parts).person)
        return _where(have, whole)

    @routes.patch("/blobs/<name>")
    @sessions.signed_in(parts)
    def append(name: str) -> Response:
        have, whole = parts.store.blobs.append(
            _sha256(name),
            request.get_data(cache=False),
            sender=sessions.actor(parts).person,
            offset=_number("Upload-Offset"),
            length=_number("Upload-Length"),
        )
        return _where(have, whole)

    @routes.route("/blobs/<name>", methods=["GET"])
    @sessions.signed_in(parts)
    def read(name: str) -> Response:
        with parts.store.read() as reader:
            allowed = reader.blob_feeds(_sha256(name)) & sessions.actor(parts).feeds
        data = parts.store.blobs.read(name) if allowed else None
        if data is None:
            raise Problem("not_found", "expected a blob that this person may read")
        # The bytes are a stranger's: never shown in this origin, only kept.
        response = Response(data, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = "attachment"
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    return routes


def _sha256(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Problem("blob_name", "expected 64 lower-case hexadecimal digits")
    return name


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"\d{1,15}", text):
        raise Problem("bad_request", f"expected {header} to be a whole number, got {text[:40]!r}")
    return int(text)


def _where(have: int, whole: bool) -> Response:
    response = Response(status=204)
    response.headers["Upload-Offset"] = str(have)
    response.headers["Upload-Complete"] = "?1" if whole else "?0"
    response.headers["Cache-Control"] = "no-store"
    return response
