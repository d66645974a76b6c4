"""What goes wrong on a day: a phone is revoked, an act comes too late. Nothing disappears, and the screen says why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from loadtests.service import Service
from tests.journeys import feedback, staff
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import DESKTOP, Phone

pytestmark = pytest.mark.journey


def everything_sent(phone: Phone) -> None:
    expect(phone.page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)


def test_a_revoked_phone_keeps_what_was_filled_and_sends_it_once_it_is_bound_again(new_phone: NewPhone) -> None:
    first, second = new_phone(), new_phone()
    feedback.enrol(first, None, "Nguyễn Văn An")
    first.ready_offline()
    second.add_passkeys(first.passkeys())
    second.go("/start").get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    second.page.get_by_label("Tên máy").fill("Máy cũ")
    feedback.bind(second.page)
    second.ready_offline()

    second.set_offline(True)
    page = feedback.begin(second)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page, "Viết khi không có mạng, trên máy sắp bị gỡ.")
    draft = page.url.removeprefix(second.origin)

    first.go("/account").get_by_role("button", name="Gỡ máy Máy cũ").click()
    first.page.get_by_role("dialog").get_by_role("button", name="Gỡ máy").click()
    expect(first.page.get_by_text("Đã gỡ ngày")).to_be_visible()

    second.set_offline(False)
    banner = second.page.get_by_role("region", name="Không có gì bị mất")
    banner.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    second.page.get_by_role("main").get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    # Signed in again, the phone learns that its key was revoked; it makes a new one and asks to bind that.
    banner = second.page.get_by_role("region", name="Máy này chưa được gắn với tài khoản")
    banner.get_by_role("button", name="Gắn máy này").click()
    second.page.get_by_role("main").get_by_role("button", name="Gắn máy này").click()
    expect(second.page.get_by_role("textbox", name="Nội dung")).to_be_visible()
    everything_sent(second)
    first.go(draft)
    expect(first.page.get_by_role("textbox", name="Nội dung")).to_have_value(
        "Viết khi không có mạng, trên máy sắp bị gỡ.", timeout=30_000
    )


def test_an_acknowledgement_that_comes_second_needs_attention_and_says_why(
    service: Service, new_phone: NewPhone
) -> None:
    officers = [new_phone(viewport=DESKTOP), new_phone(viewport=DESKTOP)]
    for officer, name in zip(officers, ("Trần Thị Bích", "Lê Văn Cường"), strict=True):
        link = staff.link(service, "officer", "1022")
        feedback.enrol(officer, link, name)
        officer.go("/inbox")
    resident = new_phone()
    feedback.enrol(resident, None, "Nguyễn Văn An")
    page = feedback.begin(resident)
    draft = page.url.removeprefix(resident.origin)
    fills = {
        "matter": feedback.fill_matter,
        "place_time": feedback.fill_place,
        "sender": feedback.fill_sender,
        "promise": feedback.fill_declaration,
    }
    for name, fill in fills.items():
        resident.go(f"{draft}/{name}")
        fill(page)
    feedback.go_on(page)
    feedback.sign(page)
    code = page.get_by_test_id("dossier-code").inner_text()

    for officer in officers:
        officer.page.get_by_role("link", name=code).click()
        expect(officer.page.get_by_role("button", name="Ký tiếp nhận")).to_be_visible()
        officer.ready_offline()
    first, second = officers
    second.set_offline(True)
    second.page.get_by_role("button", name="Ký tiếp nhận").click()
    expect(second.page.get_by_test_id("status")).to_contain_text("1 mục chờ gửi")
    first.page.get_by_role("button", name="Ký tiếp nhận").click()
    everything_sent(first)
    second.set_offline(False)
    expect(second.page.get_by_test_id("status")).to_contain_text("1 mục cần bạn xem lại", timeout=30_000)

    second.go("/outbox")
    expect(second.page.get_by_text("Hồ sơ này đã có người tiếp nhận")).to_be_visible()
    with second.page.expect_download() as downloading:
        second.page.get_by_role("link", name="Lưu ra tệp").click()
    assert "acknowledgement" in downloading.value.path().read_text()
    second.page.get_by_role("button", name="Xoá mục này").click()
    second.page.get_by_role("dialog").get_by_role("button", name="Xoá hẳn").click()
    expect(second.page.get_by_text("Không có gì chờ gửi")).to_be_visible()
