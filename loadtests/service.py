"""The real service in processes of its own: gunicorn on a port and a data folder that the caller chooses."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from server.config import Config
from server.opening import open_store
from server.store import Store

REPOSITORY = Path(__file__).parent.parent
_LEFT_OUT = ("MOTCUA_", "PYTHONDONTWRITEBYTECODE")
"""Settings of others; and a service that compiles its code at every start is not the one that is installed."""


class Service:
    """Starts, stops and kills the service. `origin` is what a browser opens; `data` outlives a stop."""

    def __init__(self, data: Path, *, port: int | None = None, workers: int = 2, **settings: str) -> None:
        self.data = data
        self.port = port or free_port()
        self.origin = f"http://localhost:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)},
            "PYTHONPATH": str(REPOSITORY),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(workers),
            "MOTCUA_DATA": str(data),
            "MOTCUA_KEY": "a key for rehearsals, known to all",
            "MOTCUA_ORIGINS": self.origin,
            "MOTCUA_LOG_LEVEL": "warning",
        } | {f"MOTCUA_{name.upper()}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None
        data.mkdir(parents=True, exist_ok=True)
        atexit.register(self.kill)

    def command(self, *arguments: str) -> str:
        """Run `motcua` with this service's settings; return what it printed."""
        command = [sys.executable, "-c", "from server.cli import main; main()", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=60
        )
        if done.returncode:
            raise RuntimeError(f"motcua {' '.join(arguments)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.data / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from server.cli import main; main()", "serve"],
                env=self.environment,
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the service did not start:\n{self.log()[-4000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Ask the service whether it is alive."""
        return self._says_200("/healthz")

    def ready(self) -> bool:
        """Ask the service whether it takes requests: its database answers, its disk has room, it does not end."""
        return self._says_200("/readyz")

    @property
    def database(self) -> str:
        """What MOTCUA_DATABASE says: a URL, or nothing for SQLite in the data folder."""
        return self.environment.get("MOTCUA_DATABASE", "")

    @contextlib.contextmanager
    def opened(self) -> Iterator[Store]:
        """Open its store beside it, whichever engine it runs on."""
        store = open_store(Config(data=self.data, key=self.environment["MOTCUA_KEY"], database=self.database))
        try:
            yield store
        finally:
            store.close()

    def stop(self) -> None:
        """Let it end in good order."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End all of its processes at once, wherever they are (SIGKILL)."""
        self._signal(signal.SIGKILL)

    @property
    def leaders(self) -> tuple[int, ...]:
        """The process ids of those that lead all other processes of the service."""
        return () if self._process is None else (self._process.pid,)

    @property
    def workers(self) -> tuple[int, ...]:
        """The process ids of the workers (on Linux)."""
        if self._process is None:
            return ()
        return tuple(worker for master in self.masters for worker in _children(master))

    @property
    def masters(self) -> tuple[int, ...]:
        """The process ids of gunicorn's master, and of the next one while they exchange places (on Linux)."""
        if self._process is None:
            return ()
        return tuple(each for each in _children(self._process.pid) if b"\0gunicorn\0" in _command(each))

    @property
    def mailer(self) -> int | None:
        """The process id of the mailer beside the workers (on Linux)."""
        if self._process is None:
            return None
        beside = b"\0--beside\0%d\0" % self._process.pid
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if beside in _command(int(entry.name)):
                    return int(entry.name)
        return None

    def log(self) -> str:
        """Return what the service wrote."""
        return (self.data / "service.log").read_text()

    def _says_200(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def exchange(self) -> None:
        """Have it change to new processes, as after an upgrade, and wait until only those are there (on Linux)."""
        assert self._process is not None
        before = {*self.masters, *self.workers}
        os.kill(self._process.pid, signal.SIGHUP)
        deadline = time.monotonic() + 60
        while before & {*self.masters, *self.workers} or not self.workers:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the processes were not exchanged:\n{self.log()[-4000:]}")
            time.sleep(0.05)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        self._process.wait(timeout=40)
        self._process = None
        # Workers share the port: while one is not gone yet, connections to the next service might reach it.
        deadline = time.monotonic() + 5
        while self._listens() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _children(process: int) -> tuple[int, ...]:
    """Return the children of a process that may end meanwhile."""
    try:
        return tuple(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))
    except OSError:
        return ()


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
