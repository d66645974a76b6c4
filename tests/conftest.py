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
from server.live.live import Live
from server.opening import open_bus, open_city, open_store
from server.store import Store
from server.store.transfer import TABLES, Row
from tests import cities, databases, order

chosen_database, cluster, database = databases.chosen_database, databases.cluster, databases.database
engine, new_database, spare_databases = databases.engine, databases.new_database, databases.spare_databases
demos, new_demo = cities.demos, cities.new_demo
pytest_generate_tests = databases.pytest_generate_tests
pytest_collection_modifyitems = order.pytest_collection_modifyitems
pytest_xdist_auto_num_workers = order.pytest_xdist_auto_num_workers

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
def config(tmp_path: Path, database: str) -> Config:
    pwa = tmp_path / "pwa"
    (pwa / "assets").mkdir(parents=True)
    (pwa / "index.html").write_text("<!doctype html><title>Một Cửa</title>")
    (pwa / "assets" / "app.js").write_text("export {}")
    data = tmp_path / "data"
    return Config(data=data, database=database, key=KEY, origins=(ORIGIN,), pwa=pwa, blob_bytes=100_000)


@pytest.fixture
def bus(config: Config) -> Iterator[Live]:
    bus = open_bus(config)
    yield bus
    bus.close()


def found(parts: Parts) -> None:
    """Give a city its units and procedures."""
    units.publish(parts.store, units.DEMO, now=parts.now())
    for form in publish_catalogue(parts.store, now=parts.now()):
        parts.issuers.ensure(form.unit)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The database of a city with its units and procedures, and how far the clock went on meanwhile, in ms."""
    config = Config(data=tmp_path_factory.mktemp("founded"), key=KEY, origins=(ORIGIN,))
    store, clock = open_store(config), Clock()
    found(app.parts_of(config, store, clock))
    store.close()
    return config.data / FILE, clock.at - BEGAN


@pytest.fixture(scope="session")
def founded_rows(founded: tuple[Path, int]) -> dict[str, list[Row]]:
    """The rows of that database, by table, for other engines."""
    city = open_city("", founded[0].parent)
    with city.snapshot() as look:
        rows = {table: list(look.rows(table, moved=False)) for table in TABLES}
    city.close()
    return rows


@pytest.fixture
def store(config: Config, bus: Live, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store; one that holds the city where the test asks for `city`."""
    if "city" in request.fixturenames:
        _lay_out(config, request)
    store = open_store(config, moved=bus.publish)
    yield store
    store.close()


def _lay_out(config: Config, request: pytest.FixtureRequest) -> None:
    """Copy the city that was founded into a database with nothing in it."""
    if not config.database:
        shutil.copyfile(request.getfixturevalue("founded")[0], config.data / FILE)
        return
    city = open_city(config.database, config.data)
    with city.filling() as filling:
        for table, rows in request.getfixturevalue("founded_rows").items():
            filling.take(table, rows, fresh=True)
    city.close()


@pytest.fixture
def parts(config: Config, store: Store, clock: Clock) -> Parts:
    return app.parts_of(config, store, clock)


@pytest.fixture
def city(parts: Parts, clock: Clock, founded: tuple[Path, int]) -> Parts:
    """A city with its units and procedures: a copy of one that was founded once, for that takes a while."""
    clock.at += founded[1]
    return parts


@pytest.fixture
def web(config: Config, store: Store, bus: Live, clock: Clock) -> Flask:
    """The application itself; `web.test_client()` is one browser."""
    return app.create_app(config, store, bus, clock)
