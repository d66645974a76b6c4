"""How a resident goes through the procedure "feedback to the city" on the screens of the app, in Vietnamese."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.phone import Phone

TITLE = "Phản ánh, kiến nghị đến Thành phố (1022)"
DESCRIPTION = "Đường ngập sâu sau mỗi trận mưa, xe máy chết máy hàng loạt."


def enrol(phone: Phone, link: str | None, name: str) -> Page:
    """Make an account with a passkey, by a link or without one, and bind the phone."""
    page = phone.go(link.removeprefix(phone.origin) if link else "/start")
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_role("button", name="Tạo khoá truy cập").click()
    bind(page)
    return page


def bind(page: Page) -> None:
    """Bind this phone, the second step of an account."""
    page.get_by_role("button", name="Gắn máy này").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Gắn máy này")
    expect(page.get_by_role("button", name="Gắn máy này")).to_have_count(0)


def begin(phone: Phone) -> Page:
    """Find the procedure in the catalogue, without diacritics, and begin a draft."""
    page = phone.page
    page.get_by_role("navigation").get_by_role("link", name="Thủ tục").click()
    page.get_by_label("Tìm thủ tục").fill("phan anh")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Bắt đầu điền").click()
    expect(page.get_by_text("Đã xong 0 trên")).to_be_visible()
    return page


def fill_matter(page: Page, description: str = DESCRIPTION) -> None:
    """Fill the first page."""
    page.get_by_label("Phản ánh một sự việc, sự cố").check()
    page.get_by_label("Lĩnh vực").select_option("flood")
    page.get_by_label("Nội dung").fill(description)
    saved(page)


def fill_place(page: Page) -> None:
    """Fill the second page."""
    page.get_by_label("Phường, xã, đặc khu").fill("Phường Bến Thành")
    page.get_by_label("Địa chỉ hoặc mô tả địa điểm").fill("Trước số 12 đường Lê Lai")
    for label, value in (("Ngày", "17"), ("Tháng", "11"), ("Năm", "2026")):
        page.get_by_role("group", name="Ngày xảy ra hoặc phát hiện").get_by_label(label, exact=True).fill(value)
    page.get_by_role("group", name="Sự việc vẫn đang tiếp diễn").get_by_label("Có").check()
    saved(page)


def fill_sender(page: Page) -> None:
    """Fill the third page."""
    page.get_by_label("Không nêu tên").check()
    page.get_by_role("group", name="Đồng ý công khai nội dung").get_by_label("Có").check()
    saved(page)


def fill_declaration(page: Page) -> None:
    """Fill the fourth page."""
    page.get_by_label("Tôi chịu trách nhiệm về tính trung thực").check()
    saved(page)


def go_on(page: Page) -> None:
    """Leave a page of questions for the next one."""
    heading = page.get_by_role("heading", level=1)
    before = heading.inner_text()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(heading).not_to_have_text(before)


def sign(page: Page) -> None:
    """Sign on the review page."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra câu trả lời")
    page.get_by_role("button", name="Đồng ý và ký").click()


def saved(page: Page) -> None:
    """Wait until the screen says that what was typed is saved on this phone."""
    expect(page.get_by_text("Đã lưu trên máy này", exact=True)).to_be_visible()
