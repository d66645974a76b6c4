"""How gunicorn runs the service: the settings of `gunicorn -c python:server.serving server.wsgi:app`."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import gevent
from gevent.monkey import MonkeyPatchWarning, patch_all

from server.beside import Beside

# The master loads the code once, below, and forks its workers with it: they start at once, and share the memory. gevent
# must have patched the standard library before anything uses it; the master keeps its own way with subprocesses.
patch_all(subprocess=False, os=False, signal=False)
warnings.filterwarnings("ignore", category=MonkeyPatchWarning)  # each worker patches what was left out here

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104  # a server listens
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "server.direct_worker.DirectWorker"
worker_connections = 10_000
reuse_port = True  # the kernel spreads connections over the processes
http_parser = "auto"
keepalive = 75
timeout = 60
graceful_timeout = 5  # idle connections are cut then, and live sockets before; phones connect anew
control_socket_disable = True
_mailer = Beside()
_, _descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_descriptors, _descriptors))  # each live socket has one
_figures = Path(tempfile.gettempdir()) / f"motcua-metrics-{os.getuid()}-{os.getpid()}"


def _check_key() -> None:
    """Load the code, and end with a sentence when `MOTCUA_KEY` is not the one of this data."""
    from server.commands.here import here  # noqa: PLC0415  # after gevent's patches and on_starting's folder
    from server.config import ConfigError  # noqa: PLC0415

    parts = here()
    try:
        parts.issuers.check()
    except ConfigError as error:
        sys.exit(f"motcua: {error}")
    finally:
        parts.store.close()


def on_starting(server: Any) -> None:
    """Give the processes a folder where their figures meet (prometheus-client's multiprocess mode), and a mailer."""
    _figures.mkdir(mode=0o700, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_figures)
    _check_key()
    _mailer.start()


def post_worker_init(worker: Any) -> None:
    """End the live sockets of a worker as soon as it stops."""

    def watch() -> None:
        while worker.alive:
            gevent.sleep(0.1)
        worker.wsgi.extensions["live"].close()

    gevent.spawn(watch)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    _mailer.stop()
    shutil.rmtree(_figures, ignore_errors=True)


def child_exit(server: Any, worker: Any) -> None:
    """Let the figures of a worker that ended stand, without its gauges."""
    from prometheus_client import multiprocess  # noqa: PLC0415  # after on_starting, and not in the master before

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
