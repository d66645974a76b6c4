"""What the hours and the owner's hand on the clock do at the gate: nothing turns a refusal green."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import feedback, gate, staff
from tests.journeys.conftest import NewPhone, NewSeeingPhone
from tests.journeys.owners_clock import OwnersClock
from tests.journeys.phone import DESKTOP

pytestmark = pytest.mark.journey
DAY = 24 * staff.HOUR
EARLY, LATE, EXPIRED = "Chưa đến giờ vào", "Đã quá giờ của cuộc hẹn", "Mã đã hết hạn"
UNSURE, STALE = "Máy chưa chắc giờ chính xác", "Danh sách mã đã huỷ trên máy quá cũ"
KHAI, DUNG, TAM = "Nguyễn Thị Minh Khai", "Đỗ Đức Dũng", "Lê Văn Tám"


def test_whatever_the_owner_does_to_the_phones_clock_nobody_gets_in_by_it(
    service: Service, new_phone: NewPhone
) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    today = staff.invite(officer, staff.hold_meeting(officer, ends=staff.now() + DAY), KHAI)
    later = {"starts": staff.now() + 3 * staff.HOUR, "ends": staff.now() + 5 * staff.HOUR}
    early = staff.invite(officer, staff.hold_meeting(officer, **later), DUNG)
    guard = new_phone()
    clock = OwnersClock(guard)
    page = gate.guard_at(guard, service)
    over = {"starts": staff.now() - staff.HOUR, "ends": staff.now() + 5_000}
    late = staff.invite(officer, staff.hold_meeting(officer, **over), TAM)
    service.stop()
    page.wait_for_timeout(max(0, over["ends"] - staff.now()) + 100)
    judged(page, late, "TỪ CHỐI", LATE)

    # Set back by seconds and by a day: what was refused stays refused, also when the app is opened anew.
    for back in (6_000, DAY):
        clock.set(-back)
        judged(page, late, "TỪ CHỐI", LATE)
        judged(guard.go("/gate"), late, "TỪ CHỐI", LATE)
    clock.set_while_closed(-2 * DAY)
    judged(guard.go("/gate"), late, "TỪ CHỐI", LATE)
    judged(page, early, "KIỂM TRA", STALE)
    judged(page, today, "KIỂM TRA", STALE)

    # With a network the time is known again. Set forward by hours and by a day: amber at most.
    clock.set(0)
    service.start()
    page.reload()
    gate.renew(guard)
    service.stop()
    judged(page, early, "TỪ CHỐI", EARLY)
    clock.set(4 * staff.HOUR)
    judged(page, early, "KIỂM TRA", UNSURE)
    clock.set(DAY)
    judged(page, early, "KIỂM TRA", STALE)
    judged(guard.go("/gate"), early, "KIỂM TRA", STALE)
    judged(page, today, "KIỂM TRA", STALE)
    judged(page, late, "TỪ CHỐI", LATE)

    # Half a day goes by in earnest; then setting the clock back helps no more than before.
    clock.pass_(13 * staff.HOUR)
    judged(page, late, "TỪ CHỐI", EXPIRED)
    clock.set(-DAY)
    judged(guard.go("/gate"), late, "TỪ CHỐI", EXPIRED)
    judged(page, early, "TỪ CHỐI", LATE)
    expect(page.get_by_test_id("status")).not_to_contain_text("chờ gửi")  # nobody was let in


def judged(page: Page, code: str, word: gate.Word, *reasons: str) -> None:
    """Have a code judged, and expect a word with one of some reasons."""
    gate.type_code(page, code)
    gate.says(page, word, re.compile("|".join(reasons)))
    gate.go_on(page)


def test_a_code_that_was_issued_anew_or_cancelled_is_refused_and_an_old_list_admits_nobody(
    service: Service, new_phone: NewPhone, new_seeing_phone: NewSeeingPhone
) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Nguyễn Văn Hùng")
    meeting = staff.hold_meeting(officer, ends=staff.now() + DAY)
    khai, dung, tam = (staff.invite(officer, meeting, name) for name in (KHAI, DUNG, TAM))
    guard, camera = new_seeing_phone()
    clock = OwnersClock(guard)
    page = gate.guard_at(guard, service)

    # An officer issues one anew and cancels another one.
    desk = new_phone(viewport=DESKTOP)
    feedback.enrol(desk, staff.link(service, "officer", gate.UNIT), "Trần Thị Bích")
    done = {KHAI: ("Cấp lại mã", "Lần 2; các mã trước không còn hiệu lực"), DUNG: ("Huỷ thư mời", "Đã huỷ")}
    for name, (deed, outcome) in done.items():
        desk.go(f"/meetings/{meeting}").get_by_role("link", name=name).click()
        desk.page.get_by_role("button", name=deed).click()
        desk.page.get_by_role("dialog").get_by_role("button", name=deed).click()
        expect(desk.page.get_by_text(outcome)).to_be_visible(timeout=30_000)
    gate.renew(guard)
    judged(page, khai, "TỪ CHỐI", "Mã cũ, đã được thay bằng mã mới")
    judged(page, dung, "TỪ CHỐI", "Mã đã bị huỷ")
    desk.go(f"/meetings/{meeting}").get_by_role("link", name=KHAI).click()
    camera.hold(desk.page.get_by_role("img", name=f"Mã QR vào cổng của {KHAI}").screenshot())
    gate.says(page, "CHO VÀO", "Thư mời hợp lệ")
    gate.out_of_view(page, camera)

    # Nine hours without a network: what the list says against a code still counts, for one it says nothing more.
    service.stop()
    clock.pass_(9 * staff.HOUR)
    for _ in ("now", "after it was closed"):
        judged(page, tam, "KIỂM TRA", STALE)
        judged(page, dung, "TỪ CHỐI", "Mã đã bị huỷ")
        expect(guard.go("/gate").get_by_test_id("freshness")).to_have_attribute("data-look", "old")

    # The network is back: a tap on the verdict fetches the list and judges anew.
    gate.type_code(page, tam)
    clock.set(0)
    service.start()
    shown = gate.says(page, "KIỂM TRA", STALE, next="Nối mạng để cập nhật")
    shown.get_by_role("button", name="Cập nhật danh sách ngay").click()
    gate.says(page, "CHO VÀO", "Thư mời hợp lệ")
