"""What every engine of `Store` must do."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import pytest

from server.errors import Problem
from server.store import Ahead, Logged, Reader, Store, Transaction, postgres
from server.store.commit import GroupCommit, Pending
from server.store.rows import SqliteTransaction
from sync import record
from sync.record import State
from tests.store.conftest import Open

HUGE = 10**9


def state(value: str, n: int = 1) -> State:
    written = record.write({}, kind="note", id="x", key="text", replica="server", value=value, at=n)
    return record.apply({}, written)


def put(store: Store, id: str, value: str = "a", *, feeds: tuple[str, ...] = ("public",)) -> None:
    store.write(lambda t: t.put("note", id, state(value), feeds=frozenset(feeds), indexed={"text": value}))


def seqs(store: Store, feed: str = "public", after: int = 0) -> list[tuple[int, str, bool]]:
    with store.read() as reader:
        return [(e.seq, e.id, e.text is None) for e in reader.page(feed, after=after, limit=HUGE, size=HUGE)]


def test_a_record_that_was_put_is_got_back_as_it_was(store: Store) -> None:
    put(store, "x", "Nguyễn Thị Ánh")
    with store.read() as reader:
        assert reader.get("note", "x") == state("Nguyễn Thị Ánh")
        assert reader.get("note", "y") is None
        assert reader.get("other", "x") is None


def test_a_transaction_reads_what_it_wrote(store: Store) -> None:
    def job(t: Transaction) -> State | None:
        t.put("note", "x", state("a"), feeds=frozenset())
        return t.get("note", "x")

    assert store.write(job) == state("a")


def test_F1_a_feed_numbers_its_entries_without_gaps_and_holds_a_record_once_at_its_latest(store: Store) -> None:
    for id in ("x", "y", "x", "z"):
        put(store, id)
    assert seqs(store) == [(2, "y", False), (3, "x", False), (4, "z", False)]
    with store.read() as reader:
        assert reader.heights(["public", "person/1"]) == {"public": 4, "person/1": 0}


def test_F3_a_page_starts_after_the_cursor_and_ends_at_its_limit(store: Store) -> None:
    for id in ("x", "y", "z"):
        put(store, id)
    with store.read() as reader:
        assert [e.id for e in reader.page("public", after=1, limit=1, size=HUGE)] == ["y"]
        assert [e.id for e in reader.page("public", after=0, limit=9, size=1)] == ["x"]


def test_F4_a_record_that_leaves_a_feed_leaves_a_gone_entry(store: Store) -> None:
    put(store, "x", feeds=("person/1", "person/2"))
    put(store, "x", feeds=("person/2",))
    assert seqs(store, "person/1") == [(2, "x", True)]
    assert seqs(store, "person/2") == [(2, "x", False)]
    with store.read() as reader:
        assert reader.feeds_of("note", "x") == {"person/2"}


def test_F4_a_record_that_comes_back_is_an_entry_again(store: Store) -> None:
    put(store, "x", feeds=("person/1",))
    put(store, "x", feeds=())
    put(store, "x", feeds=("person/1",))
    assert seqs(store, "person/1") == [(3, "x", False)]


def test_an_entry_carries_canonical_text_and_digest(store: Store) -> None:
    put(store, "x", "é")
    with store.read() as reader:
        (entry,) = reader.page("public", after=0, limit=1, size=HUGE)
    assert entry.text == record.encode(state("é")).decode()
    assert entry.digest == record.digest(state("é"))


def test_find_looks_at_the_latest_indexed_values(store: Store) -> None:
    put(store, "x", "a")
    put(store, "y", "a")
    put(store, "x", "b")
    with store.read() as reader:
        assert [id for id, _ in reader.find("note", "text", "a")] == ["y"]
        assert [id for id, _ in reader.find("note", "text", "b")] == ["x"]
        assert reader.find("note", "text", "c") == []


def test_B4_a_job_that_raises_leaves_nothing_and_the_others_of_its_commit_stay(
    store: Store, moved: list[object]
) -> None:
    gate = threading.Barrier(9)

    def work(number: int) -> None:
        def job(t: Transaction) -> None:
            t.put("note", f"n{number}", state("a"), feeds=frozenset({"public"}))
            if number % 2:
                raise Problem("bad_request")

        gate.wait()
        try:
            store.write(job)
        except Problem:
            assert number % 2

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    gate.wait()
    for thread in threads:
        thread.join()
    entries = seqs(store)
    assert sorted(id for _, id, _ in entries) == ["n0", "n2", "n4", "n6"]
    assert [seq for seq, _, _ in entries] == [1, 2, 3, 4]


def test_a_job_sees_nothing_of_the_request_that_carries_it_out(store: Store) -> None:
    whose = ContextVar("whose", default="nobody's")
    whose.set("the leader's")
    assert store.write(lambda _: whose.get()) == "nobody's"


def test_moved_feeds_are_told_after_the_commit(store: Store, moved: list[Mapping[str, int]]) -> None:
    put(store, "x", feeds=("public", "person/1"))
    put(store, "y", feeds=("public",))
    assert moved == [{"public": 1, "person/1": 1}, {"public": 2}]


def test_nothing_is_told_of_a_job_that_was_rolled_back(store: Store, moved: list[Mapping[str, int]]) -> None:
    def job(t: Transaction) -> None:
        t.put("note", "x", state("a"), feeds=frozenset({"public"}))
        raise Problem("bad_request")

    with pytest.raises(Problem):
        store.write(job)
    assert moved == []


def test_G4_many_writers_in_two_stores_leave_no_gap(open_store: Open) -> None:
    stores = [open_store(), open_store()]

    def work(number: int) -> None:
        for index in range(25):
            put(stores[number % 2], f"n{number}-{index}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [seq for seq, _, _ in seqs(stores[0])] == list(range(1, 151))


def test_F2_a_reader_who_sees_a_number_sees_every_entry_up_to_it(open_store: Open) -> None:
    writing, reading = open_store(), open_store()
    done = threading.Event()

    def work() -> None:
        for index in range(150):
            put(writing, f"n{index}")
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.is_set():
        with reading.read() as reader:
            height = reader.heights(["public"])["public"]
        assert [seq for seq, _, _ in seqs(reading)][:height] == list(range(1, height + 1))
    thread.join()


def test_B2_a_chain_keeps_the_exact_bytes(store: Store) -> None:
    first, second = Logged(1, "h1", "a.b.c", "{}"), Logged(2, "h2", "d.e.f", "{}")
    store.write(lambda t: t.log_batch("device", first))
    store.write(lambda t: t.log_batch("device", second))
    with store.read() as reader:
        assert reader.batch("device", 1) == first
        assert reader.last_batch("device") == second
        assert reader.last_batch("other") is None
        assert reader.batch("device", 3) is None


def test_a_ticket_is_used_once_and_only_for_its_purpose_and_in_time(store: Store) -> None:
    store.write(lambda t: t.add_ticket("link", "secret", "value", expires=100))
    with store.read() as reader:
        assert reader.ticket("link", "secret", now=99) == "value"
        assert reader.ticket("link", "secret", now=100) is None
        assert reader.ticket("session", "secret", now=99) is None
    assert store.write(lambda t: t.take_ticket("link", "other", now=1)) is None
    assert store.write(lambda t: t.take_ticket("link", "secret", now=1)) == "value"
    assert store.write(lambda t: t.take_ticket("link", "secret", now=1)) is None


def test_an_expired_ticket_is_not_taken(store: Store) -> None:
    store.write(lambda t: t.add_ticket("link", "secret", "value", expires=100))
    assert store.write(lambda t: t.take_ticket("link", "secret", now=100)) is None


def test_each_series_counts_for_itself(store: Store) -> None:
    counts = [store.write(lambda t, s=series: t.next_number(s)) for series in ("a", "a", "b", "a")]
    assert counts == [1, 2, 1, 3]


def test_the_epoch_stays_with_the_data(open_store: Open) -> None:
    assert open_store().epoch == open_store().epoch


def test_what_was_committed_is_there_when_the_data_is_opened_again(open_store: Open) -> None:
    first = open_store()
    put(first, "x")
    second = open_store()
    assert seqs(second) == [(1, "x", False)]


BYTES = bytes(range(256))
NAME = hashlib.sha256(BYTES).hexdigest()


def test_A1_a_blob_is_whole_when_all_bytes_came_in_order(store: Store) -> None:
    blobs = store.blobs
    assert (blobs.part(NAME, sender="a"), blobs.size(NAME)) == (0, None)
    assert not blobs.append(NAME, BYTES[:100], sender="a", offset=0, length=256)
    assert (blobs.part(NAME, sender="a"), blobs.size(NAME)) == (100, None)
    assert blobs.append(NAME, BYTES[100:], sender="a", offset=100, length=256)
    assert blobs.read(NAME) == BYTES
    assert blobs.size(NAME) == 256
    with store.read() as reader:
        assert reader.blob_size(NAME) == 256


def test_A1_a_wrong_offset_says_where_to_go_on(store: Store) -> None:
    store.blobs.append(NAME, BYTES[:100], sender="a", offset=0, length=256)
    with pytest.raises(Problem) as caught:
        store.blobs.append(NAME, BYTES[50:], sender="a", offset=50, length=256)
    assert (caught.value.code, caught.value.fields["offset"]) == ("blob_offset", 100)


def test_A1_bytes_that_hash_to_another_name_are_thrown_away(store: Store) -> None:
    with pytest.raises(Problem) as caught:
        store.blobs.append(NAME, BYTES[::-1], sender="a", offset=0, length=256)
    assert caught.value.code == "blob_hash"
    assert store.blobs.part(NAME, sender="a") == 0


def test_A1_one_sender_cannot_spoil_the_part_of_another(store: Store) -> None:
    store.blobs.append(NAME, b"spoilt", sender="mallory", offset=0, length=256)
    assert store.blobs.append(NAME, BYTES, sender="a", offset=0, length=256)


@pytest.mark.parametrize(("offset", "length"), [(0, 2000), (0, 100), (0, 0)])
def test_A1_a_blob_past_the_limit_or_past_its_length_is_refused(store: Store, offset: int, length: int) -> None:
    with pytest.raises(Problem) as caught:
        store.blobs.append(NAME, BYTES, sender="a", offset=offset, length=length)
    assert caught.value.code == "blob_size"


def test_a_blob_is_shared_with_feeds(store: Store) -> None:
    store.write(lambda t: t.share_blob(NAME, frozenset({"person/1", "unit/u"})))
    with store.read() as reader:
        assert reader.blob_feeds(NAME) == {"person/1", "unit/u"}


def test_a_blob_that_is_sent_whole_by_another_too_stays_as_it_was(store: Store) -> None:
    for sender in ("a", "b"):
        assert store.blobs.append(NAME, BYTES, sender=sender, offset=0, length=256)
    assert store.blobs.read(NAME) == BYTES


def test_a_commit_that_fails_in_an_unforeseen_way_leaves_nothing_for_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("unforeseen")

    put(store, "x")
    with monkeypatch.context() as patch:
        patch.setattr(SqliteTransaction, "flush", fail)
        patch.setattr(postgres, "flush", fail)
        with pytest.raises(OSError, match="unforeseen"):
            put(store, "y")
    put(store, "z")
    assert seqs(store) == [(1, "x", False), (2, "z", False)]


def test_a_commit_that_fails_in_an_unforeseen_way_says_so_to_everyone_who_waited() -> None:
    def fail(jobs: Sequence[Pending[Any]]) -> None:
        raise OSError("the lock's file is gone")

    commit, errors = GroupCommit(fail), []

    def work() -> None:
        try:
            commit.submit(lambda _: None)
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 8


def test_find_goes_on_after_an_id_and_count_tells_how_many_there_are(store: Store) -> None:
    for id in ("x", "y", "z"):
        put(store, id, "a")
    put(store, "y", "b")
    with store.read() as reader:
        assert [id for id, _ in reader.find("note", "text", "a", after="x")] == ["z"]
        assert [reader.count("note", "text", value) for value in "abc"] == [2, 1, 0]


def test_what_waits_for_the_end_of_a_transaction_runs_once_with_all_that_was_given(store: Store) -> None:
    written: list[tuple[str, list[int]]] = []

    def job(t: Transaction) -> int:
        for number in range(3):
            t.at_end("numbers", number, lambda _, every: written.append(("numbers", list(every))))
        t.at_end("more", 7, lambda t, every: t.at_end("last", 8, lambda _, every: written.append(("last", [*every]))))
        assert written == []
        return 1

    assert store.write(job) == 1
    assert written == [("numbers", [0, 1, 2]), ("last", [8])]


def test_what_waits_for_the_end_of_a_transaction_that_fails_never_runs_and_may_fail_it(
    store: Store, moved: list[object]
) -> None:
    def failing(t: Transaction) -> None:
        t.at_end("numbers", 1, lambda t, _: t.put("note", "x", state("a"), feeds=frozenset({"public"})))
        raise Problem("bad_request")

    def ending_badly(t: Transaction) -> None:
        def end(_: Transaction, every: Sequence[int]) -> None:
            raise Problem("bad_request")

        t.put("note", "y", state("a"), feeds=frozenset({"public"}))
        t.at_end("numbers", 1, end)
        t.at_end("others", 1, lambda t, _: t.put("note", "x", state("a"), feeds=frozenset({"public"})))

    for job in (failing, ending_badly):
        with pytest.raises(Problem):
            store.write(job)
    store.write(lambda t: None)
    with store.read() as reader:
        assert (reader.get("note", "x"), reader.get("note", "y")) == (None, None)
    assert moved == []


def test_nothing_stands_under_a_name_that_an_engine_cannot_hold(store: Store) -> None:
    """What a hostile client names, as the draft of a submission, is looked for and not found."""
    name = ("note", "a\0b")

    def look(reader: Reader) -> tuple[object, ...]:
        found = reader.find("note", "color\0", "red\0")
        return reader.get(*name), reader.feeds_of(*name), list(found), reader.count("note", "color", "red\0")

    nothing = (None, frozenset[str](), list[object](), 0)
    with store.read() as reader:
        assert look(reader) == nothing
    assert store.write(look, ahead=lambda: Ahead(records=frozenset({name}))) == nothing
