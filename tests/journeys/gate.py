"""What guards do on their screens, in Vietnamese: stand at a gate, scan, read what the phone says."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from loadtests.service import Service
from tests.journeys import feedback, staff
from tests.journeys.camera import Camera
from tests.journeys.phone import Phone

UNIT = "ben-thanh"
Word = Literal["CHO VÀO", "CHO RA", "KIỂM TRA", "TỪ CHỐI"]
_LOOKS = {"CHO VÀO": "admit", "CHO RA": "admit", "KIỂM TRA": "check", "TỪ CHỐI": "refuse"}

USED = "Đã dùng hết số lượt vào"
INSIDE = "Đã vào rồi và chưa quét mã lúc ra"


def guard_at(phone: Phone, service: Service, *, gate: str = "Cửa chính", name: str = "Phạm Văn Dũng") -> Page:
    """Enrol a guard on this phone and stand at a gate, ready to work without a network."""
    page = feedback.enrol(phone, staff.link(service, "guard", UNIT), name)
    phone.go("/gate")
    page.get_by_role("link", name="Chọn cổng").click()
    page.get_by_label(gate).check()
    page.get_by_role("button", name="Tải về và bắt đầu").click()
    expect(page.get_by_test_id("ready")).to_have_text("Sẵn sàng làm việc không cần mạng", timeout=60_000)
    page.get_by_role("link", name="Bắt đầu quét").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(gate)
    return page


def type_code(page: Page, code: str) -> None:
    """Check a code by hand."""
    page.get_by_role("button", name="Nhập mã").click()
    page.get_by_label("Mã của khách").fill(code)
    page.get_by_role("button", name="Kiểm tra mã").click()


def says(page: Page, word: Word, reason: str | re.Pattern[str], *, next: str = "", touch: bool = True) -> Locator:
    """Expect a verdict whose look says the same as its word. Who wants to read touches it, and then it stays."""
    shown = page.get_by_test_id("verdict")
    shown.wait_for()
    if touch:
        shown.dispatch_event("pointerdown")
    expect(shown.locator(".verdict-reason")).to_have_text(reason)
    expect(shown.get_by_role("heading")).to_have_text(word)
    expect(shown).to_have_attribute("data-word", _LOOKS[word])
    expect(shown.locator(".verdict-next")).to_contain_text(next)
    return shown


def go_on(page: Page) -> None:
    """Put the verdict away, if it has not gone by itself."""
    shown = page.get_by_test_id("verdict")
    if shown.count() > 0:
        shown.get_by_role("button", name="Quét tiếp").click()
    expect(shown).to_have_count(0)


def next_one(page: Page, camera: Camera) -> None:
    """Take a refused code away and put its verdict away."""
    camera.put_away()
    page.wait_for_timeout(500)
    go_on(page)


def out_of_view(page: Page, camera: Camera) -> None:
    """Take a code that was let through away for so long that it counts as shown anew when it comes back."""
    camera.put_away()
    page.wait_for_timeout(3_000)
    go_on(page)


def way(page: Page, to: Literal["Vào", "Ra"]) -> None:
    """Let people in, or out."""
    page.get_by_role("group", name="Chiều đi qua cổng").get_by_text(to, exact=True).click()
    expect(page.get_by_role("radio", name=to)).to_be_checked()


def renew(phone: Phone) -> None:
    """Have the lists now, and come back to the camera."""
    page = phone.go("/gate/today")
    page.get_by_role("button", name="Cập nhật ngay").click()
    expect(page.get_by_text("Đã cập nhật.")).to_be_visible(timeout=30_000)
    page.get_by_role("navigation").get_by_role("link", name="Quét", exact=True).click()


def sent(page: Page) -> None:
    """Wait until the status line says that all of it is sent."""
    expect(page.get_by_test_id("status")).to_have_text(re.compile(r"^Đã gửi lúc"), timeout=60_000)
