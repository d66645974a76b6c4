"""Feeds on request: served to those who may read them, and only when they ask (SPEC.md F8)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import requests
import websocket

from loadtests.person import Person
from loadtests.service import Service
from server.auth import Parts
from server.errors import Problem
from server.kinds import Actor, Role
from server.statuslists import identities_of, invitations_of
from tests.cities import NewDemo
from tests.databases import NewDatabase
from tests.features.conftest import NewPerson

UNIT = "ben-thanh"
GATE = f"gate/{UNIT}"


@pytest.fixture
def lists(city: Parts) -> None:
    """A record in each of the feeds."""
    for id in (invitations_of(UNIT), identities_of("1022")):
        city.store.write(lambda t, id=id: city.statuslists.allocate(id, t))


@pytest.mark.parametrize(
    ("role", "unit", "feeds"),
    [
        (Role.RESIDENT, None, set()),
        (Role.RESIDENT, UNIT, set()),
        (Role.GUARD, UNIT, {GATE, "gates"}),
        (Role.OFFICER, UNIT, {GATE, "gates"}),
        (Role.OPERATOR, UNIT, {GATE}),
        (Role.GUARD, None, set()),
    ],
)
def test_F8_who_may_ask_for_which_feed(role: Role, unit: str | None, feeds: set[str]) -> None:
    actor = Actor("someone", role, unit)
    assert actor.on_request == feeds
    assert not actor.on_request & actor.feeds


def test_F8_a_feed_that_is_not_asked_for_is_not_served(new_person: NewPerson, lists: None) -> None:
    guard = new_person(Role.GUARD, UNIT)
    guard.sync()
    assert guard.last["cursors"].keys() == {"public", f"person/{guard.id}"}
    assert "statuslist" not in {kind for kind, _ in guard.records}


def test_F8_a_feed_that_is_asked_for_is_served_from_its_cursor_on(new_person: NewPerson, lists: None) -> None:
    guard = new_person(Role.GUARD, UNIT)
    guard.cursors |= {GATE: 0}
    guard.sync()
    assert guard.last["cursors"].keys() == {"public", f"person/{guard.id}", GATE}
    assert {id for kind, id in guard.records if kind == "statuslist"} == {invitations_of(UNIT)}
    later = new_person(Role.GUARD, UNIT)
    later.cursors |= {GATE: guard.last["cursors"][GATE], "gates": 0}
    later.sync()
    assert {id for kind, id in later.records if kind == "statuslist"} == {identities_of("1022")}


def test_F8_under_another_epoch_a_feed_that_is_asked_for_starts_again(new_person: NewPerson, lists: None) -> None:
    guard = new_person(Role.GUARD, UNIT)
    guard.cursors |= {GATE: 1}
    guard.epoch = "another"
    guard.sync()
    assert {id for kind, id in guard.records if kind == "statuslist"} == {invitations_of(UNIT)}


@pytest.mark.parametrize(
    ("role", "unit", "feed"),
    [
        (Role.RESIDENT, None, GATE),
        (Role.RESIDENT, None, "gates"),
        (Role.GUARD, "1022", GATE),
        (Role.OFFICER, "1022", GATE),
        (Role.OPERATOR, UNIT, "gates"),
        (Role.GUARD, UNIT, f"unit/{UNIT}"),
        (Role.GUARD, UNIT, "gate/"),
        (Role.GUARD, UNIT, "gate/*"),
        (Role.GUARD, UNIT, f"GATE/{UNIT}"),
    ],
)
def test_F8_nobody_is_served_a_feed_on_request_that_is_not_theirs(
    new_person: NewPerson, role: Role, unit: str | None, feed: str
) -> None:
    person = new_person(role, unit)
    person.cursors |= {feed: 0}
    with pytest.raises(Problem, match="feed_forbidden"):
        person.sync()


def test_F8_without_a_session_there_is_nothing_to_ask_for(resident: Person) -> None:
    resident.post("/auth/signout", {})
    resident.cursors = {GATE: 0}
    with pytest.raises(Problem, match="signed_out"):
        resident.sync()


@pytest.fixture(scope="module")
def service(
    tmp_path_factory: pytest.TempPathFactory, chosen_database: NewDatabase, new_demo: NewDemo
) -> Iterator[Service]:
    service = new_demo(tmp_path_factory.mktemp("city"), workers=1, database=chosen_database())
    service.start()
    yield service
    service.kill()


def enrolled(service: Service, role: str) -> tuple[Person, str]:
    """Return a person with a role in the unit, and the session's cookie."""

    session = requests.Session()

    def post(path: str, body: object) -> object:
        answer = session.post(service.origin + path, json=body, headers={"Origin": service.origin}, timeout=20)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    link = service.command("enrol", role, *([] if role == "resident" else ["--unit", UNIT])).strip().split("#")[1]
    person = Person(post=post, rp="localhost", origin=service.origin, now=lambda: time.time_ns() // 1_000_000)
    person.register(link)
    person.enrol_device()
    return person, "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def said(service: Service, cookie: str, *feeds: str) -> set[str]:
    """Return the feeds of which a live socket speaks when it opens; empty when it closes at once."""
    query = "&".join(f"feed={feed}" for feed in feeds)
    url = f"{service.origin.replace('http', 'ws', 1)}/live?{query}"
    socket = websocket.create_connection(url, origin=service.origin, cookie=cookie, timeout=2)
    heard = set()
    try:
        while text := socket.recv():
            heard.add(json.loads(text)["feed"])
    except websocket.WebSocketTimeoutException:
        return heard
    finally:
        socket.close()
    return set()


def test_F8_a_live_socket_speaks_of_feeds_on_request_when_it_is_opened_for_them(service: Service) -> None:
    guard, cookie = enrolled(service, "guard")
    own = {"public", f"person/{guard.id}"}
    assert said(service, cookie) == own
    assert said(service, cookie, GATE, "gates") == own | {GATE, "gates"}
    assert said(service, cookie, GATE, "gate/1022") == set()
    _, resident = enrolled(service, "resident")
    assert said(service, resident, "gates") == set()
    assert said(service, "", "gates") == set()
