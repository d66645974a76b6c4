"""Taking a backup of either engine, and making a city of either engine from it."""

from __future__ import annotations

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from server.backup import BackupError
from server.backup.archive import Archive
from server.backup.restoring import begin_anew, restore
from server.backup.taking import Taken, take
from server.store.transfer import LEAP
from tests.backup.conftest import NewPlace, Place, inhabit, keep_blob, log, put
from tests.databases import ENGINES

WAYS = [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]


class Clock:
    """Gives 1000, 2000, ..."""

    now = 0

    def __call__(self) -> int:
        self.now += 1000
        return self.now


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "backup", make=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def back_up(place: Place, archive: Archive, clock: Clock, *, full: bool = False) -> Taken:
    return take(place.city(), place.blobs, archive, now=clock, full=full)


def restored(new_place: NewPlace, engine: str, archive: Archive, at: int | None = None) -> Place:
    place = new_place(engine)
    restore(archive, place.city(), place.blobs, now=77, at=at)
    return place


def but_new_life(place: Place) -> dict[str, object]:
    """Return the digests without what a restore changes on purpose."""
    return {name: each for name, each in place.digests().items() if name not in ("tickets", "numbers")}


@pytest.mark.parametrize(("engine", "other"), WAYS)
def test_B7_a_city_comes_back_from_its_backup_in_either_engine(
    engine: str, other: str, new_place: NewPlace, archive: Archive, clock: Clock
) -> None:
    place = new_place(engine)
    store = place.store()
    sha256 = inhabit(store)
    taken = back_up(place, archive, clock)
    assert taken.part is not None
    assert taken.part.whole
    put(store, "b", "bốn", feeds=("person/1",))  # it leaves one feed and enters another
    put(store, "d", "năm")
    log(store, "phone-1", 3)
    second = keep_blob(store, b"another photo")
    taken = back_up(place, archive, clock)
    assert taken.part is not None
    assert not taken.part.whole
    assert taken.part.rows == {"records": 2, "batches": 1, "blob_feeds": 1}
    back = restored(new_place, other, archive)
    assert but_new_life(back) == but_new_life(place)
    again = back.store()
    assert (again.blobs.read(sha256), again.blobs.read(second)) == (b"photo", b"another photo")
    with again.read() as look, store.read() as before:
        assert look.find("note", "text", "bốn") == before.find("note", "text", "bốn") != []
        assert look.find("note", "text", "hai") == []
        assert look.feeds_of("note", "b") == {"person/1"}
    put(again, "e", "sáu")  # and life goes on
    put(again, "b", "bảy")
    with again.read() as look:
        assert look.heights(["public"]) == {"public": 7}


@pytest.mark.parametrize("engine", ENGINES)
def test_F5_a_restored_city_has_a_new_epoch_and_gives_nothing_out_twice(
    engine: str, new_place: NewPlace, archive: Archive, clock: Clock
) -> None:
    place = new_place(engine)
    store = place.store()
    inhabit(store)
    back_up(place, archive, clock)
    again = restored(new_place, engine, archive).store()
    assert again.epoch != store.epoch
    assert (store.life.restored_at, again.life.restored_at) == (0, 77)
    assert again.write(lambda transaction: transaction.next_number("1022-261125")) == LEAP + 2
    with again.read() as look:
        assert look.ticket("session", "s", now=1) == "{}"
        assert look.ticket("link", "l", now=1) is None  # it may have been used since
        assert look.backed_up("phone-1") == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_F5_data_that_was_put_back_by_other_means_begins_a_new_epoch(
    engine: str, new_place: NewPlace, archive: Archive, clock: Clock
) -> None:
    place = new_place(engine)
    store = place.store()
    inhabit(store)
    back_up(place, archive, clock)
    life = begin_anew(place.city(), now=5)
    again = place.store()
    assert again.life == life
    assert life.epoch != store.epoch
    log(again, "phone-1", 3)
    taken = back_up(place, archive, clock)
    assert taken.part is not None
    assert taken.part.whole


@pytest.mark.parametrize("engine", ENGINES)
def test_B7_only_what_is_in_a_finished_backup_is_said_to_be(
    engine: str, new_place: NewPlace, archive: Archive, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = new_place(engine)
    store = place.store()

    def backed_up(device: str = "phone-1") -> int:
        with store.read() as look:
            return look.backed_up(device)

    log(store, "phone-1", 1)
    assert backed_up() == 0
    back_up(place, archive, clock)
    assert (backed_up(), backed_up("phone-2")) == (1, 0)
    log(store, "phone-1", 2)
    log(store, "phone-1", 3)
    log(store, "phone-2", 1)
    assert (backed_up(), backed_up("phone-2")) == (1, 0)
    with monkeypatch.context() as patched, pytest.raises(OSError, match="full"):

        def full(*_: object, **__: object) -> None:
            raise OSError("the disk is full")

        patched.setattr(Archive, "add", full)
        back_up(place, archive, clock)
    assert backed_up() == 1
    back_up(place, archive, clock)
    assert (backed_up(), backed_up("phone-2")) == (3, 1)
    place.city().unfollow()
    assert backed_up() == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_city_comes_back_as_it_was_at_a_moment(
    engine: str, new_place: NewPlace, archive: Archive, clock: Clock
) -> None:
    place = new_place(engine)
    store = place.store()
    was = {}
    for value in ("một", "hai", "ba"):
        put(store, "a", value)
        put(store, value, value)
        back_up(place, archive, clock)
        was[clock.now] = place.digests()
    back_up(place, archive, clock)
    assert len(archive.parts()) == 3  # the last time nothing had moved
    for at, digests in was.items():
        assert restored(new_place, engine, archive, at).digests() == digests
        assert restored(new_place, engine, archive, at + 999).digests() == digests
    with pytest.raises(BackupError, match="before that time"):
        restored(new_place, engine, archive, 999)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_that_was_taken_among_writers_is_of_one_moment_and_misses_nothing(
    engine: str, new_place: NewPlace, archive: Archive, clock: Clock
) -> None:
    place = new_place(engine)
    stores = [place.store() for _ in range(3)]
    stop = threading.Event()
    written = [0] * 3

    def write(which: int) -> None:
        while not stop.is_set():
            written[which] += 1
            put(stores[which], f"{which}-{written[which] % 7}", str(written[which]), feeds=("public", f"own/{which}"))
            log(stores[which], f"phone-{which}", written[which])

    threads = [threading.Thread(target=write, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(6):
            before = min(written)
            back_up(place, archive, clock)
            while min(written) < before + 5:
                stop.wait(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for part in archive.parts():
        back = restored(new_place, engine, archive, part.at)
        with back.city().snapshot() as look:
            chains = dict(look.rows("chains", moved=False))
            assert sum(chains.values()) == sum(1 for _ in look.rows("batches", moved=False))  # no gap in any chain
            entries = [json.loads(row[4]) for row in look.rows("records", moved=False)]
            heights = dict(look.rows("feeds", moved=False))
            for which in range(3):  # each writer logs a batch after it wrote its record
                assert heights.get(f"own/{which}", 0) - chains.get(f"phone-{which}", 0) in (0, 1)
            assert all(feeds["public"] <= heights["public"] for feeds in entries)
        back.close()
    back_up(place, archive, clock)
    assert restored(new_place, engine, archive).digests() == place.digests()


def test_a_backup_of_another_folder_or_after_a_lost_part_is_whole_again(
    new_place: NewPlace, archive: Archive, clock: Clock, tmp_path: Path
) -> None:
    place = new_place("sqlite")
    store = place.store()
    put(store, "a", "một")
    back_up(place, archive, clock)
    other = Archive(tmp_path / "other", make=True)
    put(store, "a", "hai")
    for each in (other, archive):
        taken = back_up(place, each, clock)
        assert taken.part is not None
        assert taken.part.whole
    put(store, "a", "ba")
    last = back_up(place, archive, clock).part
    assert last is not None
    (archive.folder / f"{last.name}.json").unlink()
    put(store, "a", "bốn")
    taken = back_up(place, archive, clock)
    assert taken.part is not None
    assert taken.part.whole


def test_what_is_not_whole_is_not_restored(new_place: NewPlace, archive: Archive, clock: Clock) -> None:
    place = new_place("sqlite")
    store = place.store()
    inhabit(store)
    back_up(place, archive, clock)
    for value in ("x", "y"):
        put(store, "a", value)
        back_up(place, archive, clock)
    with pytest.raises(BackupError, match="not empty"):
        restore(archive, place.city(), place.blobs, now=1)
    _, middle, _ = archive.parts()
    file = archive.folder / f"{middle.name}.rows.gz"
    data = file.read_bytes()
    file.write_bytes(data[:-9])
    with pytest.raises(BackupError, match="SHA-256"):
        restored(new_place, "sqlite", archive)
    file.write_bytes(data)
    manifest = archive.folder / f"{middle.name}.json"
    kept = manifest.read_text()
    manifest.unlink()
    with pytest.raises(BackupError, match="missing"):
        restored(new_place, "sqlite", archive)
    manifest.write_text(kept)
    (blob,) = archive.blobs.glob("*/*")
    blob.unlink()
    blob.write_bytes(b"phot0")
    back = new_place("sqlite")
    with pytest.raises(BackupError, match="SHA-256"):
        restore(archive, back.city(), back.blobs, now=1)
    assert back.digests() == {}


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(BackupError, match="empty folder"):
        Archive(tmp_path, make=True)
    with pytest.raises(BackupError, match="no backup"):
        Archive(tmp_path / "none")


def test_rows_are_lines_of_json(new_place: NewPlace, archive: Archive, clock: Clock) -> None:
    place = new_place("sqlite")
    put(place.store(), "a", "một")
    part = back_up(place, archive, clock).part
    assert part is not None
    lines = gzip.decompress((archive.folder / f"{part.name}.rows.gz").read_bytes()).decode().splitlines()
    assert [json.loads(line)[:3] for line in lines] == [["records", "note", "a"]]


@pytest.mark.parametrize("table", ["records", "batches", "numbers", "blob_feeds", "tickets"])
@pytest.mark.parametrize("change", ["follow", "unfollow"])
def test_a_journal_begins_and_ends_beside_a_commit_in_whatever_order_it_writes(
    change: str, table: str, new_place: NewPlace
) -> None:
    place = new_place("postgresql")
    place.city().follow()
    city = place.city()
    with psycopg.connect(place.url) as commit, ThreadPoolExecutor(1) as beside:
        commit.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        changing = beside.submit(getattr(city, change))
        wait_for_a_lock(place.url)
        commit.execute("LOCK TABLE batches, blob_feeds, numbers, records, tickets IN ROW EXCLUSIVE MODE")
        commit.commit()
        changing.result(timeout=20)


def wait_for_a_lock(url: str) -> None:
    """Return when somebody waits for a table of this database."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    deadline = time.monotonic() + 20
    with psycopg.connect(url, autocommit=True) as look:
        while look.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody waited"
            time.sleep(0.01)
