"""A peer's server as a process group of its own."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class Program:
    """Starts at once; what it writes goes to `log` in its folder."""

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self._log = folder / "log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        atexit.register(self._signal, signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The process that started all others."""
        return self._process.pid

    def wait(self, address: str) -> None:
        """Wait until it answers with success."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self._process.args!r} did not start:\n{self._log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> None:
        """Let it end in good order, and see that nothing of it is left."""
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        self._signal(signal.SIGKILL)
        self._process.wait(timeout=20)
        atexit.unregister(self._signal)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def call(method: str, url: str, body: object = None, **headers: str) -> Any:
    """Send JSON to a peer; return the JSON of its answer, or raise with what it said."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url, method=method, data=data, headers={"Content-Type": "application/json", **headers}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"expected success of {method} {url}, got {error.code} {error.read()[:500]!r}") from error
