"""The resident's wallet as it looks: an invitation claimed and shown, an identity checked and shown, all by axe."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from loadtests import identity
from loadtests.service import Service
from server.codes import base
from tests.journeys import audit, feedback, staff
from tests.journeys.conftest import NewPhone

pytestmark = pytest.mark.journey
PORTRAIT = Path(__file__).parent / "portrait.jpg"


def test_an_invitation_and_an_identity_in_the_wallet(service: Service, new_phone: NewPhone) -> None:
    officer = staff.arrive(service, "officer", "ben-thanh", "Trần Thị Bích")
    code = staff.invite(officer, staff.hold_meeting(officer))
    phone = new_phone()
    wrong: list[str] = []
    page = phone.page

    # The link of the letter, before there is an account: nothing is lost on the way over the sign-in page.
    phone.go(f"/claim#{quote(code, safe='')}")
    expect(page.get_by_text("Nguyễn Thị Minh Khai")).to_be_visible()
    wrong += audit.problems(page, "claim-stranger")
    page.get_by_role("link", name="Tạo tài khoản hoặc đăng nhập").click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Minh Khai")
    page.get_by_role("button", name="Tạo khoá truy cập").click()
    feedback.bind(page)
    phone.go("/wallet")
    expect(page.get_by_text("Chưa có thư mời nào")).to_be_visible()
    wrong += audit.problems(page, "wallet-empty")
    phone.go("/claim")
    expect(page.get_by_text("Nguyễn Thị Minh Khai")).to_be_visible()
    wrong += audit.problems(page, "claim")

    phone.ready_offline()
    phone.set_offline(True)
    page.get_by_role("button", name="Nhận vào máy này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ghi thư mời vào ví")
    wrong += audit.problems(page, "claim-done")
    page.get_by_role("link", name="Mở ví giấy tờ").click()
    expect(page.get_by_text("Chờ mạng để nhận")).to_be_visible()
    wrong += audit.problems(page, "wallet-waiting")
    phone.set_offline(False)
    expect(page.get_by_text("Sẵn sàng")).to_be_visible(timeout=30_000)
    wrong += audit.problems(page, "wallet-invitation")

    phone.set_offline(True)
    page.get_by_role("link", name="Họp tổ dân phố số 12").click()
    expect(page.get_by_role("heading", name="Người quét sẽ biết")).to_be_visible()
    wrong += audit.problems(page, "present")
    page.get_by_role("button", name="Hiện mã").click()
    shown = page.get_by_test_id("presentation")
    expect(shown).to_be_visible()
    wrong += audit.problems(page, "present-quick")
    first = shown.get_attribute("data-code")
    assert first is not None and base.decode_text(first)[0] == "MCP1:"
    expect(shown).not_to_have_attribute("data-code", first, timeout=20_000)
    phone.set_offline(False)

    # The card is at the desk: the officer, whose screen has its own test, confirms by software here.
    phone.go("/card")
    expect(page.get_by_text("Đưa camera vào mã QR trên thẻ căn cước")).to_be_visible()
    wrong += audit.problems(page, "card-scan")
    phone.go("/desk-code")
    desk = page.get_by_test_id("desk-code")
    expect(desk).to_be_visible()
    wrong += audit.problems(page, "desk-code")
    token = desk.get_attribute("data-code")
    assert token is not None
    subject = page.evaluate("() => new Promise((done) => { const open = indexedDB.open('motcua');"
        " open.onsuccess = () => { const get = open.result.transaction('meta').objectStore('meta').get('account');"
        " get.onsuccess = () => { open.result.close(); done(get.result.id); }; }; })")  # fmt: skip
    photo = PORTRAIT.read_bytes() if PORTRAIT.exists() else identity.portrait()
    document = identity.verification_document(officer, subject, token, photo)
    staff.send(officer, identity.verification(officer, document, token, photo))
    expect(page.get_by_text("Cán bộ đã xác nhận danh tính của bạn.")).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Mở ví giấy tờ").click()
    for name in ("Vào cổng", "Chứng minh độ tuổi", "Danh tính đầy đủ"):
        expect(page.get_by_role("link", name=name)).to_be_visible(timeout=30_000)
    wrong += audit.problems(page, "wallet-identity")
    page.get_by_role("link", name="Vào cổng").click()
    wrong += audit.problems(page, "present-gate")
    page.get_by_label("Hỏi và đáp").check()
    wrong += audit.problems(page, "present-challenge-choice")
    page.get_by_label("Mã nhanh").check()
    page.get_by_role("button", name="Hiện mã").click()
    expect(shown).to_be_visible()
    wrong += audit.problems(page, "present-identity")
    assert wrong == []
