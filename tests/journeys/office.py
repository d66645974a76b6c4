"""An officer at the screens of the office, each of which is looked at by axe."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import audit, feedback, staff
from tests.journeys.phone import Phone

UNIT = "ben-thanh"


@dataclass
class Looks:
    """What is wrong with the screens that were looked at."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def at(self, name: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.wrong += audit.problems(self.page, name)


def officer_at(phone: Phone, service: Service, name: str = "Trần Thị Bích") -> Page:
    """Enrol an officer on this phone."""
    link = staff.link(service, "officer", UNIT)
    page = feedback.enrol(phone, link, name)
    page.get_by_role("navigation").get_by_role("link", name="Cuộc họp").click()
    return page
