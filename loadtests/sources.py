"""Serves the app's TypeScript module by module, so that a browser can run parts of it that no screen shows."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from loadtests.service import REPOSITORY, free_port

_SERVE = """
import { createServer } from 'vite';
const [port, cacheDir] = process.argv.slice(1);
const server = { host: 'localhost', port: Number(port), strictPort: true, hmr: false, ws: false, watch: null };
// dependencies are modules already: served as they are, nothing is written beside other people's work
const optimizeDeps = { noDiscovery: true, include: [] };
const vite = await createServer({ configFile: false, cacheDir, server, optimizeDeps, logLevel: 'warn' });
await vite.listen();
process.stdin.resume().on('end', () => process.exit());
"""
"""Vite over the sources, without the app's plugins. It ends with whoever holds the other end of its stdin."""


@contextlib.contextmanager
def sources(module: str) -> Iterator[str]:
    """Serve the sources as long as the context lasts; yields their origin once `module` is answered."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("expected node on the PATH")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        origin = f"http://localhost:{(port := free_port())}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [node, "--input-type=module", "-e", _SERVE, str(port), str(Path(folder) / "cache")],
                cwd=REPOSITORY / "pwa",
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        atexit.register(_kill, process)
        try:
            _wait(origin + module, process, log)
            yield origin
        finally:
            _kill(process)
            atexit.unregister(_kill)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.05)
    raise RuntimeError(f"vite did not start:\n{log.read_text()[-4000:]}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
    if process.stdin is not None:
        process.stdin.close()
