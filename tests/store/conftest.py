"""The engines that the contract suite runs against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from server.store import Store
from server.store.sqlite import SqliteStore

Open = Callable[[], Store]


@pytest.fixture(params=["sqlite", "postgresql"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path, moved: list[Mapping[str, int]]) -> Iterator[Open]:
    """Open the same data again and again, as several processes would; all are closed in the end."""
    opened: list[Store] = []

    import psycopg
    from server.store.postgres import PostgresStore

    if request.param == "postgresql":
        with psycopg.connect("host=/tmp port=5499 user=motcua dbname=postgres", autocommit=True) as c:
            c.execute("DROP DATABASE IF EXISTS t WITH (FORCE)")
            c.execute("CREATE DATABASE t")

    def open_one() -> Store:
        if request.param == "postgresql":
            opened.append(
                PostgresStore("host=/tmp port=5499 user=motcua dbname=t", tmp_path, moved=moved.append, blob_bytes=1000)
            )
        else:
            opened.append(SqliteStore(tmp_path, moved=moved.append, blob_bytes=1000))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def moved() -> list[Mapping[str, int]]:
    """Collect what the store says has moved."""
    return []


@pytest.fixture
def store(open_store: Open) -> Store:
    """Open a store."""
    return open_store()
