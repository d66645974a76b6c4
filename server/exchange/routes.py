"""The addresses of sync: `POST /sync` and `GET /live`."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_sock import Sock
from simple_websocket import Server

from server import metrics
from server.auth import Parts, sessions
from server.exchange import followed
from server.exchange.address import Address
from server.live import socket
from server.live.followers import Live

_POLICY = 1008
"""The WebSocket's word for what is against the rules (RFC 6455 7.4.1)."""


def blueprint(parts: Parts, address: Address, bus: Live) -> Blueprint:
    """Return the routes of sync. `/sync` is public: without a session it serves the feed `public`."""
    routes = Blueprint("sync", __name__)
    sock = Sock()

    @routes.post("/sync")
    @sessions.public
    def sync() -> Response:
        encodings = request.headers.get("Accept-Encoding", "")
        headers, body = address(request.get_data(cache=False), sessions.actor_or_none(parts), encodings=encodings)
        return Response(body, headers=list(headers))

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
