"""Two guards with no network: what one can't know of the other comes out; what they tell each other counts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from loadtests.person import Person
from loadtests.service import Service
from sync.canonical import Value
from sync.ids import uuid7
from tests.journeys import gate, staff
from tests.journeys.camera import Camera
from tests.journeys.conftest import NewPhone, NewSeeingPhone
from tests.journeys.phone import Phone

pytestmark = [pytest.mark.journey, pytest.mark.both_engines]
KHAI, DUNG, TAM = "Nguyễn Thị Minh Khai", "Đỗ Đức Dũng", "Lê Văn Tám"
EARLIER = 40
"""Entries before these two guards came: together with theirs they make more than one code."""


def test_two_guards_who_both_let_one_code_in_see_it_and_who_told_each_other_do_not_do_it_again(
    service: Service, new_phone: NewPhone, new_seeing_phone: NewSeeingPhone
) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    meeting = staff.hold_meeting(officer)
    khai, dung, tam = (staff.invite(officer, meeting, name) for name in (KHAI, DUNG, TAM))
    work_before(staff.arrive(service, "guard", gate.UNIT, "Bùi Văn Giang"))
    front = new_phone()
    back, camera = new_seeing_phone()
    gate.guard_at(front, service, gate="Cửa chính", name="Phạm Văn Dũng")
    gate.guard_at(back, service, gate="Cửa sau", name="Hồ Thị Hoa")

    # Each lets both guests in: one comes first to the front gate, the other one to the back.
    service.stop()
    for code, ways in ((khai, (front, back)), (dung, (back, front))):
        for phone in ways:
            gate.type_code(phone.page, code)
            gate.says(phone.page, "CHO VÀO", "Thư mời hợp lệ")
            gate.go_on(phone.page)

    # The phones meet the server one after the other, so that of one conflict the winner comes first, of one the loser.
    back.set_offline(True)
    service.start()
    front.page.reload()
    gate.sent(front.page)
    expect(front.go("/gate/log").get_by_role("heading", name="Máy khác")).to_be_visible()
    expect(front.page.get_by_test_id("conflicts")).to_have_count(0)
    back.set_offline(False)
    back.page.reload()
    gate.sent(back.page)
    for phone in (front, back):
        phone.go("/gate")
        expect(phone.page.get_by_role("link", name="2 mã được cho vào hai lần")).to_be_visible(timeout=30_000)
        phone.page.get_by_role("link", name="2 mã được cho vào hai lần").click()
    first, second = conflicts(front.page), conflicts(back.page)
    assert first == second
    assert [re.sub(r"\d\d:\d\d", "…", line) for line in first] == [
        f"{DUNG}. Một mã được cho vào hai lần: Cửa sau …; Cửa chính ….",
        f"{KHAI}. Một mã được cho vào hai lần: Cửa chính …; Cửa sau ….",
    ]

    # No network again. This time one shows the other what happened, and the other one refuses at once.
    service.stop()
    gate.type_code(front.go("/gate"), tam)
    gate.says(front.page, "CHO VÀO", "Thư mời hợp lệ")
    tell(front, back, camera)
    for _ in ("now", "after it was closed"):
        gate.type_code(back.go("/gate"), tam)
        expect(gate.says(back.page, "TỪ CHỐI", gate.USED)).to_contain_text("Cửa chính")

    # With the network there is nothing new to see, but the guest who was let in once.
    service.start()
    front.page.reload()
    gate.sent(front.page)
    for phone in (front, back):
        assert conflicts(phone.go("/gate/log")) == first
        expect(phone.go("/gate/today").get_by_test_id("entered")).to_have_text(str(EARLIER + 5))
        expect(phone.page.get_by_test_id("inside")).to_have_text(str(EARLIER + 3))


def conflicts(page: Page) -> list[str]:
    """Return what a guard reads of conflicts, line by line."""
    shown = page.get_by_test_id("conflicts")
    expect(shown).to_contain_text("Hãy kiểm tra người đang ở trong và báo cán bộ trực.")
    return shown.get_by_role("listitem").all_inner_texts()


def tell(giver: Phone, taker: Phone, camera: Camera) -> None:
    """Hold one phone's screen before the other one's camera until all codes were read."""
    for phone, side in ((giver, "Đưa"), (taker, "Nhận")):
        phone.go("/gate/log").get_by_role("link", name="Trao đổi với máy khác khi không có mạng").click()
        phone.page.get_by_text(side, exact=True).click()
    code = giver.page.get_by_test_id("give").get_by_role("img")
    expect(code).to_have_accessible_name(re.compile(r"^Mã \d+ trên [4-9]$"))
    expect(taker.page.get_by_test_id("progress")).to_have_text("Đang chờ mã đầu tiên")
    taken = taker.page.get_by_test_id("taken")
    for _ in range(60):
        camera.hold(code.screenshot())
        taker.page.wait_for_timeout(350)
        if taken.count() > 0:
            break
    expect(taken).to_have_text("Đã nhận 1 lượt mới, tính ngay từ bây giờ")
    camera.put_away()


def work_before(guard: Person) -> None:
    """Let in guests of another meeting, all in the last minute."""
    changes: list[Value] = []
    for n in range(EARLIER):
        at = staff.now() - staff.MINUTE + n * 1000
        id = uuid7(at, entropy=n)
        entry: dict[str, Value] = {"way": "in", "at": at, "max": 1, "word": "ADMIT", "reason": "invitation"}
        guest: dict[str, Value] = {"subject": f"{n:016x}", "sort": "invitation", "meeting": "0a1b2c"}
        value: Value = {"unit": guard.unit, "place": 1, "gate": 0, **guest, **entry, "override": None, "shown": None}
        changes.append(guard.change("checkin", id, "checkin", value))
    staff.send(guard, *changes)
