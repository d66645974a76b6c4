"""Attachments over HTTP, in the vocabulary of tus 1.0 (SPEC.md A1, A2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import ClientDisconnected

from server import metrics
from server.auth import Parts, sessions
from server.errors import Problem
from server.exchange import readers

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 64 * 1024
"""So much of a request is kept as soon as it has come, in bytes."""
_GULP: Final = 8 * 1024


def blueprint(parts: Parts) -> Blueprint:
    """Return `HEAD`, `PATCH` and `GET /blobs/<sha256>`, for whoever is signed in."""
    routes = Blueprint("blobs", __name__)

    def readable(name: str) -> int | None:
        """Return the length of a whole blob that this person may read: one's own, or one in a feed of theirs."""
        with parts.store.read() as reader:
            return reader.blob_size(name) if readers.may_read(reader, name, sessions.actor(parts).feeds) else None

    @routes.route("/blobs/<name>", methods=["HEAD"], provide_automatic_options=False)
    @sessions.signed_in(parts)
    def size(name: str) -> Response:
        length = readable(_sha256(name))
        if length is not None:
            return _where(length, whole=True)
        return _where(parts.store.blobs.part(name, sender=sessions.actor(parts).person), whole=False)

    @routes.patch("/blobs/<name>")
    @sessions.signed_in(parts)
    def append(name: str) -> Response:
        have = readable(_sha256(name))
        if have is not None:
            return _where(have, whole=True)
        person, coming = sessions.actor(parts).person, request.stream
        offset, length, whole = _number("Upload-Offset"), _number("Upload-Length"), False
        if offset + (request.content_length or 0) > length:
            raise Problem("blob_size", "expected no byte past the blob's length")
        # A link that is cut costs only what was on its way: all that came is kept, and `HEAD` tells of it. Browsers
        # send a request again by themselves when its connection was reset: what had come is passed over then, and
        # the sender learns from how much that was that the link was cut (A4).
        blobs, passed = parts.store.blobs, 0
        for piece in _pieces(coming):
            known = min(len(piece), max(0, blobs.part(name, sender=person) - offset))
            if known == 0 or known < len(piece):
                whole = blobs.append(name, piece[known:], sender=person, offset=offset + known, length=length)
            offset += len(piece)
            passed += known
            metrics.BLOB_BYTES.labels("in").inc(len(piece))
        have = blobs.part(name, sender=person)
        if not whole and have != offset:
            raise Problem("blob_offset", f"expected offset {have}, got a part that ends at {offset}", offset=have)
        if whole:
            # Only who has sent all of it may read it: knowing a file's hash is not having the file.
            parts.store.write(lambda transaction: transaction.share_blob(name, frozenset({f"person/{person}"})))
        answer = _where(offset, whole=whole)
        answer.headers["Upload-Known"] = str(passed)
        return answer

    @routes.route("/blobs/<name>", methods=["GET"])
    @sessions.signed_in(parts)
    def read(name: str) -> Response:
        data = parts.store.blobs.read(name) if readable(_sha256(name)) is not None else None
        if data is None:
            raise Problem("not_found", "expected a blob that this person may read")
        metrics.BLOB_BYTES.labels("out").inc(len(data))
        # The bytes are a stranger's: never shown in this origin, only kept.
        response = Response(data, content_type="application/octet-stream")
        response.headers["Content-Disposition"] = "attachment"
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    return routes


def _pieces(coming: IO[bytes]) -> Iterator[bytes]:
    """Read a request as it comes; when its link is cut, end with what had come. Nothing at all is one empty piece."""
    piece, first = b"", True
    with suppress(ClientDisconnected, OSError):
        while gulp := coming.read(_GULP):
            piece += gulp
            if len(piece) >= _PIECE:
                yield piece
                piece, first = b"", False
    if piece or first:
        yield piece


def _sha256(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Problem("blob_name", "expected 64 lower-case hexadecimal digits")
    return name


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"\d{1,15}", text):
        raise Problem("bad_request", f"expected {header} to be a whole number, got {text[:40]!r}")
    return int(text)


def _where(have: int, *, whole: bool) -> Response:
    response = Response(status=204)
    response.headers["Upload-Offset"] = str(have)
    response.headers["Upload-Complete"] = "?1" if whole else "?0"
    response.headers["Cache-Control"] = "no-store"
    return response
