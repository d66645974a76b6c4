"""The officer's screens of meetings: a day's work on them, and each looked at by axe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from loadtests.person import Person
from loadtests.service import Service
from server.codes import base, invitation, sign1
from sync.canonical import Value
from tests.journeys import audit, staff
from tests.journeys.conftest import NewCity, NewPhone
from tests.journeys.office import UNIT, Looks, officer_at
from tests.smtp_sink import Sink

pytestmark = pytest.mark.journey
LIST = """Danh sách khách mời;;
STT;Họ và tên;Thư điện tử;Ngôn ngữ
1;Nguyễn Thị Minh Khai;khai@vidu.vn;Tiếng Việt
2;Đỗ Đức Dũng;dung@vidu.vn;
3;;thieu.ten@vidu.vn;
4;Trần Thị Bình;binh@vidu;
5;John Smith;john@example.org;English
6;Đỗ Đức Dũng;DUNG@vidu.vn;
7;Ng?y?n V?n H?a;hoa@vidu.vn;
"""
REFUSED = "khong.co@vidu.vn"


@pytest.fixture
def sink() -> Sink:
    return Sink(refused=[REFUSED])


@pytest.fixture
def service(new_city: NewCity, sink: Sink) -> Service:
    """The service with its demo city, and a mail server that knows all addresses but one."""
    service = new_city(smtp=f"smtp://localhost:{sink.port}?tls=none", mail_from="moi@vidu.vn")
    service.start()
    return service


def fill_meeting(page: Page, *, day: tuple[str, str, str] = ("27", "3", "2090")) -> None:
    """Fill the form of a meeting; a place is chosen already where there is one only."""
    page.get_by_label("Tên cuộc họp").fill("Họp tổ dân phố số 12 về cải tạo hẻm 48")
    for label, value in zip(("Ngày", "Tháng", "Năm"), day, strict=True):
        page.get_by_role("group", name="Ngày họp").get_by_label(label, exact=True).fill(value)
    page.get_by_label("Bắt đầu").fill("8h30")
    page.get_by_label("Kết thúc").fill("10")
    page.get_by_label("Người tiếp").fill("Bà Lan, phòng Tư pháp")
    page.get_by_label("Phòng", exact=False).and_(page.locator("#room")).fill("Phòng họp 201")
    page.locator("#note").fill("Mang theo thẻ căn cước. Gửi xe miễn phí ở cửa sau.")


def test_a_meeting_from_its_making_to_its_end(
    service: Service, sink: Sink, new_phone: NewPhone, tmp_path: Path
) -> None:
    phone = new_phone()
    page = officer_at(phone, service)
    looks = Looks(page)
    expect(page.get_by_text("Chưa có cuộc họp nào sắp tới")).to_be_visible()
    looks.at("meetings-empty")

    page.get_by_role("link", name="Tạo cuộc họp").click()
    looks.at("meeting-new")
    page.get_by_label("Vài lần").check()
    page.get_by_role("button", name="Tạo cuộc họp").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    looks.at("meeting-new-wrong")
    page.get_by_label("Một lần").check()
    fill_meeting(page)
    page.get_by_role("button", name="Tạo cuộc họp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Họp tổ dân phố số 12 về cải tạo hẻm 48")
    expect(page.get_by_text("08:30–10:00, Thứ Hai 27/03/2090")).to_be_visible()
    expect(page.get_by_text("Chưa mời ai")).to_be_visible()
    looks.at("meeting-empty")
    meeting = page.url.removeprefix(service.origin)

    # One by one, from a list, from a file.
    page.get_by_role("link", name="Mời khách").click()
    looks.at("invite-one")
    page.get_by_role("button", name="Mời người này").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    looks.at("invite-one-wrong")
    for name, email in (("Lê Văn Tám", REFUSED), ("Cụ Phạm Thị Năm", "")):
        page.get_by_label("Họ và tên").fill(name)
        page.locator("#email").fill(email)
        page.get_by_role("button", name="Mời người này").click()
        expect(page.get_by_label("Họ và tên")).to_have_value("")
    expect(page.get_by_text("Đã mời 2 người")).to_be_visible()
    page.get_by_label("Dán danh sách").check()
    page.get_by_label("Danh sách khách").fill(
        "Lê Văn Tám <khong.co@vidu.vn>\nVõ Thị Sáu, sau@vidu.vn\n, thieu@vidu.vn\nHoa, hoa@"
    )
    page.get_by_role("button", name="Xem trước danh sách").click()
    for line in ("Dòng 1: đã được mời", "Dòng 3: thiếu họ tên", "Dòng 4: địa chỉ email không đúng: hoa@"):
        expect(page.get_by_text(line)).to_be_visible()
    looks.at("invite-paste")
    page.get_by_role("button", name="Mời 1 người").click()
    expect(page.get_by_text("Đã mời 3 người")).to_be_visible()
    page.get_by_label("Tệp CSV").check()
    looks.at("invite-file")
    page.locator("#file").set_input_files(
        {"name": "khach-moi.csv", "mimeType": "text/csv", "buffer": b"\xff\xfe" + LIST.encode("utf-16-le")}
    )
    for line in ("Dòng 5: thiếu họ tên", "Dòng 6: địa chỉ email không đúng: binh@vidu", "Dòng 8: trùng với dòng 4"):
        expect(page.get_by_text(line)).to_be_visible()
    expect(page.get_by_text("Dòng 9: họ tên bị mất chữ có dấu")).to_be_visible()
    expect(page.get_by_text("3 dòng dùng được")).to_be_visible()
    looks.at("invite-file-preview")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng này").click()
    mended = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert mended.splitlines()[1] == "4,Trần Thị Bình,binh@vidu,,Dòng 6: địa chỉ email không đúng: binh@vidu"
    page.get_by_role("button", name="Mời 3 người").click()
    expect(page.get_by_text("Đã mời 6 người")).to_be_visible()
    page.get_by_role("link", name="Xem danh sách khách mời").click()

    # Letters leave; the one that can't is named, with what the mail server said.
    expect(page.get_by_text("Đã gửi thư").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="1 thư chưa gửi được")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Đã có mã")).to_be_visible()
    expect(page.get_by_text("Đang gửi thư")).to_have_count(0, timeout=30_000)
    looks.at("meeting-guests")
    page.get_by_role("main").get_by_role("link", name="Võ Thị Sáu").click()
    expect(page.get_by_role("img", name="Mã QR vào cổng của Võ Thị Sáu")).to_be_visible()
    looks.at("guest")
    page.get_by_role("button", name="Cấp lại mã").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    looks.at("guest-reissue")
    page.get_by_role("dialog").get_by_role("button", name="Cấp lại mã").click()
    expect(page.get_by_text("Lần 2; các mã trước không còn hiệu lực")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile(r"Đã gửi đến sau@vidu\.vn"))).to_have_count(2, timeout=30_000)
    looks.at("guest-reissued")
    page.get_by_role("button", name="Huỷ thư mời").click()
    page.get_by_role("dialog").get_by_role("button", name="Huỷ thư mời").click()
    expect(page.get_by_text("Đã huỷ", exact=False).first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("img")).to_have_count(0)
    phone.go(f"{meeting}/guests/{'0' * 36}")
    looks.at("guest-unknown")

    # The meeting moves: guests whose codes say otherwise are counted, and get new ones at a tap.
    phone.go(f"{meeting}/edit")
    page.get_by_label("Kết thúc").fill("11:15")
    page.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.get_by_role("heading", name="5 thư mời chưa theo thay đổi của cuộc họp")).to_be_visible()
    looks.at("meeting-changed")
    page.get_by_role("button", name="Cấp lại mã và gửi thư báo thay đổi cho 5 người").click()
    page.get_by_role("main").get_by_role("link", name="John Smith").click()
    expect(page.get_by_text("Lần 2; các mã trước không còn hiệu lực")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Đã gửi đến john@example.org")).to_have_count(2, timeout=30_000)
    page.go_back()
    expect(page.get_by_text("chưa theo thay đổi")).to_have_count(0)

    # The sheet, with no network: every card's code is one that the guard will take.
    expect(page.get_by_text("Đang gửi thư")).to_have_count(0, timeout=30_000)
    phone.ready_offline()
    page.get_by_role("link", name="In thư mời").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("In thư mời")
    phone.go(f"{meeting}/sheet")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.set_offline(True)
    phone.go(f"{meeting}/sheet")
    expect(page.get_by_role("listitem").filter(has_text="Cụ Phạm Thị Năm")).to_be_visible()
    expect(page.get_by_text("Khách chưa nhận thư (2)")).to_be_visible()
    looks.at("sheet")
    if audit.WANTED:
        page.pdf(path=audit.PICTURES / "sheet.pdf", prefer_css_page_size=True)

    # Offline, guests can be invited and the meeting called off; it says what waits.
    phone.go(f"{meeting}/invite")
    page.get_by_label("Họ và tên").fill("Hồ Văn Mới")
    page.get_by_role("button", name="Mời người này").click()
    expect(page.get_by_text("Đã mời 1 người")).to_be_visible()
    phone.go(meeting)
    expect(page.get_by_text("1 thư mời đang chờ gửi lên máy chủ")).to_be_visible()
    looks.at("meeting-offline")
    page.get_by_role("link", name="1 mục chờ gửi").click()
    expect(page.get_by_role("link", name="Thư mời: 1")).to_be_visible()
    looks.at("outbox-invitations")
    phone.go(meeting)
    phone.set_offline(False)
    expect(page.get_by_text("đang chờ gửi lên máy chủ")).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name="Huỷ cuộc họp").click()
    looks.at("meeting-cancel")
    page.get_by_role("dialog").get_by_role("button", name="Huỷ cuộc họp").click()
    expect(page.get_by_role("heading", name="Cuộc họp đã huỷ")).to_be_visible()
    expect(page.get_by_text("Đã huỷ").first).to_be_visible()
    looks.at("meeting-cancelled")
    phone.go("/meetings")
    looks.at("meetings")
    page.get_by_role("button", name="English").click()
    looks.at("meetings-en")
    phone.go(meeting)
    looks.at("meeting-en")
    assert looks.wrong == []


def test_an_officer_sees_who_has_come(service: Service, new_phone: NewPhone) -> None:
    clerk = staff.arrive(service, "officer", UNIT, "Lê Thị Hoa")
    guard = staff.arrive(service, "guard", UNIT, "Phạm Văn Dũng")
    meeting = staff.hold_meeting(clerk)
    for name in ("Nguyễn Thị Minh Khai", "Võ Thị Sáu", "Lý Tự Trọng"):
        staff.invite(clerk, meeting, name)
    clerk.sync()
    codes = [str(state["code"].shown) for (kind, _), state in clerk.records.items() if kind == "invitation_code"]
    came = [invitation.from_sign1(sign1.parse(base.decode_text(code)[1])).cti.hex() for code in codes]
    enter(guard, came[0], meeting)

    phone = new_phone()
    page = officer_at(phone, service)
    looks = Looks(page)
    expect(page.get_by_text("Đang mở cửa")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Họp tổ dân phố số 12").click()
    expect(page.get_by_text("Số liệu từ cổng")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile(r"Đã đến \d"))).to_have_count(1)
    looks.at("meeting-arrivals")
    # From here on they come by themselves.
    enter(guard, came[1], meeting)
    expect(page.get_by_text(re.compile(r"Đã đến \d"))).to_have_count(2, timeout=30_000)
    page.get_by_role("main").get_by_role("link", name="Nguyễn Thị Minh Khai").click()
    expect(page.get_by_text("đang ở trong")).to_be_visible()
    looks.at("guest-arrived")
    phone.go("/meetings")
    looks.at("meetings-open")
    assert looks.wrong == []


def enter(guard: Person, subject: str, meeting: str) -> None:
    """Have a guard record that someone came in."""
    id = guard.new_id()
    value: dict[str, Value] = {
        "unit": UNIT, "place": 1, "gate": 0, "subject": subject, "sort": "invitation", "meeting": meeting[-6:],
        "way": "in", "at": int(id.replace("-", "")[:12], 16), "max": 1, "word": "ADMIT", "reason": "invitation",
        "override": None, "shown": None,
    }  # fmt: skip
    staff.send(guard, guard.change("checkin", id, "checkin", value))


def test_two_officers_change_a_meeting_at_once_and_one_settles_it(service: Service, new_phone: NewPhone) -> None:
    clerk = staff.arrive(service, "officer", UNIT, "Lê Thị Hoa")
    meeting = staff.hold_meeting(clerk)
    phone = new_phone()
    page = officer_at(phone, service)
    page.get_by_role("main").get_by_role("link", name="Họp tổ dân phố số 12").click()
    phone.set_offline(True)
    page.get_by_role("link", name="Sửa cuộc họp").click()
    page.locator("#room").fill("Phòng 305")
    page.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.get_by_text("Phòng 305")).to_be_visible()
    staff.send(clerk, clerk.change("meeting", meeting, "room", "Hội trường A"))
    phone.set_offline(False)
    expect(page.get_by_text("Hai máy đã sửa cuộc họp này khác nhau")).to_be_visible(timeout=30_000)
    looks = Looks(page)
    looks.at("meeting-unsettled")
    page.get_by_role("link", name="Xem lại và lưu").click()
    page.locator("#room").fill("Phòng 305")
    page.get_by_role("button", name="Lưu thay đổi").click()
    expect(page.get_by_text("Hai máy đã sửa")).to_have_count(0)
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
    clerk.sync()
    assert clerk.records["meeting", meeting]["room"].shown == "Phòng 305"
    assert looks.wrong == []


def test_the_officers_screens_in_english(service: Service, new_phone: NewPhone) -> None:
    clerk = staff.arrive(service, "officer", UNIT, "Lê Thị Hoa")
    meeting = staff.hold_meeting(clerk)
    staff.invite(clerk, meeting, email="khai@vidu.vn")
    phone = new_phone()
    page = officer_at(phone, service)
    looks = Looks(page)
    page.get_by_role("button", name="English").click()
    for path, name in (
        ("", "meetings-list"),
        ("/new", "meeting-new"),
        (f"/{meeting}", "meeting-open"),
        (f"/{meeting}/edit", "meeting-edit"),
        (f"/{meeting}/invite", "invite"),
        (f"/{meeting}/sheet", "sheet"),
    ):
        phone.go(f"/meetings{path}")
        looks.at(f"{name}-en")
    phone.go(f"/meetings/{meeting}")
    page.get_by_role("link", name="Nguyễn Thị Minh Khai").click()
    looks.at("guest-en")
    phone.go("/desk")
    looks.at("desk-en")
    phone.go("/")
    looks.at("officer-home-en")
    assert looks.wrong == []
