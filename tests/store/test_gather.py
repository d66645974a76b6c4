"""Questions that many ask at once go in one round trip, and each gets its own answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from server.store import Store, Transaction
from server.store.postgres import PostgresStore
from server.store.postgres.gather import Gather
from sync import record


def test_who_asks_while_a_round_trip_is_under_way_goes_with_the_next() -> None:
    trips: list[list[int]] = []
    first, go = threading.Event(), threading.Event()

    def look_up(questions: Collection[int]) -> Mapping[int, str]:
        trips.append(list(questions))
        first.set()
        go.wait(10)
        return {each: str(each) for each in questions if each != 13}

    gather = Gather(look_up)
    with ThreadPoolExecutor(21) as pool:
        one = pool.submit(gather.ask, [0])
        first.wait(10)
        others = [pool.submit(gather.ask, [number, number + 1]) for number in range(1, 21)]
        while len(gather._waiting) < 20:
            threading.Event().wait(0.001)
        go.set()
        answers = [each.result(10) for each in (one, *others)]
    for number, answer in enumerate(answers):
        assert answer.get(number) == (None if number == 13 else str(number))
    assert (trips[0], sorted(trips[1])) == ([0], list(range(1, 22)))


@pytest.mark.parametrize("error", [psycopg.OperationalError("gone"), psycopg.DataError("a zero in a text")])
def test_what_one_asks_in_vain_keeps_only_those_from_an_answer_whom_it_must(error: psycopg.Error) -> None:
    def look_up(questions: Collection[str]) -> Mapping[str, str]:
        if "bad" in questions:
            raise error
        return dict.fromkeys(questions, "found")

    gather = Gather(look_up)
    with ThreadPoolExecutor(8) as pool:
        futures = {each: pool.submit(gather.ask, [each]) for each in ("a", "bad", "b", "c")}
    with pytest.raises(type(error)):
        futures["bad"].result()
    if isinstance(error, psycopg.DataError):
        assert [futures[each].result()[each] for each in "abc"] == ["found"] * 3
    assert gather.ask(["d"]) == {"d": "found"}


def test_readers_of_a_feed_get_all_of_it_however_they_are_gathered(
    new_database: Callable[[], str], tmp_path: object
) -> None:
    store: Store = PostgresStore(new_database(), tmp_path)  # type: ignore[arg-type]

    def write(number: int) -> None:
        def job(transaction: Transaction) -> None:
            state = record.written({}, {"n": number}, replica="server", at=1)
            transaction.put("note", f"n{number}", state, feeds=frozenset({"public", f"person/{number}"}))

        store.write(job)

    def read(number: int) -> tuple[int, ...]:
        with store.read() as look:
            assert look.get("note", f"n{number}") is not None
            assert look.get("note", f"none{number}") is None
            assert look.heights([f"person/{number}", "nobody"]) == {f"person/{number}": 1, "nobody": 0}
            (own,) = look.page(f"person/{number}", after=0, limit=9, size=10**6)
            assert (own.kind, own.id) == ("note", f"n{number}")
            return tuple(entry.seq for entry in look.page("public", after=number % 40, limit=60, size=10**6))

    for number in range(50):
        write(number)
    with ThreadPoolExecutor(16) as pool:
        for number, seqs in zip(range(50), pool.map(read, range(50)), strict=True):
            assert seqs == tuple(range(number % 40 + 1, 51))
    with store.read() as look:
        assert len(look.page("public", after=46, limit=3, size=10**6)) == 3
        assert look.page("public", after=50, limit=3, size=10**6) == []
        assert len(look.page("public", after=47, limit=9, size=1)) == 1
    store.close()
