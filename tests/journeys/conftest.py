"""A real browser against a real service, built as it is delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from loadtests.service import Service
from setup.browser import installed
from tests.journeys.phone import Phone

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
]
NewPhone = Callable[..., Phone]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service with its demo city, running."""
    service = Service(tmp_path / "data")
    service.command("demo")
    service.start()
    yield service
    service.kill()


@pytest.fixture
def new_phone(browser: Browser, service: Service) -> Iterator[NewPhone]:
    """Make phones; in the end each is put away, and none may have seen an error of script."""
    phones: list[Phone] = []

    def make(**options: object) -> Phone:
        phones.append(Phone(browser, service.origin, **options))  # type: ignore[arg-type]
        return phones[-1]

    yield make
    errors = [error for phone in phones for error in phone.errors]
    for phone in phones:
        phone.close()
    assert errors == []
