"""The app can be installed, and opens without network."""

from __future__ import annotations

import tempfile
import time

import pytest
from playwright.sync_api import Browser, expect

from loadtests.service import Service
from setup.browser import installed
from tests.journeys.conftest import ARGUMENTS

pytestmark = pytest.mark.journey


def test_the_app_is_installable_and_opens_with_the_server_gone(service: Service, browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as home:
        context = browser.browser_type.launch_persistent_context(
            home, executable_path=installed(), args=ARGUMENTS, viewport={"width": 360, "height": 740}, locale="vi-VN"
        )
        page = context.new_page()
        page.goto(service.origin)
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        expect(page.get_by_role("link", name="Đăng ký khai sinh")).to_be_visible()
        session = context.new_cdp_session(page)
        assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []

        service.stop()
        began = time.perf_counter()
        page.reload()
        expect(page.get_by_role("link", name="Đăng ký khai sinh")).to_be_visible()
        print(f"opened offline in {time.perf_counter() - began:.2f} s")
        page.get_by_role("link", name="Đăng ký khai sinh").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký khai sinh")
        context.close()
