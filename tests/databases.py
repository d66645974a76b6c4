"""Databases for tests: a PostgreSQL of each test process's own, where the machine has one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Final

import psycopg
import pytest
from psycopg import sql

from loadtests.cluster import Cluster
from setup.postgres import MISSING, installed

NewDatabase = Callable[[], str]
_NUMBERS: Final = itertools.count(1)
CHOSEN: Final = os.environ.get("TEST_ENGINE", "")
"""The one engine that all tests run with, `sqlite` or `postgresql`; by default it is SQLite, and for those that are
marked `both_engines` the one and the other."""
needs_postgresql: Final = pytest.mark.skipif(installed() is None, reason=MISSING)
ENGINES: Final = ("sqlite", pytest.param("postgresql", marks=needs_postgresql))
"""The engines that a test may be run with: `@pytest.mark.parametrize("engine", ENGINES)`."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL for tests that never stop it: it forces nothing to the disk."""
    if installed() is None:
        pytest.skip(MISSING)
    cluster = Cluster(durable=False)
    cluster.start()
    yield cluster
    cluster.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked `both_engines` with each."""
    if metafunc.definition.get_closest_marker("both_engines") and "engine" in metafunc.fixturenames and not CHOSEN:
        metafunc.parametrize("engine", ENGINES)


@pytest.fixture
def engine() -> str:
    """The engine that this test runs with."""
    return CHOSEN or "sqlite"


@pytest.fixture
def database(engine: str, new_database: NewDatabase) -> str:
    """What MOTCUA_DATABASE says in this test: the URL of an empty database, or nothing for SQLite."""
    return new_database() if engine == "postgresql" else ""


@pytest.fixture(scope="session")
def chosen_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Make what `database` is of for services that several tests share, which run with the chosen engine."""
    if CHOSEN != "postgresql":
        return lambda: ""
    cluster: Cluster = request.getfixturevalue("cluster")
    return lambda: cluster.create(f"shared_{next(_NUMBERS)}")


@pytest.fixture(scope="session")
def spare_databases() -> list[str]:
    """Databases that tests have left, by URL: emptying one is ten times faster than making one."""
    return []


@pytest.fixture
def new_database(request: pytest.FixtureRequest, spare_databases: list[str]) -> Iterator[NewDatabase]:
    """Make empty databases, each with a URL for `MOTCUA_DATABASE`; the server starts when the first is asked for."""
    made: list[str] = []

    def make() -> str:
        cluster: Cluster = request.getfixturevalue("cluster")
        made.append(spare_databases.pop() if spare_databases else cluster.create(f"test_{next(_NUMBERS)}"))
        return made[-1]

    yield make
    for url in made:
        _empty(url)
    spare_databases += made


def _empty(url: str) -> None:
    """Leave nothing in a database, whoever is connected to it."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        connection.execute(f"{others} WHERE datname = current_database() AND pid != pg_backend_pid()")
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(name))
