"""The parts of the service on this machine, for commands that work on its data."""

from __future__ import annotations

import os
import time

from server import app, config
from server.auth import Parts
from server.opening import open_store


def now() -> int:
    """Return the time in ms since 1970."""
    return time.time_ns() // 1_000_000


def here() -> Parts:
    """Open the data that the environment names."""
    settings = config.from_environment(os.environ)
    return app.parts_of(settings, open_store(settings), now)
