"""What gunicorn loads: the application with its configuration, store and live bus, one of each a process."""

from __future__ import annotations

import os
import time

from server import config, log
from server.app import create_app
from server.live.bus import Bus
from server.store.sqlite import SqliteStore

settings = config.from_environment(os.environ)
log.configure(settings.log_level)
bus = Bus(settings.data)
store = SqliteStore(settings.data, moved=bus.publish, blob_bytes=settings.blob_bytes)
app = create_app(settings, store, bus, now=lambda: time.time_ns() // 1_000_000)
