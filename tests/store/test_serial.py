"""What a job has read holds until its commit: two jobs of two processes come out as if one had followed the other.

In each test the second job begins when the first has read, and could be done before the first has written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from server.store import Logged, Store, Transaction
from tests.store.conftest import Open
from tests.store.test_contract import put, state
from tests.store.together import at_once

HEAD_START = 0.3
"""Seconds that the second job has before the first one writes. Where they are kept apart, it does not help it."""


def one_after_the_other(
    open_store: Open, first: Callable[[Transaction], Callable[[], None]], second: Callable[[Transaction], None]
) -> None:
    """Run `first`, which reads and returns how it writes; run `second` in another process as soon as it has read."""
    stores, has_read = [open_store(), open_store()], threading.Event()

    def slow(t: Transaction) -> None:
        write = first(t)
        has_read.set()
        time.sleep(HEAD_START)
        write()

    def follow() -> None:
        has_read.wait()
        stores[1].write(second)

    assert at_once(lambda: stores[0].write(slow), follow) == [None, None]


def shown(store: Store, id: str) -> object:
    with store.read() as reader:
        found = reader.get("note", id)
    return None if found is None else found["text"].shown


def test_a_record_that_was_read_is_not_written_by_another_before_the_commit(open_store: Open, store: Store) -> None:
    put(store, "x", "")

    def add(t: Transaction, letter: str) -> Callable[[], None]:
        before = t.get("note", "x")
        assert before is not None
        text = str(before["text"].shown) + letter
        return lambda: t.put("note", "x", state(text, len(text) + 1), feeds=frozenset())

    one_after_the_other(open_store, lambda t: add(t, "a"), lambda t: add(t, "b")())
    assert shown(store, "x") in ("ab", "ba")


def test_a_record_that_was_missed_is_not_made_by_another_before_the_commit(open_store: Open, store: Store) -> None:
    def make(t: Transaction, text: str) -> Callable[[], None]:
        if t.get("note", "x") is not None:
            return lambda: None
        t.next_number(text)
        return lambda: t.put("note", "x", state(text), feeds=frozenset())

    one_after_the_other(open_store, lambda t: make(t, "a"), lambda t: make(t, "b")())
    made = shown(store, "x")
    assert made in ("a", "b")
    assert store.write(lambda t: t.next_number("b" if made == "a" else "a")) == 1


@pytest.mark.parametrize("how", ["count", "find", "find after"])
def test_what_was_counted_or_found_is_not_added_to_by_another_before_the_commit(
    open_store: Open, store: Store, how: str
) -> None:
    """Only one may have the name."""

    def take(t: Transaction, id: str) -> Callable[[], None]:
        if how == "count":
            there = t.count("note", "text", "name") > 0
        else:
            there = bool(t.find("note", "text", "name", after="a" if how == "find after" else ""))
        if there:
            return lambda: None
        return lambda: t.put("note", id, state("name"), feeds=frozenset(), indexed={"text": "name"})

    one_after_the_other(open_store, lambda t: take(t, "x"), lambda t: take(t, "y")())
    with store.read() as reader:
        assert reader.count("note", "text", "name") == 1


def test_a_batch_takes_a_place_in_its_chain_that_nobody_else_takes(open_store: Open, store: Store) -> None:
    def log(t: Transaction, bytes_: str) -> Callable[[], None]:
        last = t.last_batch("device")
        seq = 1 if last is None else last.seq + 1
        return lambda: t.log_batch("device", Logged(seq, bytes_, bytes_, "{}"))

    one_after_the_other(open_store, lambda t: log(t, "a"), lambda t: log(t, "b")())
    with store.read() as reader:
        found = [reader.batch("device", seq) for seq in (1, 2)]
    assert sorted(each.jws for each in found if each is not None) == ["a", "b"]


def test_a_session_that_is_opened_while_its_owner_is_closed_does_not_outlive_that(
    open_store: Open, store: Store
) -> None:
    put(store, "device", "open", feeds=())

    def close(t: Transaction) -> Callable[[], None]:
        t.drop_tickets("device/1")
        return lambda: t.put("note", "device", state("closed", 2), feeds=frozenset())

    def open_session(t: Transaction) -> None:
        device = t.get("note", "device")
        if device is not None and device["text"].shown == "open":
            t.add_ticket("session", "secret", "value", expires=100, owner="device/1")

    one_after_the_other(open_store, close, open_session)
    with store.read() as reader:
        assert reader.ticket("session", "secret", now=1) is None


def test_a_ticket_that_was_looked_at_is_not_taken_by_another_before_the_commit(open_store: Open, store: Store) -> None:
    store.write(lambda t: t.add_ticket("link", "secret", "value", expires=100))

    def use(t: Transaction) -> Callable[[], None]:
        there = t.ticket("link", "secret", now=1) is not None
        return lambda: t.put("note", "used", state("once"), feeds=frozenset()) if there else None

    def take(t: Transaction) -> None:
        if t.get("note", "used") is None:
            t.take_ticket("link", "secret", now=1)

    one_after_the_other(open_store, use, take)
    with store.read() as reader:
        assert reader.ticket("link", "secret", now=1) == "value"
