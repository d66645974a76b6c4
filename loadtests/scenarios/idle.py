"""People whose app lies open and waits: a live socket each, and nothing else."""

from __future__ import annotations

from typing import Any

import gevent
import websocket
from locust import User, constant, events, task

from loadtests.scenarios.settings import origin_of

_AGAIN = 5.0


@events.init.add_listener  # type: ignore[untyped-decorator]
def _begin(environment: Any, **_: Any) -> None:
    Idle.fixed_count = environment.parsed_options.idle
    if not Idle.fixed_count and Idle in environment.user_classes:
        environment.user_classes = [each for each in environment.user_classes if each is not Idle]


class Idle(User):
    """Keeps a socket to `GET /live` open, and opens it again when it was lost, as the app does."""

    wait_time = constant(0)
    fixed_count = 0

    @task
    def wait(self) -> None:
        """Listen to the public feed until the run ends."""
        origin = origin_of(self.environment)
        while True:
            try:
                socket = websocket.create_connection(
                    str(self.host).replace("http", "ws", 1) + "/live", origin=origin, timeout=None
                )
                while socket.recv():
                    pass
            except (websocket.WebSocketException, OSError):
                gevent.sleep(_AGAIN)

    def on_stop(self) -> None:
        """Nothing is kept."""
