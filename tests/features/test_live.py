"""Live pokes through the real service with two processes: a hint for each feed that moved, and never data."""

from __future__ import annotations

import http.client
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from websocket import (
    ABNF,
    WebSocket,
    WebSocketBadStatusException,
    WebSocketException,
    WebSocketTimeoutException,
    create_connection,
)

from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from server.auth import sessions
from server.live.bus import Bus
from server.live.live import Live
from tests.cities import NewDemo
from tests.databases import NewDatabase
from tests.faults.conftest import Resident, make_residents

SECONDS = 10.0
"""How long a poke may take before a test gives up; it takes a few ms."""


@dataclass
class City:
    """A running service with two processes and some residents; it keeps the sockets that are open."""

    service: Service
    residents: list[Resident]
    sockets: list[WebSocket] = field(default_factory=list)

    def follow(self, secret: str | None, **options: Any) -> WebSocket:
        cookie = None if secret is None else f"{sessions.COOKIE}={secret}"
        options = {"origin": self.service.origin, "cookie": cookie, "timeout": SECONDS, **options}
        self.sockets.append(create_connection(f"ws://127.0.0.1:{self.service.port}/live", **options))
        return self.sockets[-1]

    def close(self) -> None:
        while self.sockets:
            self.sockets.pop().close(timeout=0)

    def workers(self) -> dict[int, int]:
        """Return how many sockets each worker process has open."""
        found = {}
        for worker in self.service.workers:
            opened = [each.resolve() for each in Path(f"/proc/{worker}/fd").iterdir()]  # some may close meanwhile
            found[worker] = sum(each.name.startswith("socket:") for each in opened)
        return found


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, chosen_database: NewDatabase, new_demo: NewDemo
) -> Iterator[City]:
    service = new_demo(tmp_path_factory.mktemp("city"), workers=2, database=chosen_database())
    residents = make_residents(service, 6)
    service.start()
    yield City(service, residents)
    service.kill()


@pytest.fixture
def city_live(running: City) -> Iterator[City]:
    yield running
    running.close()


def said(socket: WebSocket) -> tuple[str, int]:
    """Return what a socket says next: a feed and its number, and nothing more."""
    poke = json.loads(socket.recv())
    assert poke.keys() == {"feed", "seq"}
    return poke["feed"], poke["seq"]


def greeted(socket: WebSocket, count: int) -> dict[str, int]:
    """Return the present number of each feed, which a socket says first."""
    return dict(said(socket) for _ in range(count))


def poked(socket: WebSocket, feed: str, seq: int, greeting: dict[str, int]) -> set[str]:
    """Wait until a socket has said that `feed` is at `seq`; return all feeds that it said had moved since the greeting.

    A number of the greeting may come once more: a process that begins to hear of others makes up for what it missed.
    """
    spoken = set()
    while True:
        found = said(socket)
        if greeting.get(found[0]) != found[1]:
            spoken.add(found[0])
        if found == (feed, seq):
            return spoken


def draft(resident: Resident) -> int:
    """Write a draft over a connection of its own; return the number that the person's feed is at then."""
    resident.line._connection = None
    resident.send(resident.person.draft(PROCEDURE, FEEDBACK)[1])
    seq: int = resident.person.last["cursors"][f"person/{resident.person.id}"]
    return seq


def test_a_commit_in_one_process_reaches_the_sockets_of_the_other(city_live: City) -> None:
    resident = city_live.residents[0]
    feed, before, sockets = f"person/{resident.person.id}", city_live.workers(), []
    for _ in range(80):
        sockets.append(city_live.follow(resident.line.secret))
        now = city_live.workers()
        if len(sockets) >= 8 and all(now[worker] - before[worker] >= 2 for worker in before):
            break
    assert len(before) == 2
    assert all(now[worker] - before[worker] >= 2 for worker in before), "expected sockets in both processes"
    greetings = [greeted(socket, 2) for socket in sockets]
    assert all(greeting.keys() == {"public", feed} for greeting in greetings)
    for _ in range(6):
        seq = draft(resident)
        for socket, greeting in zip(sockets, greetings, strict=True):
            assert poked(socket, feed, seq, greeting) == {feed}


def test_a_poke_comes_soon(city_live: City, capsys: pytest.CaptureFixture[str]) -> None:
    resident = city_live.residents[1]
    socket, took = city_live.follow(resident.line.secret), []
    greeting = greeted(socket, 2)
    for _ in range(10):
        began = time.monotonic()
        seq = draft(resident)
        poked(socket, f"person/{resident.person.id}", seq, greeting)
        took.append(time.monotonic() - began)
    with capsys.disabled():
        print(f"\nfrom a change to its poke: {sorted(took)[5] * 1000:.0f} ms in the median")


def test_a_socket_speaks_of_its_persons_feeds_only(city_live: City) -> None:
    mine, other = city_live.residents[2:4]
    sockets = [city_live.follow(mine.line.secret) for _ in range(4)]
    greetings = [greeted(socket, 2) for socket in sockets]
    draft(other)
    other.send([other.person.submission(PROCEDURE, FEEDBACK)[1]])
    seq = draft(mine)
    for socket, greeting in zip(sockets, greetings, strict=True):
        assert poked(socket, f"person/{mine.person.id}", seq, greeting) == {f"person/{mine.person.id}"}


@pytest.mark.parametrize(
    "secret", [None, "", "x", secrets.token_urlsafe(32)], ids=["none", "empty", "short", "unknown"]
)
def test_without_a_session_a_socket_speaks_of_the_public_feed_only(city_live: City, secret: str | None) -> None:
    socket = city_live.follow(secret)
    assert greeted(socket, 1).keys() == {"public"}
    draft(city_live.residents[1])
    socket.settimeout(0.3)
    with pytest.raises(WebSocketTimeoutException):
        socket.recv()


def test_the_cookie_of_a_session_that_ended_follows_nothing_of_the_person(city_live: City) -> None:
    resident = city_live.residents[4]
    assert resident.line.ask("POST", "/auth/signout")[0] == 204
    assert greeted(city_live.follow(resident.line.secret), 1).keys() == {"public"}


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://localhost", "http://127.0.0.1:8000"])
def test_a_page_of_another_origin_opens_no_socket(city_live: City, origin: str | None) -> None:
    with pytest.raises(WebSocketBadStatusException) as caught:
        city_live.follow(city_live.residents[0].line.secret, origin=origin, suppress_origin=origin is None)
    assert caught.value.status_code == 403
    assert caught.value.resp_body is not None
    assert json.loads(caught.value.resp_body)["code"] == "origin_forbidden"


def test_what_a_client_says_is_not_heeded_and_does_no_harm(city_live: City) -> None:
    resident = city_live.residents[1]
    quiet, loud = (city_live.follow(resident.line.secret) for _ in range(2))
    greeting, _ = [greeted(socket, 2) for socket in (quiet, loud)]
    loud.send('{"feed":"public","seq":9}')
    loud.send("[" * 1000)
    with pytest.raises((WebSocketException, OSError)):
        for _ in range(100):
            loud.send("x" * 100_000)
            loud.recv()
    assert poked(quiet, f"person/{resident.person.id}", draft(resident), greeting) != set()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upgrade": "h2c", "Connection": "Upgrade"},
        {"Upgrade": "websocket", "Connection": "Upgrade"},
    ],
)
def test_an_address_of_a_socket_asked_for_without_one_does_no_harm(city_live: City, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", city_live.service.port, timeout=SECONDS)
    connection.request("GET", "/live", headers={"Origin": city_live.service.origin, **headers})
    status = connection.getresponse().status
    connection.close()
    assert status < 500


def test_sockets_end_with_the_service_and_a_new_one_says_where_the_feeds_are(city_live: City) -> None:
    resident = city_live.residents[5]
    socket = city_live.follow(resident.line.secret)
    greeted(socket, 2)
    city_live.service.kill()
    with pytest.raises((WebSocketException, OSError)):
        while socket.recv():
            pass
        raise WebSocketException("closed")
    city_live.service.start()
    seq = draft(resident)
    assert greeted(city_live.follow(resident.line.secret), 2)[f"person/{resident.person.id}"] == seq


def test_L7_a_service_that_stops_says_so_to_every_socket(city_live: City) -> None:
    sockets = [city_live.follow(each.line.secret) for each in city_live.residents[:4]]
    greetings = [greeted(socket, 2) for socket in sockets]
    city_live.service.stop()
    for socket, greeting in zip(sockets, greetings, strict=True):
        while (last := socket.recv_data())[0] == ABNF.OPCODE_TEXT:
            again = json.loads(last[1])  # nothing has moved: it can only be what was said before
            assert greeting[again["feed"]] == again["seq"]
        assert last == (ABNF.OPCODE_CLOSE, b"\x03\xf4restart")
    city_live.service.start()


def test_L6_one_person_cannot_take_all_sockets(city_live: City) -> None:
    resident, refused = city_live.residents[3], 0
    for _ in range(32 * 2 + 1):
        try:
            city_live.follow(resident.line.secret)
        except WebSocketBadStatusException as caught:
            refused += 1
            assert caught.status_code == 503
    assert refused
    greeted(city_live.follow(city_live.residents[1].line.secret), 2)


def test_a_bus_that_cannot_speak_does_not_fail_a_commit(web: Flask, resident: Person, bus: Live) -> None:
    if not isinstance(bus, Bus):
        pytest.skip("the bus through PostgreSQL speaks in a thread of its own (tests/live/test_bus.py)")
    shutil.rmtree(bus._folder)
    answer = web.test_client().post("/auth/signin/options", json={}, headers={"Origin": resident.origin})
    assert answer.status_code == 200  # it moves no feed
    (answer,) = resident.sync(*resident.draft(PROCEDURE, FEEDBACK)[1])
    assert answer["result"] == "ok"


@pytest.mark.parametrize("version", ["8", ""])
def test_a_handshake_of_another_version_is_a_bad_request(city_live: City, version: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", city_live.service.port, timeout=SECONDS)
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    asked |= {"Sec-WebSocket-Version": version, "Origin": city_live.service.origin}
    connection.request("GET", "/live", headers=asked)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (400, "bad_request")
    connection.close()
