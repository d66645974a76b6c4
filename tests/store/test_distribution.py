"""The tables of PostgreSQL can be spread over machines: each key has the column that Citus would spread a table by."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from server.store.postgres.schema import DISTRIBUTION, migrate
from tests.databases import NewDatabase, needs_postgresql

_LOCAL = {"meta", "migrations", "journal"}
"""Small, or of one machine: they stay on the coordinator."""
_KEYS = """
SELECT c.relname, i.indisprimary, array_agg(a.attname::text ORDER BY k.place)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace GROUP BY i.indexrelid, c.relname, i.indisprimary
"""


@pytest.fixture
def connection(new_database: NewDatabase) -> psycopg.Connection:
    connection = psycopg.connect(new_database(), autocommit=True)
    migrate(connection)
    return connection


@needs_postgresql
def test_every_table_is_spread_by_a_column_or_stays_where_it_is(connection: psycopg.Connection) -> None:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {name for (name,) in rows} == DISTRIBUTION.keys() | _LOCAL


@needs_postgresql
def test_primary_keys_are_led_by_it_and_no_other_key_lacks_it(connection: psycopg.Connection) -> None:
    keys = [row for row in connection.execute(_KEYS).fetchall() if row[0] in DISTRIBUTION]
    assert all(DISTRIBUTION[table] in columns for table, _, columns in keys), keys
    assert {table: columns[0] for table, primary, columns in keys if primary} == DISTRIBUTION
    foreign = connection.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").fetchone()
    assert foreign == (0,)


def test_the_document_says_by_which_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "spreading.md").read_text()
    assert dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", text, re.M)) == DISTRIBUTION
