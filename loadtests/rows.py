"""Reads the tables of a store as they are, on either engine, and not through the server's code."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

Rows: TypeAlias = Callable[[str], Iterator[tuple[Any, ...]]]
"""Runs a SELECT that both engines understand, and yields its rows one by one."""
_AT_ONCE = 2_000


@contextmanager
def rows(data: Path, *, database: str = "") -> Iterator[Rows]:
    """Open the store of the folder `data`, or of a PostgreSQL's URL, as it is at this moment."""
    with _postgresql(database) if database else _sqlite(data) as read:
        yield read


@contextmanager
def _sqlite(data: Path) -> Iterator[Rows]:
    with closing(sqlite3.connect(f"file:{data / 'motcua.db'}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        yield lambda query: iter(connection.execute(query))


@contextmanager
def _postgresql(database: str) -> Iterator[Rows]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():

            def read(query: str) -> Iterator[tuple[Any, ...]]:
                # A cursor with a name stays on the server: the tables need not fit into memory.
                with connection.cursor(name="rows") as cursor:
                    cursor.itersize = _AT_ONCE
                    yield from cursor.execute(query.encode())

            yield read
