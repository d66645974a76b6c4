"""Every screen, in both languages, light and dark, small and large: nothing that axe knows of is wrong with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import audit, feedback, staff
from tests.journeys.conftest import NewPhone
from tests.journeys.phone import Phone

pytestmark = pytest.mark.journey


class Walk:
    """Goes from screen to screen and collects what is wrong with each."""

    def __init__(self, phone: Phone, language: str) -> None:
        self.phone = phone
        self.language = language
        self.wrong: list[str] = []

    @property
    def page(self) -> Page:
        return self.phone.page

    def at(self, path: str, name: str) -> None:
        """Open a route and look at it."""
        self.phone.go(path)
        self.look(name)

    def look(self, name: str) -> None:
        """Look at what is on the screen once it has its heading."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.wrong += audit.problems(self.page, f"{name}-{self.language}")

    def speak(self, language: str) -> None:
        """Change the language of the app."""
        self.page.get_by_role("button", name={"en": "English", "vi": "Tiếng Việt"}[language]).click()
        self.language = language


def test_every_screen_is_accessible_in_both_languages(service: Service, new_phone: NewPhone) -> None:
    resident, officer, guard = (Walk(new_phone(), "vi") for _ in range(3))
    for path, name in (("/", "welcome"), ("/start", "start"), ("/procedures", "procedures"), ("/nowhere", "missing")):
        resident.at(path, name)
    resident.at("/procedures/birth-registration", "procedure")

    links = [line.split()[-1] for line in service.command("demo").splitlines() if "enrol#" in line]
    guard.at(links[1].removeprefix(service.origin), "enrol")
    feedback.enrol(guard.phone, links[1], "Phạm Văn Dũng")
    guard.look("guard-home")
    link = staff.link(service, "officer", "1022")
    feedback.enrol(officer.phone, link, "Trần Thị Bích")
    officer.look("officer-home")
    officer.at("/inbox", "inbox-empty")

    feedback.enrol(resident.phone, None, "Nguyễn Văn An")
    resident.look("home")
    page = feedback.begin(resident.phone)
    draft = page.url.removeprefix(service.origin)
    resident.look("draft")
    page.get_by_role("link", name="Sự việc").click()
    expect(page.get_by_label("Nội dung")).to_be_visible()
    resident.look("questions")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", name="Có chỗ cần sửa")).to_be_visible()
    resident.look("questions-wrong")
    resident.at(draft + "/review", "review-missing")
    for name, fill in (
        ("matter", feedback.fill_matter),
        ("place_time", feedback.fill_place),
        ("sender", feedback.fill_sender),
        ("promise", feedback.fill_declaration),
    ):
        resident.phone.go(f"{draft}/{name}")
        fill(page)
    resident.at(draft + "/review", "review")
    resident.phone.ready_offline()
    resident.phone.set_offline(True)
    feedback.sign(page)
    expect(page.get_by_text("Đã ký, chờ mạng để gửi").first).to_be_visible()
    resident.look("dossier-waiting")
    resident.at("/outbox", "outbox")
    resident.phone.set_offline(False)
    expect(page.get_by_test_id("status")).to_contain_text("Đã gửi lúc", timeout=30_000)
    resident.look("outbox-empty")
    resident.at("/dossiers", "dossiers")
    page.get_by_role("main").get_by_role("link", name=feedback.TITLE).click()
    code = page.get_by_test_id("dossier-code").inner_text()
    resident.look("dossier")
    resident.at("/account", "account")

    officer.at("/inbox", "inbox")
    officer.page.get_by_role("link", name=code).click()
    expect(officer.page.get_by_role("button", name="Ký tiếp nhận")).to_be_visible()
    officer.look("desk")
    officer.page.get_by_role("button", name="Ký tiếp nhận").click()
    expect(officer.page.get_by_role("heading", name="Đã tiếp nhận")).to_be_visible()
    officer.look("desk-acknowledged")

    for walk in (resident, officer):
        walk.speak("en")
    for path, name in (
        ("/", "home"),
        ("/procedures", "procedures"),
        ("/dossiers", "dossiers"),
        ("/account", "account"),
    ):
        resident.at(path, name)
    resident.at("/procedures/birth-registration", "procedure")
    officer.at("/inbox", "inbox")
    assert resident.wrong + officer.wrong + guard.wrong == []
