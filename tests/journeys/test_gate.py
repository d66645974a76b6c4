"""The gate as it is meant: an invitation by mail is let in once, with no network, and never forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import feedback, gate, staff
from tests.journeys.conftest import NewCity, NewPhone, NewSeeingPhone
from tests.journeys.phone import DESKTOP
from tests.smtp_sink import Received, Sink

pytestmark = pytest.mark.journey
KHAI, DUNG = "Nguyễn Thị Minh Khai", "Đỗ Đức Dũng"


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def service(new_city: NewCity, sink: Sink) -> Service:
    """The service with its demo city and a mail server."""
    service = new_city(smtp=f"smtp://127.0.0.1:{sink.port}?tls=none", mail_from="moi@vidu.vn")
    service.start()
    return service


def test_an_invitation_by_mail_is_let_in_without_a_network_as_often_as_it_says(
    service: Service, sink: Sink, new_phone: NewPhone, new_seeing_phone: NewSeeingPhone
) -> None:
    # An officer makes two meetings and invites one guest to each; the letters arrive.
    desk = new_phone(viewport=DESKTOP)
    link = staff.link(service, "officer", gate.UNIT)
    feedback.enrol(desk, link, "Trần Thị Bích")
    hold(desk.page, "Họp tổ dân phố số 12", most=None)
    invite(desk.page, KHAI, "khai@vidu.vn")
    hold(desk.page, "Tiếp công dân tháng này", most=2)
    invite(desk.page, DUNG, "dung@vidu.vn")
    sink.wait(lambda: len(sink.received) == 2)
    expect(desk.page.get_by_text("Đã gửi thư")).to_be_visible(timeout=30_000)
    once, twice = (attached(sink.by_addressee[to][0]) for to in ("khai@vidu.vn", "dung@vidu.vn"))

    # A guard's phone is made ready, and the server is stopped.
    guard, camera = new_seeing_phone()
    page = gate.guard_at(guard, service)
    expect(page.get_by_test_id("scanner")).to_have_attribute("data-state", "live")
    service.stop()
    camera.hold(once)
    shown = gate.says(page, "CHO VÀO", "Thư mời hợp lệ", next="Mời khách vào.")
    for fact in (KHAI, "1 trên 1", "Họp tổ dân phố số 12"):
        expect(shown).to_contain_text(fact)
    gate.out_of_view(page, camera)
    camera.hold(once)
    expect(gate.says(page, "TỪ CHỐI", gate.USED)).to_contain_text("Cửa chính")

    # Closed and opened again, still with no server; then synced; then with no server once more.
    guard.go("/gate")
    gate.says(page, "TỪ CHỐI", gate.USED)
    expect(page.get_by_test_id("status")).to_contain_text("1 mục chờ gửi")
    service.start()
    page.reload()
    gate.sent(page)
    service.stop()
    guard.go("/gate")
    gate.says(page, "TỪ CHỐI", gate.USED)

    # The guest leaves, and comes back with a code that is good for one entry.
    gate.next_one(page, camera)
    gate.way(page, "Ra")
    camera.hold(once)
    gate.says(page, "CHO RA", "Đã ghi lượt ra", next="Chào khách ra về.")
    gate.out_of_view(page, camera)
    gate.way(page, "Vào")
    camera.hold(once)
    gate.says(page, "TỪ CHỐI", gate.USED)
    gate.next_one(page, camera)

    # Another code is good for two, but not for two people at once.
    camera.hold(twice)
    expect(gate.says(page, "CHO VÀO", "Thư mời hợp lệ", touch=False)).to_have_count(0)  # it makes way by itself
    gate.out_of_view(page, camera)
    camera.hold(twice)
    shown = gate.says(page, "TỪ CHỐI", gate.INSIDE, next="Xác nhận khách đã ra")
    shown.get_by_role("button", name="Chuyển sang chiều Ra").click()
    gate.says(page, "CHO RA", "Đã ghi lượt ra")
    gate.out_of_view(page, camera)
    gate.way(page, "Vào")
    camera.hold(twice)
    expect(gate.says(page, "CHO VÀO", "Thư mời hợp lệ")).to_contain_text("2 trên 2")
    guard.go("/gate")
    gate.says(page, "TỪ CHỐI", gate.USED)
    service.start()
    page.reload()
    gate.sent(page)

    # The officer sees who has come.
    expect(desk.page.get_by_text(re.compile(r"Đã đến .*\d"))).to_be_visible(timeout=60_000)


def hold(page: Page, title: str, *, most: int | None) -> None:
    """Make a meeting that people may come to now, whatever time of day it is."""
    page.get_by_role("navigation").get_by_role("link", name="Cuộc họp").click()
    page.get_by_role("link", name="Tạo cuộc họp").click()
    page.get_by_label("Tên cuộc họp").fill(title)
    day = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(minutes=10)
    for label, value in (("Ngày", day.day), ("Tháng", day.month), ("Năm", day.year)):
        page.get_by_role("group", name="Ngày họp").get_by_label(label, exact=True).fill(str(value))
    page.get_by_label("Bắt đầu").fill("0:00")
    page.get_by_label("Kết thúc").fill("23:59")
    page.get_by_label("Mở cửa trước giờ họp").fill("1440")
    page.get_by_label("Người tiếp").fill("Bà Lan, phòng Tư pháp")
    if most is not None:
        page.get_by_label("Vài lần").check()
        page.get_by_label("Nhiều nhất bao nhiêu lần").fill(str(most))
    page.get_by_role("button", name="Tạo cuộc họp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def invite(page: Page, name: str, email: str) -> None:
    """Invite somebody, and look at the list of guests."""
    page.get_by_role("link", name="Mời khách").click()
    page.get_by_label("Họ và tên").fill(name)
    page.locator("#email").fill(email)
    page.get_by_role("button", name="Mời người này").click()
    expect(page.get_by_text("Đã mời 1 người")).to_be_visible()
    page.get_by_role("link", name="Xem danh sách khách mời").click()


def attached(letter: Received) -> bytes:
    """Return the picture that is attached to a letter."""
    (png,) = [part for part in letter.message.iter_attachments() if part.get_content_type() == "image/png"]
    content = png.get_content()
    assert isinstance(content, bytes) and content.startswith(b"\x89PNG")
    return content
