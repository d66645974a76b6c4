"""A real browser against a real service, built as it is delivered."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from loadtests.service import Service
from setup.browser import shell
from tests.cities import DEMO
from tests.databases import CHOSEN
from tests.journeys.camera import Camera
from tests.journeys.phone import Phone

LEFT_OUT = [
    # What Playwright leaves out of a browser that it drives: a browser heeds the last list alone.
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    # The address bar's suggestions are pages that every window would load unseen: 2 s of processor time a phone.
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
ARGUMENTS = [
    f"--disable-features={','.join(LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
]
expect.set_options(timeout=15_000)  # as long as `Phone` waits for what it clicks on
PWA = os.environ.get("JOURNEYS_PWA")
"""The folder of a built app to look at, if not pwa/dist."""
NewPhone = Callable[..., Phone]
NewSeeingPhone = Callable[..., tuple[Phone, Camera]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shell(), args=ARGUMENTS)
        yield browser
        browser.close()


NewCity = Callable[..., Service]


@pytest.fixture
def new_city(
    engine: str, demos: Callable[[str], Service], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[NewCity]:
    """Make a service, not yet running, with a demo city of its own."""
    made: list[Service] = []

    def make(**settings: str) -> Service:
        demo = demos(engine)
        shutil.copytree(demo.data, tmp_path / "data")
        if engine == "postgresql":
            settings["database"] = request.getfixturevalue("cluster").create("city", template=DEMO)
        made.append(Service(tmp_path / "data", port=demo.port, **(({"pwa": PWA} if PWA else {}) | settings)))
        return made[-1]

    yield make
    for service in made:
        service.kill()


@pytest.fixture(scope="module")
def city_of_file(
    demos: Callable[[str], Service], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Service]:
    """A service that all tests of a file share, with a demo city in the engine that is chosen."""
    demo, folder = demos(CHOSEN or "sqlite"), tmp_path_factory.mktemp("city")
    settings = {"pwa": PWA} if PWA else {}
    if CHOSEN == "postgresql":
        settings["database"] = request.getfixturevalue("cluster").create("city_of_file", template=DEMO)
    service = Service(shutil.copytree(demo.data, folder / "data"), port=demo.port, **settings)
    yield service
    service.kill()
    if CHOSEN == "postgresql":
        request.getfixturevalue("cluster").drop("city_of_file")


@pytest.fixture
def shared_service(city_of_file: Service) -> Service:
    """That service, running: for tests whose people have nothing to do with each other. One of them may stop it."""
    if not city_of_file.answers():
        city_of_file.start()
    return city_of_file


@pytest.fixture
def service(new_city: NewCity) -> Service:
    """The service with its demo city, running."""
    service = new_city()
    service.start()
    return service


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


@pytest.fixture
def new_seeing_phone(browser: Browser, service: Service, tmp_path: Path) -> Iterator[NewSeeingPhone]:
    """Make phones with a camera, each in a browser of its own: a browser has one camera."""
    made: list[tuple[Phone, Camera, Browser]] = []

    def make(**options: object) -> tuple[Phone, Camera]:
        camera = Camera(tmp_path / f"camera-{len(made)}.y4m")
        own = browser.browser_type.launch(executable_path=shell(), args=[*ARGUMENTS, *camera.arguments])
        phone = Phone(own, service.origin, **options)  # type: ignore[arg-type]
        made.append((phone, camera, own))
        return phone, camera

    yield make
    errors = [error for phone, _, _ in made for error in phone.errors]
    for phone, camera, own in made:
        phone.close()
        own.close()
        camera.close()
    assert errors == []
