"""The only place where the server's parts are wired together."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog
from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException
from wsproto.utilities import RemoteProtocolError

from server import auth, health, metrics, shell, watching
from server.admission import Admission
from server.auth import Parts, sessions
from server.config import Config
from server.credentials import CREDENTIAL, Credentials
from server.direct import Direct
from server.errors import Problem
from server.exchange import Exchange, blobs, heights, routes
from server.exchange.address import Address
from server.features import dossiers, forms, gate, identity
from server.issuers import ISSUER, TRUST, Issuers
from server.kinds import Kind
from server.live.live import Live
from server.live.switchboard import Switchboard
from server.mailing import MAIL
from server.statuslists import STATUSLIST, StatusLists
from server.store import Store
from server.units import UNIT
from sync.limits import Invalid

_log = structlog.get_logger(__name__)
_HTTP_PROBLEMS: Final = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:;"
        " media-src 'self' blob:;"
        " connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self), payment=()",
}


def _headers_of(config: Config) -> dict[str, str]:
    """Return what stands on every answer."""
    return _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if config.secure else {})


def parts_of(config: Config, store: Store, now: Callable[[], int]) -> Parts:
    """Return what routes, kinds and commands share. `now` gives ms since 1970."""
    issuers = Issuers(config, store, now=now)
    statuslists = StatusLists(config, store, issuers, now)
    return Parts(
        config=config,
        store=store,
        issuers=issuers,
        statuslists=statuslists,
        credentials=Credentials(issuers, statuslists),
        now=now,
    )


def kinds_of(parts: Parts) -> dict[str, Kind]:
    """Return every kind of record that the service knows."""
    spine = (*auth.KINDS, UNIT, ISSUER, TRUST, STATUSLIST, CREDENTIAL, MAIL)
    every = (*spine, *forms.kinds(parts), *dossiers.kinds(parts), *gate.kinds(parts), *identity.kinds(parts))
    return {kind.name: kind for kind in every}


def create_app(config: Config, store: Store, live: Live, now: Callable[[], int]) -> Flask:
    """Return the WSGI application. It keeps no state of its own."""
    parts = parts_of(config, store, now)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.request_bytes
    app.config["SOCK_SERVER_OPTIONS"] = {"thread_class": routes.NoThread}
    switchboard = Switchboard(partial(heights, store))
    live.listen(switchboard)
    app.extensions["live"] = switchboard
    app.register_blueprint(auth.blueprint(parts))
    address = Address(Exchange(store, kinds_of(parts), parts.credentials), now, Admission())
    app.register_blueprint(routes.blueprint(parts, address, switchboard))
    app.extensions["direct"] = Direct(parts, address, _headers_of(config))
    app.register_blueprint(blobs.blueprint(parts))
    app.register_blueprint(dossiers.blueprint(parts))
    app.register_blueprint(forms.blueprint(parts))
    app.register_blueprint(gate.blueprint(parts))
    app.register_blueprint(identity.blueprint(parts))
    _watch(app, config, store)
    app.register_blueprint(shell.blueprint(config.pwa))
    _guard(app, parts)
    return app


def _watch(app: Flask, config: Config, store: Store) -> None:
    @app.get("/healthz")
    @sessions.public
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    @sessions.public
    def readyz() -> dict[str, str]:
        health.check_ready(config, store)
        return {"status": "ready", "epoch": store.epoch}

    asked = watching.Asked(config, store)

    @app.get("/metrics")
    @sessions.public
    def exposition() -> Response:
        _may_watch(config.metrics_token)
        return Response(metrics.exposition(asked), content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_watch(token: str) -> None:
    """Let in whoever has the token; where there is none, only this machine itself, and no proxy's guests."""
    if token:
        allowed = hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
    else:
        local = request.remote_addr in ("127.0.0.1", "::1")
        allowed = local and not {"X-Forwarded-For", "Forwarded"} & set(request.headers.keys())
    if not allowed:
        raise Problem("role_forbidden", "expected MOTCUA_METRICS_TOKEN as bearer token")


def _guard(app: Flask, parts: Parts) -> None:
    """Check where requests come from, put headers on answers, and turn every failure into a problem."""

    headers = _headers_of(parts.config)

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        sessions.check_origin(parts)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers.extend(headers)
        seconds = time.perf_counter() - g.began
        metrics.REQUESTS.labels(request.endpoint or "none", str(response.status_code)).observe(seconds)
        if response.status_code >= 400:
            ms = round(seconds * 1000, 1)
            _log.info("request", method=request.method, path=request.path, status=response.status_code, ms=ms)
        return response

    @app.errorhandler(Problem)
    def problem(error: Problem) -> Response:
        answer = jsonify(error.to_json())
        answer.status_code = error.entry.status
        answer.content_type = "application/problem+json"
        if error.entry.status == 503:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.errorhandler(Invalid)
    def invalid(error: Invalid) -> Response:
        return problem(Problem(error.code, str(error)))

    @app.errorhandler(RemoteProtocolError)
    def bad_handshake(error: RemoteProtocolError) -> Response:
        return problem(Problem("bad_request", f"expected the handshake of a WebSocket (RFC 6455 4.1): {error}"))

    @app.errorhandler(HTTPException)
    def http_problem(error: HTTPException) -> Response:
        return problem(Problem(_HTTP_PROBLEMS.get(error.code or 500, "bad_request")))

    @app.errorhandler(Exception)
    def failure(error: Exception) -> Response:
        _log.error("failure", method=request.method, path=request.path, exc_info=error)
        return problem(Problem("internal"))
