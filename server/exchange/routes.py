"""The addresses of sync: `POST /sync` and `GET /live`."""

from __future__ import annotations

import os
import socket
from typing import Any, Final

from flask import Blueprint, Response, request

from server.auth import Parts, sessions
from server.exchange import followed
from server.exchange.address import Address
from server.live import frames, handshake
from server.live.switchboard import Switchboard

_UNREAD: Final = 8 * 1024
"""Bytes that the kernel keeps for a live socket whose client does not read."""


class _Taken(Response):
    """The answer to a request whose connection has become a socket: gunicorn lets go of it, and of all it kept."""

    def __call__(self, *_: object) -> Any:
        raise StopIteration


def blueprint(parts: Parts, address: Address, switchboard: Switchboard) -> Blueprint:
    """Return the routes of sync. `/sync` is public: without a session it serves the feed `public`."""
    routes = Blueprint("sync", __name__)

    @routes.post("/sync")
    @sessions.public
    def sync() -> Response:
        encodings = request.headers.get("Accept-Encoding", "")
        data = request.get_data(cache=False)
        with address.admission.place():
            headers, body = address(data, sessions.actor_or_none(parts), encodings=encodings)
        return Response(body, headers=list(headers))

    @routes.get("/live", websocket=True)
    @sessions.public
    def live() -> Response:
        answer = handshake.answer(request.headers)
        connection: socket.socket = request.environ["gunicorn.socket"]
        actor, asked = sessions.actor_or_none(parts), frozenset(request.args.getlist("feed"))
        feeds, owner = followed(actor, asked=asked), "" if actor is None else actor.person
        if asked - feeds:
            connection.sendall(answer + frames.closing(frames.POLICY, "feed_forbidden"))
            return _Taken()
        switchboard.admit(owner)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD)
        connection.sendall(answer)
        switchboard.open(os.dup(connection.fileno()), owner=owner, followed=feeds)
        return _Taken()

    return routes
