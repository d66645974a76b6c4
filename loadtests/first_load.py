"""How long the app takes to be usable on a slow phone: `python -m loadtests.first_load`.

Slow 3G (400 ms round trip, 400 kbit/s) and a CPU slowed four times, in a real browser against a real service.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from loadtests.service import Service
from setup.browser import installed

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> None:
    """Print the time to the catalogue on a first visit, and on a second one with the server gone."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(Path(folder))
        service.command("demo")
        service.start()
        browser = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN").new_page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        print(f"first visit, slow 3G, CPU 4x slower: heading {_open(page, service.origin):.2f} s", end="")
        print(f", catalogue {_until_catalogue(page):.2f} s later")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        service.kill()
        print(f"opened again with the server gone, CPU 4x slower: heading {_open(page, service.origin):.2f} s", end="")
        print(f", catalogue {_until_catalogue(page):.2f} s later")
        browser.close()


def _open(page: Page, origin: str) -> float:
    began = time.perf_counter()
    page.goto(origin, wait_until="commit", timeout=60_000)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    return time.perf_counter() - began


def _until_catalogue(page: Page) -> float:
    began = time.perf_counter()
    page.get_by_role("link", name="Đăng ký khai sinh").wait_for(timeout=60_000)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
