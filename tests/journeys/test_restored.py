"""The service is restored from a backup, and residents' phones bring back what they had been told since."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from loadtests.service import Service
from tests.journeys import attaching, feedback
from tests.journeys.conftest import PWA, NewPhone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey
PHOTO = attaching.noise(300_000)


@pytest.fixture
def restored(service: Service, tmp_path: Path) -> Iterator[Service]:
    """A service at the same address, on another disk, not yet running."""
    settings = {"pwa": PWA} if PWA else {}
    made = Service(tmp_path / "restored", port=service.port, **settings)
    yield made
    made.kill()


def test_B7_B8_a_submission_with_a_photo_comes_back_with_the_receipt_that_the_person_has_seen(
    service: Service, restored: Service, new_phone: NewPhone, tmp_path: Path
) -> None:
    attaching.publish_form(service, {"photo": "file"})
    phone = new_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    phone.ready_offline()
    service.command("backup", str(tmp_path / "backup"))

    submission, dossier = send_photo(phone)
    before = poll(service, submission)
    expect(page.get_by_text(before["code"]).locator("visible=true").first).to_be_visible()

    # The disk is lost. The backup knows the person and their phone, and nothing of the submission.
    lose(service)
    restored.command("restore", str(tmp_path / "backup"))
    assert receipt(restored, submission) is None
    restored.start()
    phone.go("/outbox")
    after = poll(restored, submission)
    assert after == before
    expect(page.get_by_text("Không có gì chờ gửi")).to_be_visible(timeout=30_000)
    phone.go(dossier)
    expect(page.get_by_text(before["code"]).locator("visible=true").first).to_be_visible()
    assert blobs(restored) == [PHOTO]


def test_B11_somebody_who_registered_after_the_backup_comes_back_with_all_that_was_sent(
    service: Service, restored: Service, new_phone: NewPhone, tmp_path: Path
) -> None:
    attaching.publish_form(service, {"photo": "file"})
    service.command("backup", str(tmp_path / "backup"))
    phone = new_phone()
    page = feedback.enrol(phone, None, "Đỗ Thị Hạnh")
    phone.ready_offline()
    submission, _ = send_photo(phone)
    before = poll(service, submission)

    lose(service)
    restored.command("restore", str(tmp_path / "backup"))
    restored.start()
    phone.go("/outbox")
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    expect(page.get_by_text("Phiên đăng nhập của Đỗ Thị Hạnh đã hết")).to_be_visible()
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    expect(page.get_by_text("Máy này chưa được gắn với tài khoản")).to_be_visible()
    page.get_by_role("button", name="Gắn máy này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gắn máy này")
    feedback.bind(page)
    assert poll(restored, submission) == before
    phone.go("/outbox")
    expect(page.get_by_text("Không có gì chờ gửi")).to_be_visible(timeout=30_000)
    assert blobs(restored) == [PHOTO]


def send_photo(phone: Phone) -> tuple[str, str]:
    """Fill the form with a photo and sign it; return the submission and the path of its screen."""
    draft = attaching.begin(phone)
    attaching.add(phone.page, "photo", "ảnh.jpg", "image/jpeg", PHOTO)
    phone.go(f"{draft}/review")
    feedback.sign(phone.page)
    phone.page.wait_for_url("**/dossiers/**")
    return phone.page.url.split("/")[-1], phone.page.url.removeprefix(phone.origin)


def lose(service: Service) -> None:
    """Let the service end, and its disk with it."""
    service.kill()
    shutil.rmtree(service.data)


def blobs(service: Service) -> list[bytes]:
    """Return the attachments that a service has."""
    return [path.read_bytes() for path in (service.data / "blobs").glob("??/*")]


def receipt(service: Service, submission: str) -> dict[str, Any] | None:
    """Return the receipt as the server has it, with all its times and stamps."""
    with service.opened() as store, store.read() as look:
        state = look.get("receipt", submission)
    if state is None:
        return None
    stamps = {f"{key} written": (each.heads[0].n, each.heads[0].at) for key, each in state.items()}
    return {key: each.shown for key, each in state.items()} | stamps


def poll(service: Service, submission: str) -> dict[str, Any]:
    """Wait until the server has given a receipt."""
    deadline = time.monotonic() + 60
    while (found := receipt(service, submission)) is None:
        assert time.monotonic() < deadline, "expected a receipt within a minute"
        time.sleep(0.1)
    return found
