"""How gunicorn runs the service, as a child of `server.supervisor`: `gunicorn -c python:server.serving`."""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import warnings
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from gevent.monkey import MonkeyPatchWarning, patch_all

from server.supervisor import GRACE, handed

# The master loads the code once, below, and forks its workers with it: they start at once, and share the memory. gevent
# must have patched the standard library before anything uses it; the master keeps its own way with subprocesses.
patch_all(subprocess=False, os=False, signal=False)
warnings.filterwarnings("ignore", category=MonkeyPatchWarning)  # each worker patches what was left out here

_handed = handed()
if _handed is None:
    sys.exit("motcua: expected to be started by `motcua serve`")
bind = [f"fd://{each}" for each in _handed.listeners]
workers = len(_handed.listeners)
worker_class = "server.worker.Worker"
worker_connections = 10_000
http_parser = "auto"
keepalive = 75
timeout = 60
graceful_timeout = GRACE
control_socket_disable = True
_, _descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_descriptors, _descriptors))  # each live socket has one
_supervisor = os.getppid()
_LOOK_FOR_RINGS = (20_000, 20, 20)
"""What Python's collector waits for: with its own 700 objects it takes a tenth of a worker's time, and finds
nothing: a submission leaves no objects behind that refer to each other in a ring."""
_ready = _handed.ready
_END = {signal.SIGTERM}
# A worker that is told to end before it has a handler of its own would never know: it hears of it once it serves.
os.register_at_fork(
    before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, _END),
    after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, _END),
)


def _check_key() -> None:
    """Load the code, and end with a sentence when `MOTCUA_KEY` is not the one of this data."""
    from server.commands.here import here  # noqa: PLC0415  # after gevent's patches
    from server.config import ConfigError  # noqa: PLC0415
    from server.errors import Problem  # noqa: PLC0415

    parts = here()
    try:
        parts.issuers.check()
    except (ConfigError, Problem) as error:  # Problem: the database does not answer
        sys.exit(f"motcua: {error}")
    finally:
        parts.store.close()


def on_starting(server: Any) -> None:
    """Look whether all is as it must be, and end when the supervisor is gone, even if it was killed."""
    _check_key()
    # A timer's signal looks after it, for a thread would be copied half into every worker that gunicorn forks.
    signal.signal(signal.SIGALRM, _end_without_supervisor)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)


def _end_without_supervisor(*_: Any) -> None:
    if os.getppid() != _supervisor:
        os.kill(os.getpid(), signal.SIGTERM)


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker the listening socket that fewest others have: each has one of its own, save in an exchange."""
    gc.freeze()  # what was loaded stays, and its memory is shared as long as the collector leaves it alone
    taken = Counter(each.slot for each in server.WORKERS.values())
    worker.slot = min(range(workers), key=lambda slot: taken[slot])


def post_fork(server: Any, worker: Any) -> None:
    """Let go of the others' sockets."""
    for slot, each in enumerate(worker.sockets):
        if slot != worker.slot:
            each.close()
    worker.sockets = [worker.sockets[worker.slot]]


def post_worker_init(worker: Any) -> None:
    """Tell the supervisor that this worker has loaded everything and serves."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _END)
    sys.modules["server.shards"].settle(worker.slot)
    gc.freeze()
    gc.set_threshold(*_LOOK_FOR_RINGS)
    os.write(_ready, b".")


def worker_exit(server: Any, worker: Any) -> None:
    """Leave the database and the bus in good order."""
    if "server.wsgi" in sys.modules:
        sys.modules["server.wsgi"].close()
    if worker.booted and not worker.alive:
        os._exit(0)  # it ended in good order, and need not take half a second to take all code apart


def child_exit(server: Any, worker: Any) -> None:
    """Let the figures of a worker that ended stand, without its gauges."""
    from server import figures  # noqa: PLC0415  # after the supervisor has said where, and not in the master before

    try:
        figures.end(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]), worker.pid)
    except Exception:  # figures are not worth the service
        server.log.exception("the figures of a worker that ended were not added up")
