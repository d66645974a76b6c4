"""What is personal on a phone: sealed on its disk, locked by a passkey for who wants it, and back without it."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from loadtests.service import Service
from setup.browser import installed
from tests.journeys import feedback
from tests.journeys.conftest import ARGUMENTS, NewPhone
from tests.journeys.phone import Phone
from tests.journeys.stores import raw

pytestmark = pytest.mark.journey
LOCK = "Khoá hồ sơ trên máy này bằng khoá truy cập"
STAYS = "Đã lưu khi khoá chưa bật."
WINDOW = 8


class Persistent:
    """A browser that keeps its profile in a folder."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._launch = browser.browser_type.launch_persistent_context
        self._folder = folder

    def new_context(self, **options: Any) -> Any:
        """Start the browser on the folder."""
        return self._launch(self._folder, executable_path=installed(), args=ARGUMENTS, **options)


@pytest.fixture
def service(shared_service: Service) -> Service:
    return shared_service


def test_no_answer_is_found_in_the_files_of_the_browser(browser: Browser, service: Service, tmp_path: Path) -> None:
    chance = random.Random(7)
    secret, name = ("".join(chance.choices(string.ascii_letters, k=40)) for _ in range(2))
    profile = tmp_path / "profile"
    phone = Phone(Persistent(browser, profile), service.origin)  # type: ignore[arg-type]
    feedback.enrol(phone, None, name)
    page = feedback.begin(phone)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, secret)
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
    assert secret not in str(raw(page))
    phone.close()
    # The account's name is not sealed: if it were not found, this would prove nothing.
    assert found(name, profile / "Default")
    assert not found(secret, profile / "Default")


def test_a_passkey_locks_what_is_on_the_phone_and_opens_it_without_network(
    service: Service, new_phone: NewPhone
) -> None:
    phone = new_phone()
    feedback.enrol(phone, None, "Nguyễn Văn An")
    page = feedback.begin(phone)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, STAYS)
    matter = page.url.removeprefix(phone.origin)
    page = phone.go("/account")
    expect(page.get_by_text("Chìa khoá do chính trình duyệt giữ")).to_be_visible()
    page.get_by_role("button", name=LOCK).click()
    expect(page.get_by_text("chỉ mở bằng khoá truy cập của bạn")).to_be_visible()
    # While the app is open, it stays open.
    page.get_by_role("navigation").get_by_role("link", name="Trang chủ").click()
    page.get_by_role("link", name=feedback.TITLE).first.click()
    expect(page.get_by_role("link", name="Sự việc")).to_be_visible()

    # The app is closed and opened again, with no network.
    phone.ready_offline()
    phone.set_offline(True)
    page.goto("about:blank")
    phone.go("/procedures")
    expect(page.get_by_role("link", name=feedback.TITLE)).to_be_visible()
    expect(page.get_by_role("region", name="Hồ sơ trên máy này đang khoá")).to_be_visible()
    phone.go(matter)
    expect(page.get_by_role("heading", name="Hồ sơ trên máy này đang khoá", level=1)).to_be_visible()
    assert STAYS not in page.content()
    page.get_by_role("main").get_by_role("button", name="Mở khoá").click()
    expect(page.get_by_label("Nội dung")).to_have_value(STAYS)
    vault = [row for row in raw(page)["meta"] if isinstance(row, dict) and "wrapped" in row]
    assert [row["by"]["way"] for row in vault] == ["passkey"]
    feedback.fill_matter(page, STAYS + " Và sửa sau đó.")

    phone.set_offline(False)
    page = phone.go("/account")
    page.get_by_role("main").get_by_role("link", name="Mở khoá").click()
    page.get_by_role("main").get_by_role("button", name="Mở khoá").click()
    phone_is_open(page)


def test_who_lost_the_passkey_signs_in_with_another_and_every_draft_is_back(
    service: Service, new_phone: NewPhone
) -> None:
    first, second = new_phone(), new_phone()
    feedback.enrol(first, None, "Nguyễn Văn An")
    page = feedback.begin(first)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, STAYS)
    matter = page.url.removeprefix(first.origin)
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
    page = first.go("/account")
    page.get_by_role("button", name="Tạo liên kết").click()
    link = page.get_by_test_id("own-link").inner_text()
    page.get_by_role("button", name=LOCK).click()
    expect(page.get_by_text("chỉ mở bằng khoá truy cập của bạn")).to_be_visible()

    # Another phone of the person has a passkey of its own; it is the only one that is left.
    other = second.go(link.removeprefix(second.origin))
    other.get_by_role("button", name="Tạo khoá truy cập").click()
    feedback.bind(other)
    first.forget_passkeys()
    first.add_passkeys(second.passkeys())
    page = first.new_tab()
    first.go(matter)
    page.get_by_role("button", name="Xoá phần đang khoá và đăng nhập lại").click()
    page.get_by_role("dialog").get_by_role("button", name="Xoá phần đang khoá và đăng nhập lại").click()
    page.get_by_role("main").get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    feedback.bind(page)
    first.go(matter)
    expect(page.get_by_label("Nội dung")).to_have_value(STAYS, timeout=30_000)


def test_a_draft_is_saved_as_a_file_and_opened_by_somebody_else(
    service: Service, new_phone: NewPhone, tmp_path: Path
) -> None:
    first, second = new_phone(), new_phone()
    feedback.enrol(first, None, "Nguyễn Văn An")
    page = feedback.begin(first)
    draft = page.url
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, STAYS)
    page.goto(draft)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Lưu tờ khai ra tệp").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert json.loads(file.read_text())["typ"] == "motcua-draft/1"

    feedback.enrol(second, None, "Trần Thị Bình")
    page = second.go("/drafts/import")
    changed = json.loads(file.read_text())
    changed["answers"]["khong_hoi"] = "x"
    page.locator("input[type=file]").set_input_files(
        {"name": "x.json", "mimeType": "application/json", "buffer": b'{"typ":"motcua-draft/9"}'}
    )
    expect(page.get_by_text("phiên bản ứng dụng mới hơn")).to_be_visible()
    file.write_text(json.dumps(changed))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("khong_hoi: tờ khai không hỏi mục này")).to_be_visible()
    page.get_by_role("link", name="Xem tờ khai").click()
    page.get_by_role("link", name="Sự việc").click()
    expect(page.get_by_label("Nội dung")).to_have_value(STAYS)
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)


def phone_is_open(page: Page) -> None:
    expect(page.get_by_role("region", name="Hồ sơ trên máy này đang khoá")).to_have_count(0)


def found(secret: str, folder: Path) -> bool:
    """Whether a part of `secret` stands in any file, in one of the ways in which browsers write text.

    Snappy, with which LevelDB makes its blocks smaller, writes what it sees first as it is, in runs.
    """
    parts = [secret[at : at + WINDOW] for at in range(len(secret) - WINDOW)]
    wanted = [part.encode(coding) for part in parts for coding in ("ascii", "utf-16-le")]
    stores = [folder / name for name in ("IndexedDB", "Local Storage", "Service Worker", "Session Storage")]
    files = [path for store in stores for path in store.rglob("*") if path.is_file()]
    assert files
    return any(part in data for data in (path.read_bytes() for path in files) for part in wanted)
