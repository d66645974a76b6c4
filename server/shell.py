"""Serves the built app: files that never change for a year, the rest asked for anew each time."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request

from server.auth import sessions
from server.errors import Problem

_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_TYPES: Final = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".wasm": "application/wasm"}


def blueprint(folder: Path) -> Blueprint:
    """Return the routes for files of `folder`, which `make build` made, and its `index.html` for routes of the app."""
    routes = Blueprint("shell", __name__)
    files = _files(folder)

    @routes.get("/")
    @routes.get("/<path:path>")
    @sessions.public
    def file(path: str = "index.html") -> Response:
        name = path if path in files else "index.html"
        if name not in files or (name != path and "." in path.rsplit("/", 1)[-1]):
            raise Problem("not_found", "expected a page or a file of the app")
        encoding, place = _best(files, name)
        response = Response(place.read_bytes(), content_type=_type(name))
        if encoding is not None:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        lasting = name.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    return routes


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def _best(files: dict[str, Path], name: str) -> tuple[str | None, Path]:
    for encoding, suffix in _ENCODINGS:
        if name + suffix in files and request.accept_encodings.quality(encoding) > 0:
            return encoding, files[name + suffix]
    return None, files[name]


def _type(name: str) -> str:
    suffix = Path(name).suffix
    found = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") or found.endswith("json") else found
