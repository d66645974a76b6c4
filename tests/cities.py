"""Demo cities for tests that run a service: made once in a test process, and copied for each of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from loadtests.service import Service

DEMO = "demo"
"""The database of the demo city, where it is in PostgreSQL."""
NewDemo = Callable[..., Service]


@pytest.fixture(scope="session")
def demos(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Service]:
    """Return the demo city of an engine, which nobody serves: others are copies of it, at its origin."""

    @cache
    def demo(engine: str) -> Service:
        url = request.getfixturevalue("cluster").create(DEMO) if engine == "postgresql" else ""
        service = Service(tmp_path_factory.mktemp("demo") / "data", database=url)
        service.command("demo")
        return service

    return demo


@pytest.fixture(scope="session")
def new_demo(demos: Callable[[str], Service]) -> NewDemo:
    """Make a service, not yet running, with a demo city in a folder, or in a database that is empty.

    All that are in folders have one port: of these one at a time can run.
    """

    def make(data: Path, *, database: str = "", **settings: object) -> Service:
        if database:
            service = Service(data, database=database, **settings)  # type: ignore[arg-type]
            service.command("demo")
            return service
        demo = demos("sqlite")
        shutil.copytree(demo.data, data, dirs_exist_ok=True)
        return Service(data, port=demo.port, **settings)  # type: ignore[arg-type]

    return make
