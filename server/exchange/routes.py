"""The addresses of sync: `POST /sync` and `GET /live`."""

from __future__ import annotations

import gzip

from flask import Blueprint, Response, request
from flask_sock import Sock
from pydantic import ValidationError
from simple_websocket import Server

from server import metrics
from server.auth import Parts, sessions
from server.errors import Problem
from server.exchange import Exchange, Request, followed
from server.live import socket
from server.live.followers import Live

_WORTH_COMPRESSING = 4096
_POLICY = 1008
"""The WebSocket's word for what is against the rules (RFC 6455 7.4.1)."""


def blueprint(parts: Parts, exchange: Exchange, bus: Live) -> Blueprint:
    """Return the routes of sync. `/sync` is public: without a session it serves the feed `public`."""
    routes = Blueprint("sync", __name__)
    sock = Sock()

    @routes.post("/sync")
    @sessions.public
    def sync() -> Response:
        try:
            wanted = Request.model_validate_json(request.get_data(cache=False))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise Problem("bad_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        text = exchange(wanted, sessions.actor_or_none(parts), now=parts.now()).encode()
        response = Response(text, content_type="application/json")
        response.headers["Cache-Control"] = "no-store"
        if len(text) >= _WORTH_COMPRESSING and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.set_data(gzip.compress(text, compresslevel=3))
            response.headers["Content-Encoding"] = "gzip"
        return response

    @sock.route("/live", bp=routes)  # type: ignore[untyped-decorator]
    @sessions.public
    def live(connection: Server) -> None:
        asked = frozenset(request.args.getlist("feed"))
        feeds = followed(sessions.actor_or_none(parts), asked=asked)
        if asked - feeds:
            connection.close(_POLICY, "feed_forbidden")
            return
        with metrics.SOCKETS.track_inprogress(), bus.followers.subscribe(feeds) as subscription:
            with parts.store.read() as reader:
                for feed, seq in reader.heights(sorted(feeds)).items():
                    subscription.offer(feed, seq)
            socket.serve(connection, subscription)

    return routes
