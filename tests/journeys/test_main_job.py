"""The main job: a resident fills and signs a form with no network at all, and gets a receipt and an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from loadtests.service import REPOSITORY, Service
from tests.journeys import feedback
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import DESKTOP

pytestmark = [pytest.mark.journey, pytest.mark.both_engines]
RECEIVED = "Cơ quan đã nhận hồ sơ"


def test_a_form_filled_and_signed_without_network_gets_a_receipt_and_an_answer(
    service: Service, new_phone: NewPhone, tmp_path: Path
) -> None:
    officer = new_phone(viewport=DESKTOP)
    link = service.command("enrol", "officer", "--unit", "1022").split()[-1]
    feedback.enrol(officer, link, "Trần Thị Bích")
    officer.go("/inbox")
    expect(officer.page.get_by_text("Không có hồ sơ nào đang chờ")).to_be_visible()

    resident = new_phone()
    feedback.enrol(resident, None, "Nguyễn Văn An")
    resident.ready_offline()

    # The network goes: the server is stopped, not only emulated away.
    service.stop()
    resident.page.reload()
    page = feedback.begin(resident)
    page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(page)

    # The tab is killed in mid-form, and opened again.
    draft = page.url
    page = resident.new_tab()
    resident.go(draft.removeprefix(resident.origin))
    expect(page.get_by_label("Nội dung")).to_have_value(feedback.DESCRIPTION)
    feedback.go_on(page)
    feedback.fill_place(page)
    feedback.go_on(page)
    feedback.fill_sender(page)
    feedback.go_on(page)
    feedback.fill_declaration(page)
    feedback.go_on(page)
    feedback.sign(page)
    expect(page.get_by_text("Đã ký, chờ mạng để gửi").first).to_be_visible()

    # It is opened again before the network returns: still there, still waiting.
    dossier = page.url
    page = resident.new_tab()
    resident.go(dossier.removeprefix(resident.origin))
    expect(page.get_by_text("Đã ký, chờ mạng để gửi").first).to_be_visible()
    expect(page.get_by_test_id("status")).to_contain_text("chờ gửi")

    # The network returns: nobody presses anything, on either screen.
    service.start()
    expect(page.get_by_text(RECEIVED).first).to_be_visible(timeout=60_000)
    code = page.get_by_test_id("dossier-code").inner_text()
    assert code.startswith("1022-")
    expect(officer.page.get_by_role("link", name=code)).to_be_visible(timeout=60_000)

    officer.page.get_by_role("link", name=code).click()
    expect(officer.page.get_by_text(feedback.DESCRIPTION)).to_be_visible()
    expect(officer.page.get_by_text("Không đúng", exact=True)).to_have_count(0)
    officer.page.get_by_label("Lời nhắn cho người nộp").fill("Đội thoát nước sẽ kiểm tra trong tuần này.")
    officer.page.get_by_role("button", name="Ký tiếp nhận").click()

    expect(page.get_by_text("Đội thoát nước sẽ kiểm tra trong tuần này.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Cán bộ Trần Thị Bích đã tiếp nhận")).to_be_visible()

    with page.expect_download() as downloading:
        page.get_by_role("link", name="Tải tệp bằng chứng").click()
    evidence = tmp_path / "evidence.json"
    downloading.value.save_as(evidence)
    service.stop()
    verified = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", "verify", str(evidence)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout
    assert len(json.loads(evidence.read_text())["acknowledgements"]) == 1
    service.start()
