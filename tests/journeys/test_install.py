"""The app can be installed, and opens without network."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from loadtests.service import REPOSITORY, Service
from setup.browser import installed
from tests.journeys import feedback
from tests.journeys.conftest import ARGUMENTS, NewCity
from tests.journeys.phone import Phone

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


def test_a_new_version_waits_until_the_person_says_so_and_loses_no_draft(
    browser: Browser, new_city: NewCity, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    shutil.copytree(REPOSITORY / "pwa" / "dist", app)
    service = new_city(pwa=str(app))
    service.start()
    phone = Phone(browser, service.origin)
    feedback.enrol(phone, None, "Nguyễn Văn An")
    phone.ready_offline()
    page = feedback.begin(phone)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page)
    expect(page.get_by_text("Có bản mới của ứng dụng")).to_have_count(0)

    for worker in app.glob("sw.js*"):
        worker.unlink() if worker.suffix != ".js" else worker.write_text(worker.read_text() + "\n// newer\n")
    service.stop()
    service.start()
    page.reload()
    banner = page.get_by_role("region", name="Có bản mới của ứng dụng")
    expect(banner).to_be_visible(timeout=20_000)
    expect(page.get_by_role("textbox", name="Nội dung")).to_have_value(feedback.DESCRIPTION)
    with page.expect_navigation():
        banner.get_by_role("button", name="Dùng bản mới").click()
    expect(page.get_by_role("textbox", name="Nội dung")).to_have_value(feedback.DESCRIPTION)
    expect(banner).to_have_count(0)
    phone.close()
    service.kill()
