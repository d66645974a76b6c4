"""A set of 25 MB over a link that is slow and cut every few seconds arrives whole, and only then is the form sent."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from loadtests.service import Service, free_port
from tests.faults.proxy import CutProxy
from tests.journeys import attaching, feedback
from tests.journeys.conftest import NewPhone, NewSeeingPhone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey
MB = 1_000_000
FILES = 5
LENGTH = 25 * MB
RATE = 1_500_000
"""Bytes a second."""
EVERY = 3.0
"""Seconds from cut to cut."""
JPEG = b"\xff\xd8"
MOST = 1.10
"""So much of the set may go up in all: a tenth of it twice, with all else that a phone sends meanwhile."""


@pytest.fixture
def patchy(tmp_path: Path, database: str) -> Iterator[tuple[Service, CutProxy]]:
    """The service behind a slow link."""
    port = free_port()
    proxy = CutProxy(port, rate=RATE)
    service = Service(tmp_path / "data", port=port, origins=f"http://localhost:{proxy.port}", database=database)
    service.command("demo")
    attaching.publish_form(service, {f"p{n}": "file" for n in range(FILES)})
    service.start()
    yield service, proxy
    proxy.close()
    service.kill()


def test_A4_a_set_of_photos_over_a_link_that_is_cut_every_few_seconds(
    browser: Browser, patchy: tuple[Service, CutProxy]
) -> None:
    service, proxy = patchy
    phone = Phone(browser, f"http://localhost:{proxy.port}")
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    phone.ready_offline()
    draft = attaching.begin(phone)
    before = proxy.sent
    began = time.monotonic()
    proxy.cut_every(EVERY)
    for n in range(FILES):
        attaching.add(page, f"p{n}", f"ảnh {n}.jpg", "image/jpeg", attaching.noise(LENGTH // FILES))
    phone.go(f"{draft}/review")
    feedback.sign(page)

    # It is signed, and says what it waits for. The server has none of it.
    expect(page.get_by_text("Đã ký, đang gửi tệp")).to_be_visible()
    expect(page.get_by_test_id("files-needed").get_by_role("listitem").first).to_be_visible()
    submission = page.url.split("/")[-1]
    assert not has(service, submission)
    page.reload()
    expect(page.get_by_test_id("files-needed").get_by_text("ảnh 4.jpg")).to_be_visible()
    expect(page.get_by_test_id("files-needed").locator("progress").last).to_be_visible()
    page = phone.crash()
    phone.go("/outbox")
    expect(page.get_by_text("ảnh 4.jpg")).to_be_visible()
    assert not has(service, submission)

    expect(page.get_by_text("Không có gì chờ gửi")).to_be_visible(timeout=90_000)
    assert has(service, submission)
    share = (proxy.sent - before) / LENGTH
    seconds = time.monotonic() - began
    print(f"{proxy.cuts} cuts in {seconds:.0f} s; {share:.3f} of the set's bytes went up")
    assert proxy.cuts >= LENGTH / RATE / EVERY - 1
    assert share <= MOST
    assert phone.errors == []
    phone.close()


def test_a_photo_is_made_smaller_and_tells_nothing_of_where_it_was_taken(service: Service, new_phone: NewPhone) -> None:
    attaching.publish_form(service, {"photo": "image"})
    phone = new_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    phone.ready_offline()
    phone.set_offline(True)
    attaching.begin(phone)
    field = page.locator('[data-question="photo"]')
    taken = attaching.photo(3200, 2400)
    attaching.add(page, "photo", "IMG_1.JPG", "image/jpeg", taken)
    expect(field.get_by_role("link", name="IMG_1.jpg")).to_be_visible()
    expect(field.get_by_text("Đã lưu trên máy này, chờ mạng để gửi")).to_be_visible()

    # What is no picture here is refused with a reason, and the one before stays.
    field.get_by_role("button", name="Thay tệp khác").click()
    field.locator("input[type=file]").last.set_input_files(
        {"name": "IMG_2.HEIC", "mimeType": "image/heic", "buffer": b"ftypheic" * 100}
    )
    expect(field.get_by_text("chẳng hạn ảnh HEIC của iPhone")).to_be_visible()
    expect(field.get_by_role("link", name="IMG_1.jpg")).to_be_visible()

    phone.set_offline(False)
    expect(field.get_by_text("Đã có trên máy chủ")).to_be_visible(timeout=30_000)
    blobs = [path.read_bytes() for path in (service.data / "blobs").glob("??/*")]
    (sent,) = [data for data in blobs if data[:2] == JPEG]
    picture = Image.open(io.BytesIO(sent))
    assert picture.size == (1536, 2048)
    assert not picture.getexif()
    assert b"MAYANH" not in sent
    assert b"Exif" not in sent
    assert len(sent) < 2 * MB


def test_a_sound_is_recorded_played_back_and_sent(service: Service, new_seeing_phone: NewSeeingPhone) -> None:
    attaching.publish_form(service, {"sound": "audio"})
    phone, _ = new_seeing_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    attaching.begin(phone)
    field = page.locator('[data-question="sound"]')
    field.get_by_role("button", name="Ghi âm").click()
    expect(field.get_by_role("timer")).to_have_text("0:02", timeout=15_000)
    field.get_by_role("button", name="Dừng và dùng bản ghi này").click()
    expect(field.locator("audio")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-question=sound] audio')?.readyState > 0")
    expect(field.get_by_text("Đã có trên máy chủ")).to_be_visible(timeout=30_000)
    field.get_by_role("button", name="Gỡ tệp").click()
    expect(field.locator("audio")).to_have_count(0)
    expect(field.get_by_role("button", name="Ghi âm")).to_be_visible()


def has(service: Service, submission: str) -> bool:
    """Whether the submission has arrived."""
    with service.opened() as store, store.read() as reader:
        return reader.get("submission", submission) is not None
