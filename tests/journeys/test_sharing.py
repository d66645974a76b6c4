"""A draft that several fill: invited by a link, offline and live, taken back, helped by a desk, signed by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import audit, feedback, filling, staff
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey

OWNER, GUEST = "Nguyễn Văn An", "Lê Văn Bình"
MINE, THEIRS = "Nắp cống trước nhà bị mất.", "Nắp cống bị vỡ, rất nguy hiểm."


def test_two_people_fill_one_draft_offline_and_live_and_only_the_owner_signs(
    service: Service, new_phone: NewPhone, tmp_path: Path
) -> None:
    owner, guest = new_phone(), new_phone()
    for phone, name in ((owner, OWNER), (guest, GUEST)):
        feedback.enrol(phone, None, name)
        phone.ready_offline()
    wrong: list[str] = []
    draft = feedback.begin(owner).url.removeprefix(owner.origin)

    # An invitation as a code and a link; the guest takes it without a network.
    page = owner.page
    page.get_by_role("link", name="Chia sẻ tờ khai").click()
    page.get_by_role("button", name="Tạo lời mời").click()
    expect(page.get_by_role("img", name="Mã QR mời cùng điền tờ khai")).to_be_visible()
    link = page.get_by_test_id("invitation-link").inner_text()
    assert "/shared#" in link
    wrong += audit.problems(page, "share-invitation")
    sent(page)
    guest.set_offline(True)
    guest.go(link.removeprefix(owner.origin))
    expect(guest.page).to_have_url(owner.origin + "/shared")  # the secret has left the address
    expect(guest.page.get_by_text(feedback.TITLE)).to_be_visible()
    wrong += audit.problems(guest.page, "share-join")
    guest.page.get_by_role("button", name="Tham gia").click()
    expect(guest.page.get_by_role("heading", name="Đang chờ mạng")).to_be_visible()
    guest.set_offline(False)
    guest.page.get_by_role("button", name="Mở tờ khai").click(timeout=30_000)
    expect(guest.page.get_by_test_id("together")).to_contain_text(f"Tờ khai của {OWNER}")
    expect(page.get_by_text(f"{GUEST} đã vào tờ khai.")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-member]")).to_contain_text(GUEST)

    # Offline: other fields both survive, the same field keeps both answers with author and time.
    for phone in (owner, guest):
        phone.set_offline(True)
    feedback.fill_matter(owner.go(draft + "/matter"), MINE)
    feedback.fill_matter(guest.go(draft + "/matter"), THEIRS)
    feedback.fill_place(guest.go(draft + "/place_time"))
    owner.go(draft + "/sender").get_by_label("Không nêu tên").check()
    feedback.saved(owner.page)
    for phone in (owner, guest):
        phone.set_offline(False)
        sent(phone.page)
    settle = owner.go(draft + "/matter").get_by_role("region", name="Hai câu trả lời: Nội dung")
    expect(settle.locator(".side", has_text=THEIRS)).to_contain_text(GUEST, timeout=30_000)
    expect(settle.locator(".side", has_text=MINE)).to_contain_text("Máy này")
    wrong += audit.problems(owner.page, "share-settle")
    settle.locator(".side", has_text=THEIRS).get_by_role("button", name="Chọn câu này").click()
    expect(owner.page.get_by_role("textbox", name="Nội dung")).to_have_value(THEIRS)
    owner.go(draft + "/place_time")
    ward = owner.page.get_by_label("Phường, xã, đặc khu")
    expect(ward).to_have_value("Phường Bến Thành", timeout=30_000)
    expect(owner.page.locator("[data-question=ward]")).to_contain_text(f"{GUEST} ghi lúc")

    # Live: what the other one saves appears, and nothing moves under the hand that types.
    place = owner.page.get_by_label("Địa chỉ hoặc mô tả địa điểm")
    place.fill("Trước số 14 đường")
    guest.go(draft + "/place_time").get_by_label("Phường, xã, đặc khu").fill("Phường Sài Gòn")
    feedback.saved(guest.page)
    expect(ward).to_have_value("Phường Sài Gòn", timeout=30_000)
    expect(place).to_be_focused()
    place.press_sequentially(" Lê Lai")
    expect(place).to_have_value("Trước số 14 đường Lê Lai")
    feedback.saved(owner.page)

    # A co-editor sees who signs, and cannot.
    feedback.fill_sender(owner.go(draft + "/sender"))
    feedback.fill_declaration(owner.go(draft + "/promise"))
    sent(owner.page)
    guest.go(draft + "/review")
    expect(guest.page.get_by_role("heading", name="Chỉ người lập tờ khai ký")).to_be_visible(timeout=30_000)
    expect(guest.page.get_by_role("button", name="Đồng ý và ký")).to_have_count(0)
    wrong += audit.problems(guest.page, "share-review")

    # Taken back: the copy goes, and what was written without a network is kept for its writer.
    guest.go("/")
    expect(guest.page.get_by_role("heading", name="Được chia sẻ với bạn")).to_be_visible()
    wrong += audit.problems(guest.page, "share-home")
    guest.set_offline(True)
    guest.go(draft + "/matter").get_by_role("textbox", name="Nội dung").fill("Viết sau khi mất mạng.")
    feedback.saved(guest.page)
    take_back(owner, draft, GUEST)
    wrong += audit.problems(owner.page, "share-alone")
    sent(owner.page)
    guest.set_offline(False)
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Không có tờ khai này trên máy", timeout=30_000)
    trouble = guest.go("/outbox").get_by_role("region", name="Tờ khai đang làm dở: Phản ánh")
    expect(trouble).to_contain_text("không còn được chia sẻ với bạn")
    wrong += audit.problems(guest.page, "share-ended")
    with guest.page.expect_download() as download:
        trouble.get_by_role("link", name="Lưu ra tệp").click()
    download.value.save_as(tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["values"]["answer/description"] == "Viết sau khi mất mạng."
    expect(guest.go("/").get_by_role("heading", name="Được chia sẻ với bạn")).to_have_count(0)

    # The invitation was good once.
    guest.go(link.removeprefix(owner.origin))
    expect(guest.page.get_by_text("đã được dùng hoặc đã thu hồi")).to_be_visible()

    feedback.sign(owner.go(draft + "/review"))
    expect(owner.page.get_by_test_id("dossier-code")).to_contain_text("1022-", timeout=30_000)
    assert wrong == []


def test_a_desk_helps_with_a_draft_and_hands_it_back(service: Service, new_phone: NewPhone) -> None:
    owner, officer = new_phone(), new_phone()
    link = staff.link(service, "officer", "1022")
    feedback.enrol(officer, link, "Trần Thị Bích")
    feedback.enrol(owner, None, OWNER)
    wrong: list[str] = []
    draft = feedback.begin(owner).url.removeprefix(owner.origin)
    officer.go("/shared-drafts")
    expect(officer.page.get_by_role("img", name="Mã QR để chia sẻ tờ khai")).to_be_visible()
    wrong += audit.problems(officer.page, "share-desk-code")

    page = owner.go(draft.replace("/drafts/", "/share/"))
    page.get_by_role("button", name="Chia sẻ với cơ quan").click()
    expect(page.get_by_text("Hãy chọn một cơ quan.")).to_be_visible()
    page.get_by_label("Cơ quan").select_option("1022")
    page.get_by_role("button", name="Chia sẻ với cơ quan").click()
    page.get_by_role("dialog").get_by_role("button", name="Chia sẻ").click()
    expect(page.get_by_text("Đã chia sẻ với Cổng thông tin 1022.")).to_be_visible()
    wrong += audit.problems(page, "share-desk")

    officer.page.get_by_role("link", name=feedback.TITLE).click(timeout=30_000)
    expect(officer.page.get_by_test_id("together")).to_contain_text(f"Tờ khai của {OWNER}")
    wrong += audit.problems(officer.page, "share-helping")
    officer.page.get_by_role("link", name="Sự việc").click()
    feedback.fill_matter(officer.page)
    page = owner.go(draft + "/matter")
    said = page.locator("[data-question=description]")
    expect(said).to_contain_text("Trần Thị Bích, Cổng thông tin 1022 ghi lúc", timeout=30_000)
    wrong += audit.problems(page, "share-wrote")

    officer.go(draft.replace("/drafts/", "/share/"))
    expect(officer.page.get_by_role("button", name="Trả lại cho người lập")).to_be_visible()
    wrong += audit.problems(officer.page, "share-leave")
    officer.page.get_by_role("button", name="Trả lại cho người lập").click()
    officer.page.get_by_role("dialog").get_by_role("button", name="Trả lại cho người lập").click()
    officer.page.wait_for_url(f"{officer.origin}/")
    expect(officer.go("/shared-drafts").get_by_text("Chưa có tờ khai nào được chia sẻ")).to_be_visible()

    # The code on the desk leads to a choice of one's own drafts.
    page = owner.go("/share#1022")
    expect(page.get_by_role("button", name="Chia sẻ Phản ánh")).to_be_visible()
    wrong += audit.problems(page, "share-pick")
    page.get_by_role("button", name="Chia sẻ Phản ánh").click()
    expect(page.get_by_text("Đã chia sẻ", exact=True)).to_be_visible()
    expect(officer.page.get_by_role("link", name=feedback.TITLE)).to_be_visible(timeout=30_000)
    assert wrong == []


def test_a_row_that_is_removed_here_and_edited_there_waits_for_a_person(service: Service, new_phone: NewPhone) -> None:
    filling.publish_form(service)
    owner, guest = new_phone(), new_phone()
    for phone, name in ((owner, OWNER), (guest, GUEST)):
        feedback.enrol(phone, None, name)
        phone.ready_offline()
    draft = filling.begin(owner)
    page = owner.page
    for name in ("Lê Thị Na", "Lê Văn Mít"):
        page.goto(owner.origin + draft + "/children_page")
        page.locator("[data-add=children]").click()
        page.locator('[data-question$="child_name"]').get_by_role("textbox").fill(name)
        feedback.saved(page)
    page.goto(owner.origin + draft.replace("/drafts/", "/share/"))
    page.get_by_role("button", name="Tạo lời mời").click()
    link = page.get_by_test_id("invitation-link").inner_text()
    sent(page)
    guest.go(link.removeprefix(owner.origin))
    guest.page.get_by_role("button", name="Tham gia").click()
    guest.page.get_by_role("button", name="Mở tờ khai").click(timeout=30_000)
    expect(guest.page.get_by_test_id("together")).to_be_visible()

    for phone in (owner, guest):
        phone.set_offline(True)
        phone.go(draft + "/children_page")
    owner.page.locator('[data-remove="children[1]"]').click()
    owner.page.get_by_role("dialog").get_by_role("button").first.click()
    expect(owner.page.locator("[data-edit]")).to_have_count(1)
    guest.page.locator('[data-edit="children[1]"]').click()
    guest.page.locator('[data-question$="child_name"]').get_by_role("textbox").fill("Lê Thị Na Na")
    feedback.saved(guest.page)
    for phone in (owner, guest):
        phone.set_offline(False)
        sent(phone.page)

    # Both are said, with author and time; the row and what was written in it stay in sight until somebody chooses.
    settle = owner.page.locator("[data-settle]")
    expect(settle).to_contain_text("Máy này bỏ", timeout=30_000)
    expect(settle).to_contain_text(f"{GUEST} ghi")
    expect(owner.page.locator('[data-edit="children[1]"]')).to_be_visible()
    expect(owner.page.locator("[data-repeat=children]")).to_contain_text("Lê Thị Na Na")
    assert audit.problems(owner.page, "share-row") == []
    owner.go(draft + "/review")
    expect(owner.page.get_by_role("button", name="Đồng ý và ký")).to_have_count(0)
    owner.go(draft + "/children_page")
    settle.get_by_role("button", name="Giữ lại mục này").click()
    expect(settle).to_have_count(0)
    for phone in (owner, guest):
        phone.go(draft + "/children_page")
        expect(phone.page.locator("[data-edit]")).to_have_count(2)
        expect(phone.page.locator("[data-settle]")).to_have_count(0, timeout=30_000)


def take_back(owner: Phone, draft: str, name: str) -> None:
    """End a share, after one more question."""
    page = owner.go(draft.replace("/drafts/", "/share/"))
    page.locator("[data-member]", has_text=name).get_by_role("button", name="Thu hồi").click()
    page.get_by_role("dialog").get_by_role("button", name="Thu hồi").click()
    expect(page.locator("[data-member]")).to_have_count(0)


def sent(page: Page) -> None:
    """Wait until nothing waits to be sent."""
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
