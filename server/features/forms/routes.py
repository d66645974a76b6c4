"""The addresses of an officer who writes forms: check a spreadsheet, publish it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, jsonify, request

from server.auth import Parts, sessions
from server.errors import Problem
from server.features.forms import publishing
from server.kinds import Role
from sync import canonical

if TYPE_CHECKING:
    from server.features.forms.xlsform import Compiled

_NAME: Final = 200


def blueprint(parts: Parts) -> Blueprint:
    """Return `POST /forms/check` and `POST /forms/publish`, for officers; the spreadsheet is the part `file`."""
    routes = Blueprint("forms", __name__)

    @routes.post("/forms/check")
    @sessions.signed_in(parts)
    def check() -> Response:
        data, name = _file()
        return jsonify(_told(_compiled(data, name, unit=_unit(parts))))

    @routes.post("/forms/publish")
    @sessions.signed_in(parts)
    def publish() -> Response:
        unit = _unit(parts)
        data, name = _file()
        found = _compiled(data, name, unit=unit)
        form = found.form
        if form is None or found.obstacles:
            raise Problem("form_refused", f"expected a form without obstacles, got {len(found.obstacles)}")
        if request.form.get("sha256") != _sha256(found):
            raise Problem("form_refused", "expected the SHA-256 of the form that was looked at before")
        workbook = publishing.keep_workbook(data, parts.store.blobs)
        parts.store.write(lambda transaction: publishing.publish(form, transaction, now=parts.now(), workbook=workbook))
        return jsonify(_told(found))

    return routes


def _unit(parts: Parts) -> str:
    actor = sessions.actor(parts)
    if actor.role is not Role.OFFICER or actor.unit is None:
        raise Problem("role_forbidden", "expected an officer of a unit")
    return actor.unit


def _file() -> tuple[bytes, str]:
    file = request.files.get("file")
    if file is None:
        raise Problem("bad_request", "expected a spreadsheet as the part `file` of multipart/form-data")
    return file.read(), (file.filename or "")[:_NAME]


def _compiled(data: bytes, name: str, *, unit: str) -> Compiled:
    from server.features.forms.xlsform import compiled  # noqa: PLC0415  # half a second of a start that few need

    return compiled(data, name, unit=unit)


def _sha256(found: Compiled) -> str | None:
    return None if found.form is None else hashlib.sha256(canonical.encode(found.form)).hexdigest()


def _told(found: Compiled) -> dict[str, object]:
    """Return what the officer's screen shows; `obstacles` counts what keeps the form from being published."""
    return {
        "form": found.form,
        "sha256": _sha256(found),
        "errors": [problem.to_json() for problem in found.errors],
        "warnings": [problem.to_json() for problem in found.warnings],
        "obstacles": len(found.obstacles),
    }
