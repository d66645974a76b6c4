"""The engines that the contract suite runs against."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from server.store import Store
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from tests.databases import ENGINES, NewDatabase

Open = Callable[[], Store]


@pytest.fixture(params=ENGINES)
def open_store(
    request: pytest.FixtureRequest, tmp_path: Path, moved: list[Mapping[str, int]], new_database: NewDatabase
) -> Iterator[Open]:
    """Open the same data again and again, as several processes would; all are closed in the end."""
    opened: list[Store] = []
    url = new_database() if request.param == "postgresql" else ""

    def open_one() -> Store:
        if url:
            opened.append(PostgresStore(url, tmp_path, moved=moved.append, blob_bytes=1000))
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
