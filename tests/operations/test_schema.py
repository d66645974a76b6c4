"""An upgrade: code of the version before goes on while newer code has changed the tables, and says when it can't."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from server.config import ConfigError
from server.store import Logged, Store, Transaction
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from sync import record
from tests.databases import ENGINES, NewDatabase

ADDED = (
    "ALTER TABLE records ADD COLUMN added text",
    "ALTER TABLE batches ADD COLUMN added text",
    "ALTER TABLE feeds ADD COLUMN added text",
    "ALTER TABLE entries ADD COLUMN added text",
    "CREATE TABLE added (id text PRIMARY KEY)",
)
"""What a migration of a newer version may do."""


class Tables:
    """A database, and what newer code does to it beside a store that is open."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url
        self._opened: list[Store] = []

    def open(self) -> Store:
        self._opened.append(PostgresStore(self._url, self._folder) if self._url else SqliteStore(self._folder))
        return self._opened[-1]

    def run(self, *statements: str) -> None:
        if self._url:
            with psycopg.connect(self._url, autocommit=True) as database:
                for statement in statements:
                    database.execute(statement)  # type: ignore[call-overload]
        else:
            database = sqlite3.connect(self._folder / "motcua.db", isolation_level=None)
            for statement in statements:
                database.execute(statement)
            database.close()

    def close(self) -> None:
        for store in self._opened:
            store.close()


@pytest.fixture(params=ENGINES)
def tables(request: pytest.FixtureRequest, tmp_path: Path, new_database: NewDatabase) -> Iterator[Tables]:
    tables = Tables(tmp_path, new_database() if request.param == "postgresql" else "")
    yield tables
    tables.close()


def writing(number: int) -> Callable[[Transaction], None]:
    def job(transaction: Transaction) -> None:
        last = transaction.last_batch("device")
        assert (0 if last is None else last.seq) == number - 1
        state = record.written({}, {"n": number}, replica="server", at=number)
        transaction.put("thing", f"id{number}", state, feeds=frozenset({"public"}), indexed={"n": str(number)})
        transaction.log_batch("device", Logged(seq=number, hash=f"h{number}", jws="jws", answer="{}"))
        transaction.next_number("series")

    return job


def read_all(store: Store, count: int) -> None:
    with store.read() as look:
        assert [entry.id for entry in look.page("public", after=0, limit=100, size=10**6)] == [
            f"id{number}" for number in range(1, count + 1)
        ]
        assert look.find("thing", "n", str(count))[0][0] == f"id{count}"


def test_code_of_the_version_before_goes_on_while_newer_code_adds_to_the_tables(tables: Tables) -> None:
    store = tables.open()
    for number in range(1, 11):  # as often as a driver needs to prepare its statements
        store.write(writing(number))
        read_all(store, number)
    tables.run(*ADDED)
    for number in range(11, 16):
        store.write(writing(number))
        read_all(store, number)
    again = tables.open()
    again.write(writing(16))
    read_all(store, 16)


def test_code_that_is_too_old_for_the_tables_says_so_and_does_nothing(tables: Tables) -> None:
    store = tables.open()
    store.write(writing(1))
    tables.run("INSERT INTO meta VALUES ('generation', '2')")
    with pytest.raises(ConfigError, match="newer version: expected generation 1 of its tables or less, got 2"):
        _ = tables.open().epoch
