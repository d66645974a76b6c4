"""The catalogue: found by what people type, and opened from a code on a wall by anyone with a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import audit
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import DESKTOP
from tests.journeys.reading import codes

pytestmark = pytest.mark.journey
FOUND = {
    "khai tu": "Đăng ký khai tử",
    "giay chung tu": "Đăng ký khai tử",
    "doc than": "Cấp Giấy xác nhận tình trạng hôn nhân",
    "kethon": "Đăng ký kết hôn",
    "wedding": "Đăng ký kết hôn",
    "sao y": "Chứng thực bản sao từ bản chính",
    "ho khau": "Xác nhận thông tin về cư trú",
    "proof of address": "Xác nhận thông tin về cư trú",
    "1022": "Phản ánh, kiến nghị đến Thành phố (1022)",
    "ổ gà": "Phản ánh, kiến nghị đến Thành phố (1022)",
    "hộ kinh doanh": "Đăng ký thành lập hộ kinh doanh",
    "xaydung": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "khieu nai": "Khiếu nại",
    "denunciation": "Tố cáo",
}
"""What people type, and what they mean by it."""


@pytest.fixture
def service(shared_service: Service) -> Service:
    return shared_service


def test_a_code_on_the_wall_opens_the_procedure_on_a_stranger_s_phone(new_phone: NewPhone) -> None:
    desk = new_phone(viewport=DESKTOP)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.go("/procedures")
    first(page, "khaisinh", "Đăng ký khai sinh")
    page.get_by_role("main").get_by_role("link", name="Đăng ký khai sinh").click()
    page.get_by_role("link", name="Mã QR, in và chia sẻ thủ tục này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã QR của thủ tục")
    assert audit.problems(page, "poster") == []

    link = f"{desk.origin}/procedures/birth-registration"
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert codes(page.screenshot(full_page=True)) == f'["{link}"]'
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.get_by_text("Đã chép liên kết.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == link
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1

    stranger = new_phone()
    stranger.page.goto(link)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Đăng ký khai sinh")
    expect(stranger.page.get_by_text("Giấy chứng sinh (bản chính)")).to_be_visible()
    expect(stranger.page.get_by_role("link", name="Tạo tài khoản hoặc đăng nhập")).to_be_visible()


def test_procedures_are_found_with_no_network_in_both_languages(new_phone: NewPhone) -> None:
    phone = new_phone()
    page = phone.go("/procedures")
    expect(page.get_by_role("link", name="Đăng ký khai sinh")).to_be_visible()
    phone.ready_offline()
    phone.set_offline(True)
    for query in ("khai sinh", "Khai sinh", "khaisinh", "KHAI SINH", "khia sinh", "birth", "birth certificate"):
        first(page, query, "Đăng ký khai sinh")
    for query, title in FOUND.items():
        first(page, query, title)
    page.get_by_role("button", name="English").click()
    search = page.get_by_label("Find a procedure")
    search.fill("giấy khai sinh")
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text("Birth registration")
    search.fill("xyzxyz")
    expect(page.get_by_text("Nothing was found")).to_be_visible()


def first(page: Page, query: str, title: str) -> None:
    """Search, and see a procedure at the head of what is found."""
    page.get_by_label("Tìm thủ tục").fill(query)
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text(title)
