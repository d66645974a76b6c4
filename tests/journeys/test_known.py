"""Tell us once: a card scanned once, and a form sent once, answer the next ones; a person may always change it."""

from __future__ import annotations

import re
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, expect

from loadtests.service import Service
from tests.journeys import audit, feedback
from tests.journeys.conftest import NewPhone
from tests.journeys.film import png

pytestmark = pytest.mark.journey
CARD = "079190012345|024681357|Nguyễn Thị Minh Khai|27031990|Nữ|12 Lê Lai, Phường Bến Thành, TP. Hồ Chí Minh|05062021"
CODE = "land-information"
FROM_CARD = "Lấy từ thẻ căn cước"


def test_what_was_told_once_is_not_asked_again(service: Service, new_phone: NewPhone) -> None:
    phone = new_phone()
    page = feedback.enrol(phone, None, "Minh Khai")
    wrong: list[str] = []

    # The phone knows a name and offers to read the card; then the procedure says what need not be told.
    phone.go(f"/procedures/{CODE}")
    assert not_asked(page)[0] == 1
    wrong += audit.problems(page, "known-procedure-scan")
    page.get_by_role("link", name="Quét thẻ căn cước để điền sẵn").click()
    scan(page)
    page.wait_for_url(f"**/procedures/{CODE}")
    expect(page.get_by_role("link", name="Quét thẻ")).to_have_count(0)
    filled, all_questions = not_asked(page)
    assert filled == 6 and all_questions > filled
    wrong += audit.problems(page, "known-procedure")

    # Offline too, a draft comes with the card's details, each marked; what is changed is the person's own.
    phone.ready_offline()
    phone.set_offline(True)
    page.get_by_role("button", name="Bắt đầu điền").click()
    page.wait_for_url("**/drafts/*")
    page.locator('a[href$="/requester"]').click()
    expect(question(page, "applicant_name").get_by_role("textbox")).to_have_value("Nguyễn Thị Minh Khai")
    for name in ("applicant_name", "applicant_number", "applicant_number_issued", "applicant_address"):
        expect(question(page, name)).to_contain_text(FROM_CARD)
    wrong += audit.problems(page, "known-questions")
    question(page, "applicant_address").get_by_role("textbox").fill("34 Lê Lợi, Phường Sài Gòn, TP. Hồ Chí Minh")
    expect(question(page, "applicant_address")).not_to_contain_text(FROM_CARD)
    feedback.saved(page)
    page.reload()
    expect(question(page, "applicant_number")).to_contain_text(FROM_CARD)
    expect(question(page, "applicant_address")).not_to_contain_text(FROM_CARD)
    fill(page)
    given, all_given = not_asked(page)
    assert given == 5 and all_given > given
    wrong += audit.problems(page, "known-review")
    feedback.sign(page)
    page.wait_for_url("**/dossiers/*")
    assert not_asked(page) == (given, all_given)
    phone.set_offline(False)
    expect(page.get_by_test_id("dossier-code")).to_be_visible(timeout=30_000)
    wrong += audit.problems(page, "known-dossier")
    assert metric(service, "filled") == given
    assert metric(service, "asked") == all_given - given

    # The next time that form answers too, and says so.
    phone.go(f"/procedures/{CODE}")
    again, _ = not_asked(page)
    assert again > 2 * filled
    expect(page.get_by_text("Lấy từ hồ sơ “Cung cấp thông tin, dữ liệu đất đai” ngày")).to_be_visible()
    wrong += audit.problems(page, "known-procedure-again")
    page.get_by_role("button", name=re.compile("^Bắt đầu")).click()
    page.wait_for_url("**/drafts/*")
    page.locator('a[href$="/requester"]').click()
    expect(question(page, "applicant_phone").get_by_role("textbox")).to_have_value("0901234567")
    expect(question(page, "applicant_phone")).to_contain_text("Lấy từ hồ sơ")
    expect(question(page, "applicant_address").get_by_role("textbox")).to_have_value(re.compile("^34 Lê Lợi"))
    wrong += audit.problems(page, "known-questions-again")

    phone.go("/account")
    in_all = page.get_by_test_id("not-asked-in-all")
    expect(in_all).to_have_attribute("data-filled", str(given))
    expect(in_all).to_have_attribute("data-all", str(all_given))
    wrong += audit.problems(page, "known-account")
    assert wrong == []


def question(page: Page, name: str) -> Locator:
    return page.locator(f'[data-question="{name}"]')


def not_asked(page: Page) -> tuple[int, int]:
    """Return how many answers the screen says need not be given, and of how many."""
    line = page.get_by_test_id("not-asked")
    expect(line).to_be_visible()
    filled, all_of_them = line.get_attribute("data-filled"), line.get_attribute("data-all")
    assert filled is not None and all_of_them is not None
    return int(filled), int(all_of_them)


def scan(page: Page) -> None:
    """Have the card read from a picture, and kept."""
    picture = {"name": "card.png", "mimeType": "image/png", "buffer": png(CARD)}
    page.locator(".scanner-file input").set_input_files(picture)  # type: ignore[arg-type]
    page.get_by_role("button", name="Lưu trên máy này").click()


def fill(page: Page) -> None:
    """Answer what is left, from the first page to the review."""
    question(page, "applicant_phone").get_by_role("textbox").fill("0901234567")
    go_on(page, "plot")
    question(page, "standing").get_by_label("Là người sử dụng đất", exact=True).check()
    question(page, "plot_number").get_by_role("textbox").fill("15")
    question(page, "map_sheet").get_by_role("textbox").fill("27")
    question(page, "land_paper").get_by_label("Chưa có hoặc không biết").check()
    go_on(page, "wanted")
    question(page, "items").get_by_label("Quy hoạch sử dụng đất").check()
    question(page, "purpose").get_by_label("Xin phép xây dựng").check()
    go_on(page, "result")
    question(page, "result_forms").get_by_label("Bản điện tử").check()
    go_on(page, "statement")
    question(page, "declaration").get_by_role("checkbox").check()
    go_on(page, "review")


def go_on(page: Page, to: str) -> None:
    page.locator("[data-next]").click()
    page.wait_for_url(f"**/{to}")


def metric(service: Service, given: str) -> float:
    """Return what the service counted."""
    with urllib.request.urlopen(f"{service.origin}/metrics") as answer:
        text = answer.read().decode()
    name = rf'motcua_answers_total{{given="{given}",procedure="{CODE}"}} ([0-9.]+)'
    return float("".join(re.findall(name, text)))
