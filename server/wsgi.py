"""What gunicorn loads: the application with its configuration, store and live bus, one of each a process."""

from __future__ import annotations

import os
import time

from server import config, log
from server.app import create_app
from server.draining import DRAINING
from server.opening import open_bus, open_store
from server.watching import watch

settings = config.from_environment(os.environ)
log.configure(settings.log_level)
bus = open_bus(settings)
store = open_store(settings, moved=bus.publish)
app = create_app(settings, store, bus, now=lambda: time.time_ns() // 1_000_000)
watch(store)
DRAINING.at_begin(app.extensions["live"].close)


def close() -> None:
    """Let go of the database and leave the bus, at the end of the process."""
    store.close()
    bus.close()
