"""The scanner: a camera that reads codes, a picture where there is none, and neither needs a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from loadtests.service import Service
from setup.browser import installed
from tests.journeys import audit, feedback
from tests.journeys.conftest import ARGUMENTS
from tests.journeys.film import film, picture
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey

CARD = "079090001234|023456789|Nguyễn Thị Minh Khai|02091990|Nữ|12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh|05062021"
OTHER = "079085004321||Trần Văn Bình|14031985|Nam|3 Nguyễn Huệ, Phường Sài Gòn, TP. Hồ Chí Minh|01072022"
NO_CARD = "https://example.vn/"

# A camera of which only the picture is a stand-in says what it can do, and is asked to do it.
CAPABLE = """
  const asked = (window.asked = []);
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 5, step: 0.5 } });
  MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void asked.push(...advanced);
"""

# Counts the tracks of cameras that are on.
WATCHED = """
  window.tracks = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
"""
ON = "() => window.tracks.filter(({ readyState }) => readyState === 'live').length"
SEEN = """(how) => {
  Object.defineProperty(document, 'visibilityState', { value: how, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""

# A phone's own detector: one that reads, and one that is promised and fails.
DETECTOR = """
  window.BarcodeDetector = class {
    static getSupportedFormats = async () => ['qr_code'];
    detect = async (source) => { window.asked = (window.asked ?? 0) + 1; ANSWER };
  };
"""

NewSeeing = Callable[..., Phone]


@pytest.fixture
def service(shared_service: Service) -> Service:
    return shared_service


@pytest.fixture
def seeing(browser: Browser, service: Service) -> Iterator[NewSeeing]:
    """Make phones that have a camera, by the arguments of a browser; none may have seen an error of script."""
    phones: list[tuple[Phone, Browser]] = []

    def make(*arguments: str) -> Phone:
        own = browser.browser_type.launch(executable_path=installed(), args=[*ARGUMENTS, *arguments])
        phones.append((Phone(own, service.origin), own))
        return phones[-1][0]

    yield make
    errors = [error for phone, _ in phones for error in phone.errors]
    for phone, own in phones:
        phone.close()
        own.close()
    assert errors == []


def test_a_card_is_read_by_the_camera_also_without_a_network(
    service: Service, seeing: NewSeeing, tmp_path: Path
) -> None:
    phone = seeing(*film(tmp_path / "camera.y4m", [(NO_CARD, 2), (None, 1), (CARD, 4)]))
    page = phone.page
    feedback.enrol(phone, None, "Nguyễn Thị Minh Khai")
    phone.ready_offline()
    phone.ready_to_scan()

    service.stop()
    phone.go("/card")
    expect(page.get_by_text("Đây không phải mã trên thẻ căn cước")).to_be_visible()
    expect(page.get_by_text("12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh")).to_be_visible()
    expect(page.get_by_test_id("scanner")).to_have_count(0)
    page.get_by_role("button", name="Quét lại").click()
    expect(page.get_by_test_id("scanner")).to_have_attribute("data-state", "live")
    expect(page.get_by_text("Nguyễn Thị Minh Khai")).to_be_visible()


def test_a_camera_is_on_only_while_somebody_looks(seeing: NewSeeing, tmp_path: Path) -> None:
    phone = seeing(*film(tmp_path / "camera.y4m", [(None, 1)]))
    page = phone.page
    page.add_init_script(WATCHED)
    feedback.enrol(phone, None, "Nguyễn Thị Minh Khai")
    phone.go("/card")
    scanner = page.get_by_test_id("scanner")
    expect(scanner).to_have_attribute("data-state", "live")
    assert page.evaluate(ON) == 1
    page.evaluate(SEEN, "hidden")
    expect(scanner).to_have_attribute("data-state", "opening")
    assert page.evaluate(ON) == 0
    page.evaluate(SEEN, "visible")
    expect(scanner).to_have_attribute("data-state", "live")
    assert page.evaluate(ON) == 1
    page.get_by_role("navigation").get_by_role("link", name="Trang chủ").click()
    expect(scanner).to_have_count(0)
    assert page.evaluate(ON) == 0


@pytest.mark.parametrize("answer", [f"return [{{ rawValue: '{CARD}' }}]", "throw new Error('no service')"])
def test_a_phones_own_detector_is_asked_first_and_needs_not_work(
    seeing: NewSeeing, tmp_path: Path, answer: str
) -> None:
    phone = seeing(*film(tmp_path / "camera.y4m", [(CARD, 1)]))
    page = phone.page
    page.add_init_script(DETECTOR.replace("ANSWER", answer))
    feedback.enrol(phone, None, "Nguyễn Thị Minh Khai")
    phone.go("/card")
    expect(page.get_by_text("12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh")).to_be_visible()
    assert page.evaluate("() => window.asked") > 0


def test_a_camera_that_has_a_light_and_a_lens_uses_them(seeing: NewSeeing, tmp_path: Path) -> None:
    phone = seeing(*film(tmp_path / "camera.y4m", [(None, 1)]))
    page = phone.page
    page.add_init_script(CAPABLE)
    feedback.enrol(phone, None, "Nguyễn Thị Minh Khai")
    phone.go("/card")
    light = page.get_by_role("button", name="Đèn pin")
    expect(light).to_have_attribute("aria-pressed", "false")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    lens = page.get_by_role("slider", name="Phóng to")
    lens.press("ArrowRight")
    expect(lens).to_have_value("1.5")
    assert page.evaluate("() => window.asked") == [{"torch": True}, {"zoom": 1.5}]
    assert audit.problems(page, "scanner-tools") == []


def test_a_picture_does_where_there_is_no_camera(seeing: NewSeeing, tmp_path: Path) -> None:
    phone = seeing("--use-fake-device-for-media-stream")  # there is one, but nobody allows it
    page = phone.page
    feedback.enrol(phone, None, "Trần Văn Bình")
    phone.go("/card")
    expect(page.get_by_test_id("scanner")).to_have_attribute("data-state", "refused")
    expect(page.get_by_role("alert").filter(has_text="Camera chưa được cho phép")).to_be_visible()
    assert audit.problems(page, "scanner-refused") == []

    choose(page, screenshot(tmp_path / "empty.png", None))
    expect(page.get_by_text("Không thấy mã QR nào trong ảnh này")).to_be_visible()
    (tmp_path / "letter.png").write_bytes(b"no picture at all")
    choose(page, tmp_path / "letter.png")
    expect(page.get_by_text("Không mở được tệp này như một ảnh")).to_be_visible()
    choose(page, screenshot(tmp_path / "card.png", OTHER))
    expect(page.get_by_text("Trần Văn Bình")).to_be_visible()


def choose(page: Page, path: Path) -> None:
    """Choose a file where the scanner asks for one."""
    page.get_by_label("Chọn ảnh có mã").set_input_files(path)


def screenshot(path: Path, text: str | None) -> Path:
    """Write a large photo of a page on which a code takes a small corner."""
    photo = Image.new("RGB", (3000, 4000), (221, 219, 213))
    if text is not None:
        photo.paste(picture(text, module=8).rotate(4, expand=True, fillcolor=(221, 219, 213)), (1900, 400))
    photo.save(path)
    return path
