"""The WebSocket that carries `{"feed", "seq"}` to one client and nothing else (SPEC.md, `GET /live`)."""

from __future__ import annotations

import json
import time
from typing import Final

from simple_websocket import Server

from server.live.followers import Subscription

LIFETIME: Final = 15 * 60
"""Seconds after which the server ends a socket, so that the client's right to its feeds is looked at again."""
_BREATH: Final = 20
"""Seconds between looks at whether the client is still there."""


def serve(socket: Server, subscription: Subscription) -> None:
    """Say each time that a feed moves, until the client goes or the socket's lifetime ends."""
    end = time.monotonic() + LIFETIME
    while socket.connected and time.monotonic() < end:
        for feed, seq in sorted(subscription.wait(_BREATH).items()):
            socket.send(json.dumps({"feed": feed, "seq": seq}))
