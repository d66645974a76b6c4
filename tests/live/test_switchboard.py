"""The switchboard over real sockets: who is told what, how often, and who is cut."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from server.errors import Problem
from server.live import switchboard as module
from server.live.switchboard import Switchboard
from tests.live.conftest import SECONDS, Client, Heights


def test_L1_a_socket_hears_first_where_its_feeds_are_and_then_that_they_moved(
    switchboard: Switchboard, heights: Heights
) -> None:
    heights["public"] = 7
    client = Client(switchboard, ["public", "person/a"])
    client.until(lambda: len(client.pokes) == 2)
    assert set(client.pokes) == {("public", 7), ("person/a", 0)}
    switchboard.moved({"person/a": 1, "person/b": 9})
    client.knows("person/a", 1)
    assert "person/b" not in {feed for feed, _ in client.pokes}


def test_F9_who_follows_a_units_feed_hears_of_all_of_its_shards(switchboard: Switchboard) -> None:
    client = Client(switchboard, ["unit/1022"])
    switchboard.moved({"unit/1022/3": 5, "unit/1022": 2, "unit/10": 8, "unit/10/3": 8})
    client.knows("unit/1022/3", 5)
    client.knows("unit/1022", 2)
    assert {feed for feed, _ in client.pokes} == {"unit/1022", "unit/1022/3"}


def test_L2_a_feed_that_moves_a_thousand_times_a_second_is_told_of_a_few_times(switchboard: Switchboard) -> None:
    client = Client(switchboard, ["unit/u"])
    began = time.monotonic()
    for seq in range(1, 2001):
        switchboard.moved({"unit/u": seq})
        time.sleep(0.0005)
    client.knows("unit/u", 2000)
    took = time.monotonic() - began
    assert len(client.pokes) <= 3 + took / module.PAUSE
    numbers = [seq for _, seq in client.pokes]
    assert numbers == sorted(numbers)


def test_L3_pulls_after_a_word_to_many_are_spread_and_after_a_word_to_few_are_not(switchboard: Switchboard) -> None:
    clients = [Client(switchboard, ["public", f"person/{number}"], owner=str(number)) for number in range(100)]
    switchboard.moved({"public": 1, "person/7": 1})
    for client in clients:
        client.knows("public", 1)
        assert client.within[client.pokes.index(("public", 1))] == 200
    clients[7].knows("person/7", 1)
    assert clients[7].within[clients[7].pokes.index(("person/7", 1))] == 0


def test_L4_who_does_not_read_hears_the_newest_number_in_the_end_and_delays_nobody(switchboard: Switchboard) -> None:
    module_feeds = [f"unit/{number}" for number in range(40)]
    slow, quick = Client(switchboard, module_feeds), Client(switchboard, module_feeds)
    deadline = time.monotonic() + 10
    seq = 0
    while not any(wire.behind for wires in switchboard._of.values() for wire in wires):
        assert time.monotonic() < deadline
        seq += 1
        switchboard._again.clear()
        switchboard.moved(dict.fromkeys(module_feeds, seq))
        quick.knows("unit/39", seq)
    for _ in range(5):
        seq += 1
        switchboard._again.clear()
        switchboard.moved(dict.fromkeys(module_feeds, seq))
        quick.knows("unit/39", seq)
    for feed in module_feeds:
        slow.knows(feed, seq)


@pytest.mark.parametrize("answers", [True, False])
def test_L5_who_does_not_answer_pings_is_cut_and_who_does_stays(
    heights: Heights, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    monkeypatch.setattr(module, "PING", 0.1)
    switchboard = Switchboard(heights)
    client = Client(switchboard, ["public"])
    if answers:
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            client.read()
        assert not client.gone
        switchboard.close()
    else:
        client.until(lambda: client.gone, answer=False)
        deadline = time.monotonic() + SECONDS
        while switchboard._of:  # it lets go of the socket first, then of what it knew of it
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_L5_a_socket_ends_with_its_lifetime(heights: Heights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PING", 0.1)
    monkeypatch.setattr(module, "LIFETIME", 0.3)
    client = Client(Switchboard(heights), ["public"])
    client.until(lambda: client.gone)
    assert client.closed == (1000, "lifetime")


def test_L6_a_person_has_so_many_sockets_and_strangers_so_many_together(switchboard: Switchboard) -> None:
    clients = [Client(switchboard, ["public"]) for _ in range(module._OF_ONE)]
    with pytest.raises(Problem, match="unavailable"):
        Client(switchboard, ["public"])
    Client(switchboard, ["public"], owner="b")
    clients[0].socket.close()
    deadline = time.monotonic() + 10
    while switchboard._owners["a"] == module._OF_ONE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    Client(switchboard, ["public"])


def test_L7_when_the_service_stops_all_sockets_are_told_so_at_once(switchboard: Switchboard) -> None:
    clients = [Client(switchboard, ["public"], owner=str(number)) for number in range(50)]
    for client in clients:
        client.knows("public", 0)
    switchboard.close()
    for client in clients:
        client.until(lambda client=client: client.gone)  # type: ignore[misc]
        assert client.closed == (1012, "restart")


def test_L8_a_poke_that_was_lost_is_made_up_for(switchboard: Switchboard, heights: Heights) -> None:
    client = Client(switchboard, ["public", "unit/u"])
    client.knows("unit/u", 0)
    heights["unit/u"] = 4  # another process committed, and ended before it could say so
    switchboard.doubt()
    client.knows("unit/u", 4)
    assert client.pokes.count(("public", 0)) == 1


def test_a_client_that_talks_is_passed_over_and_one_that_does_not_stop_is_cut(switchboard: Switchboard) -> None:
    client = Client(switchboard, ["public"])
    said = b"\x81\x81\x00\x00\x00\x00x"
    client.socket.sendall(said * 16)
    switchboard.moved({"public": 1})
    client.knows("public", 1)
    client.socket.sendall(said)
    client.until(lambda: client.gone)
    assert client.closed == (1008, "rules")


def test_a_socket_that_ends_while_it_opens_or_while_many_are_told_leaves_nothing(switchboard: Switchboard) -> None:
    stop = threading.Event()

    def move() -> None:
        seq = 0
        while not stop.is_set():
            seq += 1
            switchboard.moved({"public": seq})

    thread = threading.Thread(target=move)
    thread.start()
    for number in range(200):
        client = Client(switchboard, ["public"], owner=str(number))
        if number % 2:
            client.socket.shutdown(socket.SHUT_RDWR)
        client.socket.close()
    stop.set()
    thread.join()
    deadline = time.monotonic() + 10
    while switchboard._count:
        assert time.monotonic() < deadline
        switchboard._again.clear()
        switchboard.moved({"public": 10**9})
        time.sleep(0.01)
    assert not switchboard._of
    assert not switchboard._owners
