"""What `motcua serve` becomes: it keeps the door open while the processes behind it come and go.

It holds the listening sockets, one for each web process, and never closes them while it runs: a connection that comes
while processes are exchanged waits in a queue of the kernel, and is neither refused nor reset. SIGHUP starts gunicorn
anew, with the code that is installed now; once that serves, the one before finishes what it is at and ends. When it
does not come up, the one before goes on. SIGTERM ends all in good order.

It runs for months while the code around it changes, so it imports nothing but the standard library.
"""

from __future__ import annotations

import fcntl
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from server.beside import Beside

GRACE: Final = 10
"""Seconds that requests in progress have to end. What is cut then is sent again by phones."""
_LOOK: Final = 0.05
_BOOT: Final = 120
"""Seconds that a new generation has to come up; migrations are part of it."""
_HANDED: Final = "SUPERVISOR"
_BACKLOG: Final = 2048
_LEAVING: Final = b"1"


@dataclass(frozen=True, slots=True)
class Handed:
    """The file descriptors that gunicorn gets: listening sockets, one byte of state, and where to say "I serve"."""

    listeners: tuple[int, ...]
    state: int
    ready: int

    @property
    def leaving(self) -> bool:
        """Whether the service will soon end, and no other generation takes its place."""
        return os.pread(self.state, 1, 0) == _LEAVING


def handed() -> Handed | None:
    """Return what the supervisor of this process has handed to it, if there is one."""
    text = os.environ.get(_HANDED)
    if text is None:
        return None
    given = json.loads(text)
    return Handed(tuple(given["listeners"]), given["state"], given["ready"])


class Web:
    """One generation of web processes: gunicorn's master and its workers."""

    def __init__(self, listeners: tuple[int, ...], state: int) -> None:
        self._said, ready = os.pipe()
        os.set_blocking(self._said, False)
        given = {"listeners": listeners, "state": state, "ready": ready}
        environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:server.serving", "server.wsgi:app"]
        self._process = subprocess.Popen(  # noqa: S603  # every word of it stands above
            command, env={**environment, _HANDED: json.dumps(given)}, pass_fds=(*listeners, state, ready)
        )
        os.close(ready)
        self._missing = len(listeners)

    @property
    def ended(self) -> int | None:
        """The exit status, once it has ended."""
        return self._process.poll()

    @property
    def serves(self) -> bool:
        """Whether every worker has said that it serves."""
        with suppress(BlockingIOError):
            self._missing -= len(os.read(self._said, 1024))
        return self._missing <= 0

    def end(self) -> None:
        """Ask it to finish what it is at and to end."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """End it at once, if it has not ended; its workers end when they see that it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        with suppress(OSError):
            os.close(self._said)


class Supervisor:
    """Keeps one generation at work, and the mailer beside it. `drain` is how long (s) before the end it says so."""

    def __init__(self, *, host: str, port: int, workers: int, drain: float) -> None:
        self._drain = drain
        self._figures, self._owned = _own_folder()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._figures)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # One socket each: the kernel spreads connections over them, and no process waits at another's.
        self._sockets = [
            socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=True) for _ in range(workers)
        ]
        self._state = tempfile.TemporaryFile()  # noqa: SIM115  # it is open as long as the service
        self._signals: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._mailer = Beside()

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; return the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: self._signals.put(number))
        web = self._begun()
        try:
            if not self._comes_up(web):
                return self._wait_for(web)
            self._mailer.start()
            _tell("READY=1")
            while True:
                self._mailer.look()
                told = self._next(0.5)
                if told in (signal.SIGTERM, signal.SIGINT):
                    break
                if web.ended is not None:
                    _say("the web processes ended unexpectedly; so does the service")
                    return 1
                if told == signal.SIGHUP:
                    web = self._exchanged(web)
            self._leave(web)
            return 0
        finally:
            web.kill()
            self._mailer.stop()
            shutil.rmtree(self._figures, ignore_errors=True)
            self._owned.close()

    def _begun(self) -> Web:
        return Web(tuple(each.fileno() for each in self._sockets), self._state.fileno())

    def _comes_up(self, web: Web) -> bool:
        """Wait until a generation serves. False when it ends, takes too long, or the service is to end meanwhile."""
        end, again = time.monotonic() + _BOOT, False
        while not web.serves:
            told = self._next(_LOOK)
            again = again or told == signal.SIGHUP
            if told in (signal.SIGTERM, signal.SIGINT):
                self._signals.put(told)  # it is meant for the generation before, too
                web.end()
                return False
            if web.ended is not None or time.monotonic() > end:
                web.kill()
                return False
        if again:
            self._signals.put(signal.SIGHUP)  # the code may have changed since this generation loaded it
        return True

    def _exchanged(self, before: Web) -> Web:
        """Return the generation that serves from now on."""
        web = self._begun()
        if not self._comes_up(web):
            self._wait_for(web)
            _say("the new processes did not come up; those before them go on")
            return before
        self._mailer.stop()
        self._mailer.start()
        before.end()
        self._wait_for(before)
        _say("new processes serve now")
        return web

    def _leave(self, web: Web) -> None:
        """Say that the service will end, for as long as a load balancer needs to hear it, and end it."""
        _tell("STOPPING=1")
        os.pwrite(self._state.fileno(), _LEAVING, 0)
        end = time.monotonic() + self._drain
        while web.ended is None and (left := end - time.monotonic()) > 0:
            if self._next(min(left, 0.5)) in (signal.SIGTERM, signal.SIGINT):
                break  # told twice: now
        for each in self._sockets:
            each.close()
        web.end()
        self._mailer.end()
        self._wait_for(web)

    def _wait_for(self, web: Web) -> int:
        """Wait until a generation that was told to end has done so; return its exit status."""
        end = time.monotonic() + GRACE + 5
        while (status := web.ended) is None:
            if time.monotonic() > end:
                web.kill()
            time.sleep(_LOOK)
        return max(status, 0)

    def _next(self, seconds: float) -> int | None:
        try:
            return self._signals.get(timeout=seconds)
        except queue.Empty:
            return None


def _tell(state: str) -> None:
    """Tell systemd (sd_notify), where it started the service."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notifier, suppress(OSError):
            notifier.sendto(state.encode(), f"\0{address[1:]}" if address[0] == "@" else address)


def _say(words: str) -> None:
    print(f"motcua: {words}", file=sys.stderr, flush=True)  # noqa: T201  # the log of a process without a logger


def _own_folder() -> tuple[Path, IO[str]]:
    """Make the folder for processes' figures, and keep it as long as the file stays open.

    Folders of services that were killed are removed: nobody keeps them any more.
    """
    prefix = f"motcua-metrics-{os.getuid()}-"
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*/owner"):
        with suppress(OSError), left.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    owned = (folder / "owned").open("w")
    fcntl.flock(owned, fcntl.LOCK_EX)
    (folder / "owned").rename(folder / "owner")  # so that nobody finds it before it is kept
    return folder, owned


def main() -> None:
    """Serve as the environment says."""
    get = os.environ.get
    host, port, workers = get("HOST", "0.0.0.0"), int(get("PORT", "8000")), int(get("WEB_CONCURRENCY", "2"))  # noqa: S104
    drain = float(get("MOTCUA_DRAIN", "0"))
    sys.exit(Supervisor(host=host, port=port, workers=workers, drain=drain).run())


if __name__ == "__main__":
    main()
