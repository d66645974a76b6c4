"""The mailer's process: how the service keeps one beside itself, and when it ends.

The supervisor loads this, so it imports nothing but the standard library.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Final

_LOOK: Final = 0.5
_GRACE: Final = 5.0
"""Seconds that the mailer has to finish the letter it is at."""
_PAUSE: Final = 2.0
"""Seconds from one start to the next at least."""


def until_told(beside: int | None) -> threading.Event:
    """Return an event that is set by SIGTERM or SIGINT, and when the parent is no longer the process `beside`."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if beside is not None:
        threading.Thread(target=_watch, args=(beside, stopped), name="parent", daemon=True).start()
    return stopped


def _watch(parent: int, stopped: threading.Event) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK)
    stopped.set()
    time.sleep(_GRACE)
    os._exit(1)  # it hangs in a conversation with a mail server


class Beside:
    """Keeps a mailer as a child of this process, and starts another when one ends.

    The child watches its parent, so that it ends with it even when the parent is killed.
    """

    def __init__(self) -> None:
        self._command = [sys.executable, "-c", "from server.cli import main; main()"]
        self._command += ["mail", "--beside", str(os.getpid())]
        self._child: subprocess.Popen[bytes] | None = None
        self._looked = 0.0

    def start(self) -> None:
        """Start a mailer."""
        self._looked = time.monotonic()
        self._child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own command

    def look(self) -> None:
        """Start another mailer when the one that was started has ended; to be called again and again."""
        now = time.monotonic()
        if self._child is not None and now - self._looked > _PAUSE and self._child.poll() is not None:
            self.start()

    def end(self) -> None:
        """Ask the mailer to end, after the letter that it is at."""
        if self._child is not None:
            self._child.terminate()

    def stop(self) -> None:
        """End the mailer, after the letter that it is at if that does not take long."""
        if self._child is None:
            return
        self.end()
        try:
            self._child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child = None
