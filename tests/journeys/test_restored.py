"""The service is restored from a backup, and a resident's phone brings back what it had been told since."""

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

    draft = attaching.begin(phone)
    attaching.add(page, "photo", "ảnh.jpg", "image/jpeg", PHOTO)
    phone.go(f"{draft}/review")
    feedback.sign(page)
    page.wait_for_url("**/dossiers/**")
    submission, dossier = page.url.split("/")[-1], page.url.removeprefix(phone.origin)
    before = poll(service, submission)
    expect(page.get_by_text(before["code"]).locator("visible=true").first).to_be_visible()

    # The disk is lost. The backup knows the person and their phone, and nothing of the submission.
    service.kill()
    shutil.rmtree(service.data)
    restored.command("restore", str(tmp_path / "backup"))
    assert receipt(restored, submission) is None
    restored.start()
    phone.go("/outbox")
    after = poll(restored, submission)
    assert after == before
    expect(page.get_by_text("Không có gì chờ gửi")).to_be_visible(timeout=30_000)
    phone.go(dossier)
    expect(page.get_by_text(before["code"]).locator("visible=true").first).to_be_visible()
    blobs = [path.read_bytes() for path in (restored.data / "blobs").glob("??/*")]
    assert blobs == [PHOTO]


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
