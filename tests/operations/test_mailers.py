"""Mailers of several machines, which share nothing but the database: one of them sends at a time."""

from __future__ import annotations

from pathlib import Path

import psycopg

from loadtests.crowd import now
from server.store.postgres import PostgresStore
from server.store.postgres.alone import DatabaseLock
from tests.databases import NewDatabase, needs_postgresql
from tests.posting import at_work, mailer_to, prove_one_each, queue_letters, sent
from tests.smtp_sink import sinking

LETTERS = 120
HOLDERS = (
    "SELECT pid FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE application_name = 'motcua mail' AND locktype = 'advisory' AND granted"
)
pytestmark = needs_postgresql


def test_one_holds_the_lock_and_the_next_has_it_when_its_session_ends(new_database: NewDatabase) -> None:
    url = new_database()
    first, second, other = DatabaseLock(url, "mail"), DatabaseLock(url, "mail"), DatabaseLock(url, "something else")
    assert not first.held()
    assert first.take()
    assert first.held()
    assert not second.take()
    assert other.take()
    first.leave()
    assert not first.held()
    with psycopg.connect(url, autocommit=True) as database:
        while database.execute(HOLDERS).fetchall():  # PostgreSQL ends a session after whoever has left it
            pass
    assert second.take()
    for each in (second, other):
        each.leave()


def test_whoever_lost_its_session_lost_the_lock(new_database: NewDatabase) -> None:
    url = new_database()
    first, second = DatabaseLock(url, "mail"), DatabaseLock(url, "mail")
    assert first.take()
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f"SELECT pg_terminate_backend(pid) FROM ({HOLDERS}) AS holder")
        while database.execute(HOLDERS).fetchall():
            pass
    assert second.take()
    assert not first.held()
    assert not first.take()
    second.leave()


def test_mailers_of_two_machines_send_each_letter_once(new_database: NewDatabase, tmp_path: Path) -> None:
    url = new_database()
    stores = [PostgresStore(url, tmp_path / machine) for machine in ("one", "two")]
    people = queue_letters(stores[0], LETTERS, now=now())
    with sinking() as sink, psycopg.connect(url, autocommit=True) as database:
        mailers = [mailer_to(sink, store, tmp_path, lock=DatabaseLock(url, "mail")) for store in stores]
        with at_work(*mailers):
            sink.wait(lambda: len(sink.received) >= LETTERS // 2)
            database.execute(f"SELECT pg_terminate_backend(pid) FROM ({HOLDERS}) AS holder")  # as if its line were cut
            sink.wait(lambda: sent(stores[0]) == LETTERS)
        prove_one_each(sink, people, doubles=1)
    for store in stores:
        store.close()
