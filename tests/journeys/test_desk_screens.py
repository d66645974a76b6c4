"""The desk where an officer checks who somebody is, and each of its screens looked at by axe."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, expect
from qrcode.image.pil import PilImage

from loadtests import identity
from loadtests.service import Service
from setup.browser import installed
from sync.batch import unbase64url
from tests.journeys import audit, staff
from tests.journeys.conftest import ARGUMENTS, NewPhone
from tests.journeys.office import UNIT, Looks, officer_at
from tests.journeys.phone import Phone, until

pytestmark = pytest.mark.journey
CARD = "079095000123|024888999|Nguyễn Văn An|28021995|Nam|12 Lê Lai, Bến Thành, Quận 1|01012022"
KEEPS_NOTHING = """() => new Promise((resolve) => {
  indexedDB.open('motcua').onsuccess = ({ target: { result } }) => {
    const asked = result.transaction('base').objectStore('base').getAllKeys();
    asked.onsuccess = () => { result.close(); resolve(!asked.result.some(([kind]) => kind === 'verification')); };
  };
})"""
"""Whether the office's phone has let go of what it wrote about residents."""


@pytest.fixture
def service(shared_service: Service) -> Service:
    """One service: who is at the desk in one test is nobody's business in another."""
    return shared_service


@pytest.fixture
def faces(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose camera sees a face."""
    video = tmp_path / "face.mjpeg"
    video.write_bytes(face() * 4)
    options = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    started = browser.browser_type.launch(
        executable_path=installed(), args=[*ARGUMENTS, *options, f"--use-file-for-fake-video-capture={video}"]
    )
    yield started
    started.close()


def face() -> bytes:
    """Draw somebody."""
    image = Image.new("RGB", (1280, 720), "#b9c7c2")
    draw = ImageDraw.Draw(image)
    for box, colour in (
        ((390, 520, 890, 900), "#2f5d8a"),
        ((585, 430, 695, 580), "#d9a883"),
        ((470, 70, 810, 330), "#2b2320"),
        ((500, 110, 780, 480), "#e3b793"),
        ((560, 250, 600, 280), "#2b2320"),
        ((680, 250, 720, 280), "#2b2320"),
    ):
        draw.ellipse(box, fill=colour)
    draw.arc((570, 320, 710, 420), 20, 160, fill="#a8504a", width=8)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def picture(text: str) -> FilePayload:
    """Return a screenshot of a QR code."""
    buffer = io.BytesIO()
    qrcode.make(text, image_factory=PilImage).save(buffer, "PNG")
    return {"name": "code.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_the_desk_checks_who_somebody_is(service: Service, faces: Browser) -> None:
    resident = staff.arrive(service, "resident", UNIT, "Nguyễn Văn An")
    phone = Phone(faces, service.origin)
    page = officer_at(phone, service)
    looks = Looks(page)
    page.get_by_role("navigation").get_by_role("link", name="Quầy").click()
    scan = page.locator(".scanner-file input")
    scan.set_input_files(picture(CARD))
    expect(page.get_by_text("Đây là mã trên thẻ căn cước")).to_be_visible()
    looks.at("desk-subject-wrong")
    scan.set_input_files(picture(identity.desk_code(resident, iat=resident.now() // 1000 - 1500)))
    expect(page.get_by_text("Mã này đã cũ")).to_be_visible()

    scan.set_input_files(picture(identity.desk_code(resident)))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra thẻ căn cước")
    looks.at("desk-card")
    page.get_by_role("button", name="Nhập bằng tay").click()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    looks.at("desk-card-wrong")
    page.get_by_role("button", name="Quét lại thẻ").click()
    scan.set_input_files(picture(CARD))
    expect(page.get_by_label("Số định danh cá nhân")).to_have_value("079095000123")
    page.get_by_label("Nữ").check()
    expect(page.get_by_text("Số định danh không khớp")).to_be_visible()
    page.get_by_label("Nam", exact=True).check()
    expect(page.get_by_text("Số định danh không khớp")).to_have_count(0)
    looks.at("desk-card-read")
    page.get_by_role("button", name="Tiếp tục").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("So khuôn mặt và chụp ảnh")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    expect(page.get_by_role("button", name="Chụp ảnh")).to_be_visible()
    looks.at("desk-face-wrong")
    page.get_by_role("button", name="Chụp ảnh").click()
    expect(page.get_by_role("img", name="Ảnh vừa chụp")).to_be_visible()
    page.get_by_role("button", name="Chụp lại").click()
    page.get_by_role("button", name="Chụp ảnh").click()
    page.get_by_label("Thẻ là thật").check()
    page.get_by_label("Khuôn mặt khớp").check()
    looks.at("desk-face")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại và ký")
    looks.at("desk-review")

    # Back goes a step back, and nothing is lost.
    page.go_back()
    expect(page.get_by_role("img", name="Ảnh vừa chụp")).to_be_visible()
    page.get_by_role("button", name="Tiếp tục").click()
    phone.set_offline(True)
    page.get_by_role("button", name="Ký xác nhận").click()
    expect(page.get_by_text("Đã lưu trên máy này và tự gửi khi có mạng")).to_be_visible()
    looks.at("desk-waits")
    phone.set_offline(False)
    expect(page.get_by_text("Danh tính xuất hiện trên điện thoại của người dân")).to_be_visible(timeout=30_000)
    looks.at("desk-done")
    resident.sync()
    known = resident.records["identity", resident.id]
    assert (known["name"].shown, known["born"].shown, known["sex"].shown) == ("Nguyễn Văn An", "1995-02-28", "male")
    assert Image.open(io.BytesIO(unbase64url(str(known["photo"].shown)))).size == (300, 400)
    assert len(str(known["photo"].shown)) <= 45_000
    until(page, KEEPS_NOTHING)

    # The same code again is refused in plain words, and so is what no unit vouched for.
    page.get_by_role("button", name="Người tiếp theo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quét mã hẹn của người dân")
    scan.set_input_files(picture(identity.desk_code(resident)))
    page.get_by_role("link", name="Thu hồi danh tính").click()
    page.get_by_role("button", name="Thu hồi danh tính").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    looks.at("desk-withdraw-wrong")
    page.get_by_label("Lý do").fill("Người dân báo mất điện thoại.")
    page.get_by_role("button", name="Thu hồi danh tính").click()
    looks.at("desk-withdraw-confirm")
    page.get_by_role("dialog").get_by_role("button", name="Thu hồi danh tính").click()
    expect(page.get_by_text("Các mã danh tính cũ bị từ chối")).to_be_visible(timeout=30_000)
    looks.at("desk-withdrawn")
    resident.sync()
    assert resident.records["identity", resident.id]["withdrawn_at"].shown is not None
    errors = list(phone.errors)
    phone.close()
    assert errors == []
    assert looks.wrong == []


def test_the_desk_without_a_camera_says_what_to_do(service: Service, new_phone: NewPhone) -> None:
    phone = new_phone()
    page = officer_at(phone, service)
    looks = Looks(page)
    phone.go("/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quét mã hẹn của người dân")
    expect(page.locator("[data-testid=scanner]:not([data-state=opening])")).to_be_visible()
    looks.at("desk-subject-no-camera")
    stranger = new_phone()
    for path, name in (("/meetings", "officers-only"), ("/desk", "desk-officers-only")):
        stranger.go(path)
        expect(stranger.page.get_by_text("Trang này dành cho cán bộ")).to_be_visible()
        looks.wrong += audit.problems(stranger.page, name)
    assert looks.wrong == []
