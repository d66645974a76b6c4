"""The shared vectors of the gate, played in a real browser: its cryptography, its zlib, its JavaScript."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from loadtests.service import REPOSITORY, free_port

VECTORS = REPOSITORY / "tests" / "vectors" / "gate"
FILES = ("codes", "card", "verdict", "presence")
CASES = "/src/features/gate/testing/browser.ts"

SERVE = """
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


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin that serves the app's TypeScript, module by module."""
    folder = tmp_path_factory.mktemp("vite")
    origin = f"http://localhost:{(port := free_port())}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [_node(), "--input-type=module", "-e", SERVE, str(port), str(folder / "cache")],
            cwd=REPOSITORY / "pwa",
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    atexit.register(_kill, process)
    try:
        _wait(origin + CASES, process, folder / "log")
        yield origin
    finally:
        _kill(process)
        atexit.unregister(_kill)


def test_every_vector_of_the_gate_holds_in_the_browser(browser: Browser, sources: str) -> None:
    files = {name: json.loads((VECTORS / f"{name}.json").read_text()) for name in FILES}
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{sources}/blank", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(f"{sources}/blank")

    played: dict[str, list[Any]] = page.evaluate(
        "async ([module, files]) => (await import(module)).played(files)", [CASES, files]
    )

    context.close()
    wrong = [(name, got, expected) for each in played.values() for name, got, expected in each if got != expected]
    assert (wrong, errors) == ([], [])
    counts = {name: len(each) for name, each in played.items()}
    verdict, presence = files["verdict"], files["presence"]
    assert counts["verdict"] == len(verdict["cases"])
    assert counts["presence"] == len(presence["cases"]) + len(presence["random"])
    assert min(counts.values()) > 0
    print(f"\nplayed in {browser.browser_type.name} {browser.version}: {counts}, {sum(counts.values())} in all")


def _node() -> str:
    node = shutil.which("node")
    assert node is not None, "expected node on the PATH"
    return node


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.05)
    pytest.fail(f"vite did not start:\n{log.read_text()[-4000:]}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
    if process.stdin is not None:
        process.stdin.close()
