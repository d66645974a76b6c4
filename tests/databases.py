"""Databases for tests: a PostgreSQL of each test process's own, where the machine has one."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from loadtests.cluster import Cluster
from setup.postgres import MISSING, installed

NewDatabase = Callable[[], str]
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


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Iterator[NewDatabase]:
    """Make empty databases, each with a URL for `MOTCUA_DATABASE`; the server starts when the first is asked for."""
    numbers, made = itertools.count(1), list[str]()

    def make() -> str:
        made.append(f"test_{next(numbers)}")
        url: str = request.getfixturevalue("cluster").create(made[-1])
        return url

    yield make
    for name in made:
        request.getfixturevalue("cluster").drop(name)
