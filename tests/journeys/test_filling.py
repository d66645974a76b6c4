"""A form with every sort of question: filled on a small phone, with the keyboard alone, and while its form changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from loadtests.service import Service
from tests.journeys import audit, feedback, filling
from tests.journeys.camera import Camera
from tests.journeys.conftest import NewPhone
from tests.journeys.filling import question
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey
NAME = "Nguyễn Văn An"


def test_a_form_with_every_sort_of_question_is_filled_checked_and_signed_without_network(
    service: Service, new_phone: NewPhone
) -> None:
    filling.publish_form(service)
    phone = new_phone()
    page = feedback.enrol(phone, None, NAME)
    draft = filling.begin(phone)
    wrong: list[str] = []

    def look(name: str) -> None:
        wrong.extend(audit.problems(page, f"filling-{name}"))

    page.locator('[data-page="sender"]').click()
    expect(question(page, "full_name").get_by_role("textbox")).to_have_value(NAME)
    question(page, "phone").get_by_role("textbox").fill("09")
    page.locator("[data-next]").click()
    expect(page.get_by_role("link", name=f"Số điện thoại của {NAME} phải có 10 chữ số")).to_be_visible()
    look("sender-wrong")
    filling.fill_sender(page)
    expect(page.get_by_text(f"Cảm ơn {NAME}. Bạn ở Phường Sài Gòn.")).to_be_visible()

    # Another city offers other wards: what was chosen is said, not dropped.
    page.get_by_label("Hà Nội").check()
    ward = question(page, "ward")
    expect(ward.get_by_label("Phường Sài Gòn (không còn trong danh sách)")).to_be_checked()
    expect(ward.get_by_label("Phường Hoàn Kiếm")).to_be_visible()
    page.get_by_label("Thành phố Hồ Chí Minh").check()
    expect(ward.get_by_label("Phường Sài Gòn", exact=True)).to_be_checked()
    filling.go_on(page)

    filling.fill_numbers(page)
    expect(question(page, "share").get_by_role("status")).to_have_text("12.6")
    expect(question(page, "began").get_by_role("status")).to_have_text(re.compile(r"\d\d/\d\d/\d{4}"))
    expect(question(page, "distance").get_by_role("slider")).to_have_value("7")
    look("numbers")
    filling.go_on(page)
    filling.fill_opinions(page)
    expect(question(page, "order").get_by_role("listitem").nth(1)).to_contain_text("Trên ứng dụng")
    look("opinions")
    filling.go_on(page)
    filling.fill_place(page)
    expect(question(page, "where").get_by_label("Kinh độ")).to_have_value("106,700806")
    look("place")
    filling.go_on(page)

    # Rows: added, edited, removed and brought back; what is wrong in one is reached from the list.
    filling.add_child(page, "Nguyễn Bé", toys=("Gấu bông", "Xe đạp"))
    filling.add_child(page, "Nguyễn Na")
    expect(page.locator('[data-edit="children[1]"]')).to_have_text("Người con 1")
    page.locator('[data-remove="children[2]"]').click()
    page.get_by_role("dialog").get_by_role("button", name="Xoá mục này").click()
    expect(page.locator('[data-edit="children[2]"]')).to_have_count(0)
    expect(question(page, "children_count").get_by_role("status")).to_have_text("1")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator('[data-edit="children[2]"]')).to_be_visible()
    page.locator('[data-edit="children[2]"]').click()
    page.get_by_label("Họ và tên con").fill("")
    page.get_by_role("link", name="Quay lại danh sách").click()
    page.locator("[data-next]").click()
    page.get_by_role("link", name="Người con 2, Họ và tên con: Hãy điền câu trả lời").click()
    expect(page.get_by_label("Họ và tên con")).to_be_focused()
    look("row-wrong")
    page.get_by_label("Họ và tên con").fill("Nguyễn Na")
    filling.go_on(page)
    look("rows")
    filling.go_on(page)
    filling.fill_vehicles(page)
    filling.go_on(page)

    # With no network: what is checked is what is signed.
    phone.ready_offline()
    phone.set_offline(True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra câu trả lời")
    row = page.locator('[data-row="children[1]/toys[2]"]')
    expect(row).to_contain_text("Xe đạp")
    expect(page.locator('[data-answer="order"]')).to_contain_text("1. Tại quầy; 2. Trên ứng dụng; 3. Qua bưu điện")
    expect(page.locator('[data-answer="where"]')).not_to_contain_text("±")
    look("review")
    page.locator('[data-answer="children[2]/child_name"]').get_by_role("link").click()
    expect(page.get_by_label("Họ và tên con")).to_be_focused()
    phone.go(f"{draft}/review")
    feedback.sign(page)
    expect(page.get_by_text("Đã ký, chờ mạng để gửi").first).to_be_visible()
    phone.set_offline(False)
    expect(page.get_by_test_id("dossier-code")).to_be_visible(timeout=30_000)
    expect(page.locator('[data-row="children[1]"]')).to_contain_text("Nguyễn Bé")
    look("dossier")
    page.emulate_media(media="print")
    expect(page.get_by_text("Độc lập - Tự do - Hạnh phúc")).to_be_visible()
    expect(page.locator(".printed-signature")).to_contain_text("SHA-256")
    page.emulate_media(media="screen")
    assert wrong == []


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    wanted.wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"expected to reach {wanted} with the keyboard")


def test_all_of_it_can_be_done_with_the_keyboard_alone(service: Service, new_phone: NewPhone) -> None:
    filling.publish_form(service)
    phone = new_phone()
    page = feedback.enrol(phone, None, NAME)
    draft = filling.begin(phone)

    phone.go(f"{draft}/opinions")
    _tab_to(page, page.get_by_label("Rất không hài lòng"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Không hài lòng", exact=True)).to_be_checked()
    last = question(page, "order").get_by_role("button", name="Đưa “Trên ứng dụng” lên")
    _tab_to(page, last)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(last).to_be_focused()
    expect(question(page, "order").get_by_role("listitem").first).to_contain_text("Trên ứng dụng")
    _tab_to(page, question(page, "truth").get_by_role("checkbox"))
    page.keyboard.press("Space")
    _tab_to(page, page.locator("[data-next]"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/place$"))

    phone.go(f"{draft}/numbers")
    slider = question(page, "distance").get_by_role("slider")
    _tab_to(page, slider)
    page.keyboard.press("ArrowRight")
    expect(question(page, "distance").get_by_role("textbox")).to_have_value("11")

    phone.go(f"{draft}/children_page")
    _tab_to(page, page.locator('[data-add="children"]'))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Họ và tên con")).to_be_visible()
    _tab_to(page, page.get_by_label("Họ và tên con"))
    page.keyboard.type("Nguyễn Bé")
    _tab_to(page, page.locator("[data-next]"))
    page.keyboard.press("Enter")
    expect(page.locator("[aria-labelledby=error-summary]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(question(page, "children[1]/child_born").get_by_label("Ngày", exact=True)).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type("2020")
    _tab_to(page, page.locator("[data-next]"))
    page.keyboard.press("Enter")
    _tab_to(page, page.locator('[data-remove="children[1]"]'))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("button", name="Xoá mục này")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hoàn tác")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[data-edit="children[1]"]')).to_be_visible()


def test_a_place_is_found_and_a_code_is_read_by_the_phone(
    service: Service, new_seeing_phone: Callable[[], tuple[Phone, Camera]]
) -> None:
    filling.publish_form(service)
    phone, camera = new_seeing_phone()
    page = feedback.enrol(phone, None, NAME)
    phone.go(f"{filling.begin(phone)}/place")
    where = question(page, "where")
    where.get_by_role("button", name="Lấy vị trí của máy này").click()
    expect(where.get_by_role("alert")).to_contain_text("không được phép")

    phone.context.grant_permissions(["geolocation"], origin=service.origin)
    phone.context.set_geolocation({"latitude": 10.7769, "longitude": 106.70081, "accuracy": 8})
    where.get_by_role("button", name="Lấy vị trí của máy này").click()
    expect(where.get_by_label("Vĩ độ")).to_have_value("10,7769")
    expect(where.get_by_role("status")).to_have_text("Sai số khoảng 8 m.")
    expect(where.get_by_role("alert")).to_have_count(0)

    tag = question(page, "tag")
    tag.get_by_role("button", name="Quét mã").click()
    expect(page.locator('[data-testid="scanner"][data-state="live"]')).to_be_visible(timeout=30_000)
    camera.hold(filling.ean13("8934563138165"))
    expect(tag.get_by_role("textbox")).to_have_value("8934563138165", timeout=30_000)
    expect(page.get_by_test_id("scanner")).to_have_count(0)
    feedback.saved(page)


def test_a_newer_version_says_what_it_changes_before_a_draft_moves_to_it(service: Service, new_phone: NewPhone) -> None:
    filling.publish_form(service)
    phone = new_phone()
    page = feedback.enrol(phone, None, NAME)
    draft = filling.begin(phone)
    phone.go(f"{draft}/sender")
    filling.fill_sender(page)
    question(page, "email").get_by_role("textbox").fill("an@example.org")
    feedback.saved(page)

    def later(form: Any) -> None:
        form["version"] = "2026-12-01"
        contact, living = form["pages"][0]["questions"][:2]
        contact["questions"] = [each for each in contact["questions"] if each["name"] != "email"]
        living["questions"][0]["required"] = True
        form["choices"]["ward"] = [each for each in form["choices"]["ward"] if each["name"] != "sai-gon"]

    filling.publish_form(service, later)
    phone.go(draft)
    page.get_by_role("link", name="Xem những gì thay đổi").click(timeout=30_000)
    main = page.get_by_role("main")
    expect(main).to_contain_text("Thư điện tử")
    expect(main).to_contain_text("an@example.org")
    expect(main).to_contain_text("Phường Sài Gòn")
    assert audit.problems(page, "filling-new-version") == []
    page.get_by_role("button", name="Dùng mẫu mới").click()
    expect(page.get_by_role("link", name="Xem những gì thay đổi")).to_have_count(0)
    page.locator('[data-page="sender"]').click()
    expect(page.get_by_label("Thư điện tử")).to_have_count(0)
    expect(question(page, "phone").get_by_role("textbox")).to_have_value("0901234567")
