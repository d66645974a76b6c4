"""PostgreSQL's own way back to a moment, as docs/operations.md describes it, and the new epoch after it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loadtests.cluster import USER, Cluster
from server.backup.restoring import begin_anew
from server.opening import open_city
from server.store.postgres import PostgresStore
from tests.backup.conftest import log, put
from tests.databases import needs_postgresql


@pytest.fixture
def clusters() -> Iterator[list[Cluster]]:
    made: list[Cluster] = []
    yield made
    for cluster in made:
        cluster.close()


def archiving(clusters: list[Cluster]) -> tuple[Cluster, Path]:
    """Start a PostgreSQL that keeps its WAL in a folder, as the documentation says."""
    cluster = Cluster(archive_mode="on")
    clusters.append(cluster)
    wal = cluster.folder / "wal"
    wal.mkdir()
    owner = cluster.data.stat()
    os.chown(wal, owner.st_uid, owner.st_gid)
    with (cluster.data / "postgresql.auto.conf").open("a") as file:
        file.write(f"archive_command = 'test ! -f {wal}/%f && cp %p {wal}/.%f && mv {wal}/.%f {wal}/%f'\n")
    cluster.start()
    return cluster, wal


@needs_postgresql
def test_F5_postgresql_goes_back_to_a_moment_and_a_new_epoch_begins(clusters: list[Cluster], tmp_path: Path) -> None:
    cluster, wal = archiving(clusters)
    url = cluster.create("city")
    store = PostgresStore(url, tmp_path)
    put(store, "a", "before the base")
    base = cluster.folder / "base"
    cluster._run("pg_basebackup", "-D", str(base), "-h", str(cluster.folder), "-U", USER, "-c", "fast")
    put(store, "a", "before the moment")
    log(store, "phone-1", 1)
    epoch = store.epoch
    with psycopg.connect(url, autocommit=True) as connection:
        moment = connection.execute("SELECT clock_timestamp()").fetchone()
    put(store, "a", "after the moment")
    log(store, "phone-1", 2)
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert last is not None
    assert moment is not None
    deadline = time.monotonic() + 30
    while not (wal / last[0]).exists():
        assert time.monotonic() < deadline, "expected the WAL to be archived"
        time.sleep(0.05)
    cluster.kill()

    another = Cluster()
    clusters.append(another)
    shutil.rmtree(another.data)
    base.rename(another.data)
    with (another.data / "postgresql.auto.conf").open("a") as file:
        file.write(f"archive_command = ''\nrestore_command = 'cp {wal}/%f %p'\n")
        file.write(f"recovery_target_time = '{moment[0].isoformat()}'\nrecovery_target_action = 'promote'\n")
    signal = another.data / "recovery.signal"
    signal.touch()
    owner = another.data.stat()
    os.chown(signal, owner.st_uid, owner.st_gid)
    another.start()
    with psycopg.connect(another.url("city"), autocommit=True) as connection:
        while connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
            assert time.monotonic() < deadline + 30, "expected the recovery to end"
            time.sleep(0.05)
    city = open_city(another.url("city"), tmp_path)
    assert begin_anew(city, now=9).epoch != epoch
    city.close()
    restored = PostgresStore(another.url("city"), tmp_path)
    with restored.read() as look:
        assert (look.get("note", "a") or {})["text"].shown == "before the moment"
        last_batch = look.last_batch("phone-1")
    assert last_batch is not None
    assert last_batch.seq == 1
    assert restored.life.restored_at == 9
    log(restored, "phone-1", 2)  # and phones bring back the rest
    restored.close()
