"""The guard's screens: each one and each kind of verdict, in the shapes, colours and languages that guards use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from loadtests import identity
from loadtests.person import Person
from loadtests.service import Service
from server.codes import base, invitation, sign1
from sync.canonical import Value
from sync.ids import uuid7
from tests.journeys import audit, feedback, gate, staff
from tests.journeys.conftest import NewPhone, NewSeeingPhone
from tests.journeys.staff import HOUR, MINUTE

pytestmark = pytest.mark.journey
KHAI, DUNG, NHUNG = "Nguyễn Thị Minh Khai", "Đỗ Đức Dũng", "Phan Thị Hồng Nhung"


@dataclass
class Looks:
    """What is wrong with the screens that were looked at."""

    page: Page
    language: str = "vi"
    wrong: list[str] = field(default_factory=list)

    def at(self, name: str) -> None:
        """Look at what is on the screen."""
        self.wrong += audit.problems(self.page, f"gate-{name}-{self.language}")

    def verdict(self, name: str) -> None:
        """Look at a verdict that was touched, so that it stays."""
        self.at(name)
        gate.go_on(self.page)


def test_every_screen_of_a_guard(service: Service, new_seeing_phone: NewSeeingPhone) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    other_guard = staff.arrive(service, "guard", gate.UNIT, "Hồ Thị Hoa")
    now_on = staff.hold_meeting(officer)
    tonight = staff.hold_meeting(
        officer,
        title="Tiếp công dân định kỳ của Chủ tịch phường",
        starts=staff.now() + 5 * HOUR,
        ends=staff.now() + 7 * HOUR,
        entries=0,
    )
    behind = staff.hold_meeting(officer, title="Giao ban tuần", gates=[1], room="")
    khai, dung = (staff.invite(officer, now_on, name) for name in (KHAI, DUNG))
    early, elsewhere = staff.invite(officer, tonight, NHUNG), staff.invite(officer, behind, NHUNG)
    resident, key = identified(service, officer)  # before the guard's phone fetches its lists

    phone, _ = new_seeing_phone()
    page = phone.page
    looks = Looks(page)
    feedback.enrol(phone, staff.link(service, "guard", gate.UNIT), "Phạm Văn Dũng")
    expect(page.get_by_role("heading", level=1)).to_have_text("Chọn cổng để bắt đầu")
    looks.at("unpaired")
    page.get_by_role("link", name="Chọn cổng").click()
    page.get_by_role("button", name="Tải về và bắt đầu").click()
    expect(page.get_by_role("heading", name="Có chỗ cần sửa")).to_be_visible()
    looks.at("pair-wrong")
    page.get_by_label("Cửa chính").check()
    page.get_by_role("button", name="Tải về và bắt đầu").click()
    expect(page.get_by_test_id("ready")).to_have_text("Sẵn sàng làm việc không cần mạng", timeout=60_000)
    looks.at("paired")
    page.get_by_role("link", name="Bắt đầu quét").click()
    expect(page.get_by_test_id("scanner")).to_have_attribute("data-state", "live")
    looks.at("scan")

    # The three words, each with what stands beside it.
    gate.type_code(page, khai)
    gate.says(page, "CHO VÀO", "Thư mời hợp lệ")
    looks.verdict("admit")
    gate.type_code(page, khai)
    gate.says(page, "TỪ CHỐI", gate.USED)
    page.get_by_role("button", name="Vẫn cho vào…").click()
    page.get_by_role("button", name="Cho vào và ghi lý do").click()
    expect(page.get_by_text("Hãy chọn lý do")).to_be_visible()
    looks.at("override")
    page.get_by_label("Lý do khác").check()
    page.get_by_label("Ghi rõ lý do").fill("Khách ra lấy giấy tờ trong xe")
    page.get_by_role("button", name="Cho vào và ghi lý do").click()
    gate.says(page, "CHO VÀO", "Bạn đã quyết định cho vào và ghi lý do", next="Khách ra lấy giấy tờ trong xe")
    looks.verdict("overridden")
    gate.type_code(page, early)
    gate.says(page, "TỪ CHỐI", "Chưa đến giờ vào")
    looks.verdict("refuse")
    gate.type_code(page, elsewhere)
    expect(gate.says(page, "TỪ CHỐI", "Mã này dành cho cửa khác")).to_contain_text("Cửa sau")
    gate.go_on(page)
    gate.type_code(page, forged(khai))
    expect(gate.says(page, "TỪ CHỐI", "Mã giả hoặc đã bị sửa: chữ ký không đúng")).to_contain_text(
        "Không thể cho vào bằng mã này"
    )
    expect(page.get_by_role("button", name="Vẫn cho vào…")).to_have_count(0)
    looks.verdict("forged")
    gate.way(page, "Ra")
    gate.type_code(page, dung)
    gate.says(page, "KIỂM TRA", "Máy chưa thấy lượt vào của khách này", next="Cho khách ra")
    looks.verdict("check")
    gate.way(page, "Vào")

    # An identity: the face is to be compared, so the verdict stays.
    gate.type_code(page, identity.presented(resident, key, audience="*"))
    gate.says(page, "CHO VÀO", "Danh tính hợp lệ", next="So ảnh với khuôn mặt")
    expect(page.get_by_role("img", name="Ảnh chụp tại quầy")).to_be_visible()
    looks.verdict("identity")

    page.get_by_role("button", name="Hỏi và đáp").click()
    expect(page.get_by_role("img", name="Mã hỏi để khách quét")).to_be_visible()
    looks.at("question")
    page.get_by_role("button", name="Hỏi và đáp").click()
    page.get_by_role("button", name="Nhập mã").click()
    page.get_by_role("button", name="Kiểm tra mã").click()
    expect(page.get_by_text("Hãy dán hoặc gõ mã")).to_be_visible()
    looks.at("manual")
    page.get_by_role("button", name="Đóng").click()
    page.get_by_role("button", name="Hoàn tác").click()
    looks.at("undo")
    page.get_by_role("dialog").get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác lượt của")).to_be_visible()
    looks.at("undone")

    # Another guard let the same guest in, who was not inside then: both came to be.
    staff.send(other_guard, entry(other_guard, subject_of(khai)))
    expect(page.get_by_role("link", name="1 mã được cho vào hai lần")).to_be_visible(timeout=30_000)
    looks.at("scan-conflict")
    page.get_by_role("link", name="1 mã được cho vào hai lần").click()
    expect(page.get_by_test_id("conflicts")).to_contain_text(KHAI)
    looks.at("log")
    page.get_by_role("link", name="Trao đổi với máy khác").click()
    expect(page.get_by_test_id("give")).to_be_visible()
    looks.at("give")
    page.get_by_text("Nhận", exact=True).click()
    expect(page.get_by_text("Đang chờ mã đầu tiên")).to_be_visible()
    expect(page.get_by_test_id("scanner")).to_have_attribute("data-state", "live")
    looks.at("take")
    page.get_by_role("navigation").get_by_role("link", name="Hôm nay").click()
    expect(page.get_by_test_id("entered")).to_have_text("3")
    looks.at("today")

    page.get_by_role("button", name="English").click()
    looks.language = "en"
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    looks.at("today")
    for path, name in (("/gate/log", "log"), ("/gate/exchange", "give"), ("/gate/pair", "paired"), ("/gate", "scan")):
        phone.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        looks.at(name)
    assert looks.wrong == [], "\n".join(looks.wrong)


def test_a_verdict_is_told_to_screen_readers_and_to_the_keyboard(service: Service, new_phone: NewPhone) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    code = staff.invite(officer, staff.hold_meeting(officer, entries=2), KHAI)
    phone = new_phone()
    page = gate.guard_at(phone, service)

    gate.type_code(page, code)
    shown = gate.says(page, "CHO VÀO", "Thư mời hợp lệ", touch=False)
    spoken = shown.get_by_role("alert").inner_text()
    for each in ("CHO VÀO", "Thư mời hợp lệ", "Mời khách vào.", KHAI):
        assert each in spoken
    # It makes way by itself, and the keyboard is back where it was.
    expect(shown).to_have_count(0, timeout=6_000)

    gate.type_code(page, code)
    gate.says(page, "TỪ CHỐI", gate.INSIDE)
    expect(page.get_by_role("button", name="Quét tiếp")).to_be_focused()
    page.wait_for_timeout(3_000)
    gate.says(page, "TỪ CHỐI", gate.INSIDE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Chuyển sang chiều Ra")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vẫn cho vào?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Vẫn cho vào?")).to_have_count(0)
    gate.says(page, "TỪ CHỐI", gate.INSIDE)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("verdict")).to_have_count(0)


def test_a_phone_that_comes_later_knows_the_day_and_needs_no_network_on_any_screen(
    service: Service, new_phone: NewPhone
) -> None:
    officer = staff.arrive(service, "officer", gate.UNIT, "Trần Thị Bích")
    earlier = staff.arrive(service, "guard", gate.UNIT, "Hồ Thị Hoa")
    meeting = staff.hold_meeting(officer)
    codes = [staff.invite(officer, meeting, name) for name in (KHAI, DUNG)]
    staff.send(earlier, *(entry(earlier, subject_of(code), meeting=meeting[-6:]) for code in codes))
    phone = new_phone()
    page = gate.guard_at(phone, service)
    service.stop()
    phone.go("/gate/today")
    expect(page.get_by_test_id("entered")).to_have_text("2")
    expect(page.get_by_role("listitem").filter(has_text="Họp tổ dân phố")).to_contain_text("2 đã vào · 2 đang ở trong")
    page.get_by_role("button", name="English").click()
    for path, title in (
        ("/gate/today", "Today"),
        ("/gate/log", "Log"),
        ("/gate/exchange", "Exchange between two phones without a network"),
        ("/gate/pair", "Choose a gate"),
        ("/gate", "Main entrance"),
        ("/", "Main entrance"),
    ):
        phone.go(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)


def forged(code: str) -> str:
    """Return the code with another last byte in its signature."""
    prefix, data = base.decode_text(code)
    return base.encode_text(prefix, data[:-1] + bytes([data[-1] ^ 1]))


def subject_of(code: str) -> str:
    """Return how check-ins name the guest of an invitation."""
    _, data = base.decode_text(code)
    return invitation.from_sign1(sign1.parse(data)).cti.hex()


def entry(guard: Person, subject: str, *, meeting: str | None = None) -> Value:
    """Return the change by which a guard at the back gate records an entry of three minutes ago."""
    at = staff.now() - 3 * MINUTE
    id = uuid7(at, entropy=secrets.randbits(74))
    value: dict[str, Value] = {
        "unit": guard.unit,
        "place": 1,
        "gate": 1,
        "subject": subject,
        "sort": "invitation",
        "meeting": meeting,
        "way": "in",
        "at": at,
        "max": 1,
        "word": "ADMIT",
        "reason": "invitation",
        "override": None,
        "shown": None,
    }
    return guard.change("checkin", id, "checkin", value)


def identified(service: Service, officer: Person) -> tuple[Person, identity.Device]:
    """Return someone whose identity was checked at the desk, and the holder key of the gate profile."""
    session = requests.Session()

    def post(path: str, body: Any) -> Any:
        answer = session.post(service.origin + path, json=body, headers={"Origin": service.origin}, timeout=30)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    resident = Person(post=post, rp="localhost", origin=service.origin, now=staff.now, name="Nguyễn Văn An")
    resident.register()
    resident.enrol_device()
    resident.sync()
    code, photo = identity.desk_code(resident), identity.portrait(width=360, height=480)
    document = identity.verification_document(officer, resident.id, code, photo)
    staff.send(officer, identity.verification(officer, document, code, photo))
    resident.sync()
    key, change = identity.holding(resident, "gate")
    staff.send(resident, change)
    return resident, key
