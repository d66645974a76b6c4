"""Parts that tests share: a real application on a real store, in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from server import app, units
from server.auth import Parts
from server.config import Config
from server.features.forms import publish_catalogue
from server.live.bus import Bus
from server.store.sqlite import SqliteStore
from tests.databases import cluster, new_database
from tests.order import pytest_collection_modifyitems, pytest_xdist_auto_num_workers

__all__ = ["cluster", "new_database", "pytest_collection_modifyitems", "pytest_xdist_auto_num_workers"]

ORIGIN = "http://localhost:8000"
KEY = "k" * 32
FILE = "motcua.db"
BEGAN = 1_795_000_000_000
"""The test city's clock starts on 18 November 2026, in ms since 1970."""


@dataclass
class Clock:
    """A clock that moves when a test says so; each reading is 1 ms later than the one before."""

    at: int = BEGAN

    def __call__(self) -> int:
        self.at += 1
        return self.at

    def pass_(self, *, minutes: int) -> None:
        """Let time go by."""
        self.at += minutes * 60_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    pwa = tmp_path / "pwa"
    (pwa / "assets").mkdir(parents=True)
    (pwa / "index.html").write_text("<!doctype html><title>Một Cửa</title>")
    (pwa / "assets" / "app.js").write_text("export {}")
    return Config(data=tmp_path / "data", key=KEY, origins=(ORIGIN,), pwa=pwa, blob_bytes=100_000)


@pytest.fixture
def bus(config: Config) -> Iterator[Bus]:
    bus = Bus(config.data)
    yield bus
    bus.close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The database of a city with its units and procedures, and how far the clock went on meanwhile, in ms."""
    config = Config(data=tmp_path_factory.mktemp("founded"), key=KEY, origins=(ORIGIN,))
    store, clock = SqliteStore(config.data), Clock()
    parts = app.parts_of(config, store, clock)
    units.publish(store, units.DEMO, now=clock())
    for form in publish_catalogue(store, now=clock()):
        parts.issuers.ensure(form.unit)
    store.close()
    return config.data / FILE, clock.at - BEGAN


@pytest.fixture
def store(config: Config, bus: Bus, request: pytest.FixtureRequest) -> Iterator[SqliteStore]:
    """An empty store; one that holds the city where the test asks for `city`."""
    if "city" in request.fixturenames:
        shutil.copyfile(request.getfixturevalue("founded")[0], config.data / FILE)
    store = SqliteStore(config.data, moved=bus.publish, blob_bytes=config.blob_bytes)
    yield store
    store.close()


@pytest.fixture
def parts(config: Config, store: SqliteStore, clock: Clock) -> Parts:
    return app.parts_of(config, store, clock)


@pytest.fixture
def city(parts: Parts, founded: tuple[Path, int], clock: Clock) -> Parts:
    """A city with its units and procedures: a copy of one that was founded once, for that takes a while."""
    clock.at += founded[1]
    return parts


@pytest.fixture
def web(config: Config, store: SqliteStore, bus: Bus, clock: Clock) -> Flask:
    """The application itself; `web.test_client()` is one browser."""
    return app.create_app(config, store, bus, clock)
