"""Two phones of one person, both offline, one draft: nothing is lost, and a person settles what differs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from sync import record
from tests.journeys import feedback
from tests.journeys.conftest import NewPhone
from tests.journeys.stores import opened

pytestmark = [pytest.mark.journey, pytest.mark.both_engines]


def digests(page: Page) -> dict[str, str]:
    """Return the digest of each record that the phone holds, by the rules in Python."""
    rows = opened(page, "base")
    return {f"{row['kind']}/{row['id']}": record.digest(record.from_json(row["state"])) for row in rows}


def test_two_phones_edit_one_draft_offline_and_settle_what_differs(service: Service, new_phone: NewPhone) -> None:
    first, second = new_phone(), new_phone()
    feedback.enrol(first, None, "Nguyễn Văn An")
    page = feedback.begin(first)
    draft = page.url.removeprefix(first.origin)
    everything_sent(page)

    # The passkey comes along to the other phone, as password managers do.
    second.add_passkeys(first.passkeys())
    second.go("/start").get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    feedback.bind(second.page)
    second.go(draft)
    expect(second.page.get_by_text("Đã xong 0 trên")).to_be_visible()
    for phone in (first, second):
        phone.ready_offline()
        phone.set_offline(True)

    # Other fields, and one field twice.
    feedback.fill_matter(open_matter(first), "Nắp cống trước nhà bị mất.")
    feedback.fill_matter(open_matter(second), "Nắp cống bị vỡ, rất nguy hiểm.")
    second.go(draft + "/sender").get_by_label("Không nêu tên").check()
    feedback.saved(second.page)

    for phone in (first, second):
        phone.set_offline(False)
        everything_sent(phone.page)
        phone.go(draft + "/matter")
    for phone in (first, second):
        settle = phone.page.get_by_role("region", name="Hai câu trả lời: Nội dung")
        expect(settle).to_be_visible(timeout=30_000)
        expect(settle).to_contain_text("Nắp cống trước nhà bị mất.")
        expect(settle).to_contain_text("Nắp cống bị vỡ, rất nguy hiểm.")

    settle = first.page.get_by_role("region", name="Hai câu trả lời: Nội dung")
    settle.locator(".side").filter(has_text="rất nguy hiểm").get_by_role("button", name="Chọn câu này").click()
    for phone in (first, second):
        expect(phone.page.get_by_role("textbox", name="Nội dung")).to_have_value(
            "Nắp cống bị vỡ, rất nguy hiểm.", timeout=30_000
        )
    first.go(draft + "/sender")
    expect(first.page.get_by_label("Không nêu tên")).to_be_checked()

    for phone in (first, second):
        everything_sent(phone.page)
    name = f"draft/{draft.split('/')[2]}"
    with service.opened() as store, store.read() as look:
        state = look.get("draft", name.split("/")[1])
    assert state is not None
    assert digests(first.page)[name] == digests(second.page)[name] == record.digest(state)
    assert digests(first.page) == digests(second.page)


def open_matter(phone: Any) -> Page:
    """Open the page with the matter from the task list."""
    page: Page = phone.page
    page.get_by_role("link", name="Sự việc").click()
    expect(page.get_by_label("Nội dung")).to_be_visible()
    return page


def everything_sent(page: Page) -> None:
    """Wait until nothing waits to be sent."""
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
