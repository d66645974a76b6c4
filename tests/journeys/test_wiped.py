"""A browser that lost all it had: after signing in again every draft is back, with what was attached to it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import attaching, feedback
from tests.journeys.conftest import NewPhone
from tests.journeys.stores import raw

pytestmark = pytest.mark.journey
MARK = "Nắp cống trước nhà số 12 bị mất, mã 7f3a9c."
WIPE = """async () => {
  const gone = (name) => new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
    request.onblocked = () => undefined; // the app closes it by itself
  });
  await gone('motcua');
  localStorage.clear();
}"""


def test_after_wiping_the_browser_and_signing_in_again_every_draft_is_back(
    service: Service, new_phone: NewPhone
) -> None:
    attaching.publish_form(service, {"photo": "image", "paper": "file"})
    phone = new_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    feedback.begin(phone)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, MARK)
    text_draft = page.url.removeprefix(phone.origin)
    file_draft = attaching.begin(phone)
    attaching.add(page, "photo", "ảnh.jpg", "image/jpeg", attaching.photo(800, 600))
    attaching.add(page, "paper", "giấy.pdf", "application/pdf", attaching.noise(300_000))
    phone.go(file_draft)
    expect(page.get_by_text("Đã có bản trên máy chủ")).to_be_visible(timeout=30_000)
    phone.go(text_draft)
    everything_sent(page)

    phone.go("/procedures")
    page.evaluate(WIPE)
    page.context.clear_cookies()
    page.reload()
    page = phone.go("/start")
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    feedback.bind(page)
    phone.go("/")
    expect(page.get_by_role("link", name=feedback.TITLE)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Tờ khai có ảnh kèm theo")).to_be_visible()
    phone.go(text_draft)
    expect(page.get_by_label("Nội dung")).to_have_value(MARK)
    phone.go(f"{file_draft}/photos")
    for question in ("photo", "paper"):
        field = page.locator(f'[data-question="{question}"]')
        expect(field.locator("figcaption a")).to_have_attribute("href", attaching.IN_MEMORY, timeout=15_000)
    loads(page)
    # It was fetched once: with no network it can be looked at again.
    phone.ready_offline()
    phone.set_offline(True)
    page.reload()
    loads(page)


def test_nothing_that_was_typed_or_attached_stands_plainly_in_the_browsers_stores(
    service: Service, new_phone: NewPhone
) -> None:
    attaching.publish_form(service, {"paper": "file"})
    phone = new_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    phone.ready_offline()
    phone.set_offline(True)
    feedback.begin(phone)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, MARK)
    attaching.begin(phone)
    attaching.add(page, "paper", "tệp qzx41.txt", "text/plain", MARK.encode() * 1000)
    looked_through(page)
    phone.set_offline(False)
    everything_sent(page)
    looked_through(page)


def looked_through(page: Page) -> None:
    """Look at every row of every store for what was typed."""
    stores = raw(page)
    assert stores["base"] or stores["changes"]
    text = str(stores)
    for secret in (MARK, MARK.split(",", maxsplit=1)[0], "7f3a9c", "qzx41"):
        assert secret not in text


def loads(page: Page) -> None:
    """Wait until the photo is shown, which is there only when all of its bytes are."""
    photo = page.locator('[data-question="photo"] img')
    expect(photo).to_be_visible(timeout=15_000)
    page.wait_for_function("() => document.querySelector('[data-question=photo] img')?.naturalWidth > 0")


def everything_sent(page: Page) -> None:
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
