"""What a phone holds for its owner alone: a claimed invitation and a checked identity, shown with no network."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import feedback, gate, staff
from tests.journeys.camera import Camera
from tests.journeys.conftest import NewPhone, NewSeeingPhone
from tests.journeys.owners_clock import OwnersClock
from tests.journeys.phone import DESKTOP, Phone

pytestmark = pytest.mark.journey
KHAI = "Nguyễn Thị Minh Khai"
CARD = "079190001234|023456789|Nguyễn Thị Minh Khai|02091990|Nữ|12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh|05062021"
OLD = 61_000
"""Milliseconds after which a picture of a quick code is worth nothing."""


def test_a_claimed_invitation_is_worth_nothing_as_a_picture_and_its_code_only_at_once(
    service: Service, new_seeing_phone: NewSeeingPhone
) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    code = staff.invite(officer, staff.hold_meeting(officer, entries=2), KHAI)
    guard, camera = new_seeing_phone()
    clocks = OwnersClock(guard)
    resident, eye = new_seeing_phone()
    page = gate.guard_at(guard, service)
    wallet = feedback.enrol(resident, None, KHAI)

    # It is claimed with no network, and taken into the wallet when there is one again.
    resident.ready_offline()
    resident.ready_to_scan()
    resident.set_offline(True)
    resident.go(f"/claim#{quote(code, safe='')}").get_by_role("button", name="Nhận vào máy này").click()
    wallet.get_by_role("link", name="Mở ví giấy tờ").click()
    expect(wallet.get_by_text("Chờ mạng để nhận")).to_be_visible()
    resident.set_offline(False)
    expect(wallet.get_by_text("Sẵn sàng")).to_be_visible(timeout=30_000)
    gate.renew(guard)
    service.stop()
    camera.hold(code)
    gate.says(page, "TỪ CHỐI", "Thư mời đã chuyển vào ứng dụng, ảnh mã không còn dùng được", next="vào Ví giấy tờ")
    gate.next_one(page, camera)

    # The wallet's code is let in, once; a picture of an earlier one is kept for later.
    wallet.get_by_role("link", name="Họp tổ dân phố số 12").click()
    screenshot = shown(wallet)
    wallet.wait_for_timeout(1_000)
    fresh = shown(wallet)
    camera.hold(fresh)
    expect(gate.says(page, "CHO VÀO", "Thư mời hợp lệ")).to_contain_text(KHAI)
    gate.out_of_view(page, camera)
    camera.hold(fresh)
    gate.says(page, "TỪ CHỐI", "Mã này vừa được dùng rồi", next="Mời khách mở mã ngay trong ứng dụng")
    gate.next_one(page, camera)
    gate.way(page, "Ra")
    camera.hold(shown(wallet))
    gate.says(page, "CHO RA", "Đã ghi lượt ra")
    gate.out_of_view(page, camera)
    gate.way(page, "Vào")

    # The guard asks: a code that does not answer is refused, the answer is let in, and answers nothing else.
    page.get_by_role("button", name="Hỏi và đáp").click()
    question = page.get_by_role("img", name="Mã hỏi để khách quét")
    asked = question.screenshot()
    camera.hold(shown(wallet))
    gate.says(page, "TỪ CHỐI", "Khách chưa trả lời mã hỏi của máy này")
    gate.next_one(page, camera)
    assert question.screenshot() == asked  # still the same question
    camera.hold(answer(wallet, eye, asked))
    gate.says(page, "CHO VÀO", "Thư mời hợp lệ")
    assert_asks_anew(page, camera, asked)
    camera.hold(answer(wallet, eye, asked))
    gate.says(page, "TỪ CHỐI", "Mã trả lời không khớp mã hỏi của máy này")
    gate.next_one(page, camera)
    page.get_by_role("button", name="Hỏi và đáp").click()
    expect(question).to_have_count(0)

    # A minute later the picture from before is too old.
    clocks.pass_(OLD)
    camera.hold(screenshot)
    gate.says(page, "TỪ CHỐI", "Mã đã cũ, có thể là ảnh chụp màn hình", next="không dùng ảnh chụp")


def assert_asks_anew(page: Page, camera: Camera, asked: bytes) -> None:
    """Expect another question once one was answered."""
    gate.out_of_view(page, camera)
    assert page.get_by_role("img", name="Mã hỏi để khách quét").screenshot() != asked


def shown(wallet: Page) -> bytes:
    """Return a picture of the quick code that the wallet shows, made this moment."""
    wallet.get_by_label("Mã nhanh").check()
    wallet.get_by_role("button", name="Hiện mã").click()
    code = wallet.get_by_test_id("presentation").get_by_role("img", name="Mã của bạn, đưa cho bảo vệ quét")
    expect(code).to_be_visible()
    return closed(wallet, code.screenshot())


def answer(wallet: Page, eye: Camera, question: bytes) -> bytes:
    """Let the wallet's camera see the guard's question; return a picture of the answer that it shows."""
    wallet.get_by_label("Hỏi và đáp").check()
    wallet.get_by_role("button", name="Hiện mã").click()
    eye.hold(question)
    expect(wallet.get_by_text("Mã trả lời cho Trụ sở UBND phường Bến Thành")).to_be_visible()
    eye.put_away()
    return closed(wallet, wallet.get_by_test_id("presentation").get_by_role("img").screenshot())


def closed(wallet: Page, picture: bytes) -> bytes:
    """Put the code away."""
    wallet.get_by_role("button", name="Đóng mã").click()
    expect(wallet.get_by_test_id("presentation")).to_have_count(0)
    return picture


def test_an_identity_checked_at_the_desk_opens_the_gate_until_it_is_withdrawn(
    service: Service, new_phone: NewPhone, new_seeing_phone: NewSeeingPhone
) -> None:
    guard, camera = new_seeing_phone()
    page = gate.guard_at(guard, service)
    resident = new_phone()
    wallet = feedback.enrol(resident, None, KHAI)
    desk, eye = new_seeing_phone(viewport=DESKTOP)
    feedback.enrol(desk, staff.link(service, "officer", gate.UNIT), "Trần Thị Bích")

    resident.go("/desk-code")
    code = wallet.get_by_test_id("desk-code").get_by_role("img")
    expect(code).to_be_visible()
    check(desk, eye, code.screenshot())
    expect(wallet.get_by_text("Cán bộ đã xác nhận danh tính của bạn.")).to_be_visible(timeout=30_000)
    wallet.get_by_role("link", name="Mở ví giấy tờ").click()
    for profile in ("Vào cổng", "Chứng minh độ tuổi", "Danh tính đầy đủ"):
        expect(wallet.get_by_role("link", name=profile)).to_be_visible(timeout=30_000)

    # Name and photo at the gate; then, with no network, an age and nothing else.
    gate.renew(guard)
    wallet.get_by_role("link", name="Vào cổng").click()
    camera.hold(shown(wallet))
    verdict = gate.says(page, "CHO VÀO", "Danh tính hợp lệ", next="So ảnh với khuôn mặt rồi mời vào.")
    expect(verdict).to_contain_text(KHAI)
    photo = verdict.get_by_role("img", name=f"Ảnh chụp tại quầy của {KHAI}")
    page.wait_for_function("(img) => img.complete && img.naturalWidth === 300", arg=photo.element_handle())
    gate.out_of_view(page, camera)
    service.stop()
    resident.go("/wallet").get_by_role("link", name="Chứng minh độ tuổi").click()
    camera.hold(shown(wallet))
    verdict = gate.says(page, "CHO VÀO", "Chứng nhận tuổi hợp lệ")
    expect(verdict).to_contain_text("Đủ 18 tuổi")
    expect(verdict).not_to_contain_text("Nguyễn")
    gate.out_of_view(page, camera)

    # The resident gives it up: once the guard has heard of it, no code of it is taken, whichever it is.
    service.start()
    resident.go("/wallet").get_by_role("link", name="Vào cổng").click()
    before = shown(wallet)
    resident.go("/wallet").get_by_role("button", name="Thu hồi danh tính").click()
    wallet.get_by_role("dialog").get_by_role("button", name="Thu hồi danh tính").click()
    expect(wallet.get_by_text("Danh tính này đã bị thu hồi")).to_be_visible(timeout=60_000)
    gate.renew(guard)
    camera.hold(before)
    gate.says(page, "TỪ CHỐI", "Mã đã bị huỷ", next="Gọi cán bộ trực")


def check(desk: Phone, eye: Camera, code: bytes) -> None:
    """Check at the desk whose code that is: the card, the face, the officer's signature."""
    page = desk.go("/desk")
    eye.hold(code)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra thẻ căn cước")
    eye.hold(CARD)
    expect(page.get_by_label("Họ và tên")).to_have_value(KHAI)
    page.get_by_role("button", name="Tiếp tục").click()
    eye.put_away()
    page.get_by_role("button", name="Chụp ảnh").click()
    expect(page.get_by_role("img", name=f"Ảnh vừa chụp của {KHAI}")).to_be_visible()
    page.get_by_label("Thẻ là thật, còn hạn và thuộc về người này").check()
    page.get_by_label("Khuôn mặt khớp với ảnh trên thẻ").check()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Ký xác nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ký xác nhận")
    expect(page.get_by_text("Đã gửi. Danh tính xuất hiện")).to_be_visible(timeout=30_000)
