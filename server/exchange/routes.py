"""The addresses of sync: `POST /sync` and `GET /live`."""

from __future__ import annotations

import os
import socket
from typing import Final

from flask import Blueprint, Response, g, request
from flask_sock import Sock
from simple_websocket import Server

from server.auth import Parts, sessions
from server.exchange import followed
from server.exchange.address import Address
from server.live import frames
from server.live.switchboard import Switchboard

LIVE: Final = "sync.live"
_UNREAD: Final = 8 * 1024
"""Bytes that the kernel keeps for a live socket whose client does not read."""


class NoThread:
    """Begun by flask-sock where it would begin a thread for each socket; the switchboard serves them (app.py)."""

    name = ""

    def __init__(self, **_: object) -> None:
        """Take what a thread would run."""

    def start(self) -> None:
        """Leave it."""


def blueprint(parts: Parts, address: Address, switchboard: Switchboard) -> Blueprint:
    """Return the routes of sync. `/sync` is public: without a session it serves the feed `public`."""
    routes, sock = Blueprint("sync", __name__), Sock()

    @routes.post("/sync")
    @sessions.public
    def sync() -> Response:
        encodings = request.headers.get("Accept-Encoding", "")
        data = request.get_data(cache=False)
        visitor = sessions.Visitor(request.cookies.get(sessions.COOKIE))
        with address.admission.place():
            headers, body = address(data, visitor, encodings=encodings)
        return Response(body, headers=list(headers))

    @routes.before_request
    def admit() -> None:
        if request.endpoint == LIVE:
            request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)  # pokes are shorter than what compresses them
            g.actor = sessions.actor_or_none(parts)
            switchboard.admit(_owner())

    @sock.route("/live", bp=routes)  # type: ignore[untyped-decorator]
    @sessions.public
    def live(opened: Server) -> None:
        asked = frozenset(request.args.getlist("feed"))
        feeds = followed(g.actor, asked=asked)
        if asked - feeds:
            opened.close(frames.POLICY, "feed_forbidden")
            return
        connection: socket.socket = opened.sock
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD)
        opened.connected = False  # from here on it is not flask-sock's to close
        switchboard.open(os.dup(connection.fileno()), owner=_owner(), followed=feeds)

    return routes


def _owner() -> str:
    return "" if g.actor is None else str(g.actor.person)
