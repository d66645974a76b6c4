"""A unit whose feed is split in a running city: officers see everything, once, and nobody else sees more (F9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server import shards, units
from server.auth import Parts
from server.errors import Problem
from server.kinds import Role
from tests.cities import NewDemo
from tests.features.conftest import NewPerson
from tests.features.test_feeds_on_request import enrolled, said

UNIT = "1022"


def send(resident: Person) -> str:
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    (answer,) = resident.sync(change)
    assert answer["refused"] == []
    return id


def submissions(person: Person) -> set[str]:
    return {id for kind, id in person.records if kind == "submission"}


@pytest.fixture
def on_process(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Write as another process would."""
    return lambda number: monkeypatch.setattr(shards, "process", lambda: number)


def test_F9_officers_follow_a_unit_that_is_split_while_they_work(
    city: Parts, resident: Person, officer: Person, on_process: Callable[[int], None]
) -> None:
    sent = [send(resident)]
    officer.sync()
    units.shard(city.store, UNIT, 3, now=city.now())
    for number in (0, 1, 2, 1):
        on_process(number)
        sent.append(send(resident))
    officer.sync()
    assert submissions(officer) == set(sent)
    assert {feed for feed in officer.cursors if feed.startswith("unit/")} == {
        "unit/1022",
        "unit/1022/0",
        "unit/1022/1",
        "unit/1022/2",
    }
    on_process(2)
    for id in sent:  # the first stands in the whole feed and stays there
        (answer,) = officer.sync(officer.acknowledgement(id))
        assert answer["refused"] == []
    resident.sync()
    assert len([kind for kind, _ in resident.records if kind == "acknowledgement"]) == 5
    assert "unit/1022/0" not in resident.cursors
    units.shard(city.store, UNIT, 5, now=city.now())
    on_process(4)
    sent.append(send(resident))
    officer.sync()
    assert submissions(officer) == set(sent)
    assert officer.digests().keys() >= {f"receipt/{id}" for id in sent}


def test_F9_each_shard_counts_dossiers_for_itself(
    city: Parts, resident: Person, on_process: Callable[[int], None]
) -> None:
    sent = [send(resident)]
    units.shard(city.store, UNIT, 2, now=city.now())
    for number in (0, 1, 0):
        on_process(number)
        sent.append(send(resident))
    codes: list[Any] = [resident.records["receipt", id]["code"].shown for id in sent]
    assert [re.sub(r"\d{6}", "day", code) for code in codes] == [
        "1022-day-0001",
        "1022-day-A-0001",
        "1022-day-B-0001",
        "1022-day-A-0002",
    ]


def test_F9_shards_are_read_by_those_who_read_the_unit_only(
    city: Parts, resident: Person, new_person: NewPerson, web: Flask
) -> None:
    units.shard(city.store, UNIT, 2, now=city.now())
    send(resident)
    for stranger in (new_person(Role.OFFICER, "ben-thanh"), new_person(Role.GUARD, UNIT), new_person()):
        assert submissions(stranger) == set()
        stranger.cursors |= {"unit/1022/1": 0}
        with pytest.raises(Problem, match="feed_forbidden"):
            stranger.sync()
    own = new_person(Role.OFFICER, UNIT)
    own.cursors |= {"unit/1022/2": 0}  # there is none
    with pytest.raises(Problem, match="feed_forbidden"):
        own.sync()


def test_F9_evidence_and_files_are_open_to_those_who_read_the_unit(
    city: Parts, resident: Person, officer: Person
) -> None:
    units.shard(city.store, UNIT, 2, now=city.now())
    id = send(resident)
    with city.store.read() as look:
        assert shards.readers_of(look, "submission", id) == {f"person/{resident.id}", "unit/1022"}
        assert look.feeds_of("submission", id) & {"unit/1022/0", "unit/1022/1"}


def test_F9_a_live_socket_speaks_of_the_shards(tmp_path_factory: pytest.TempPathFactory, new_demo: NewDemo) -> None:
    service = new_demo(tmp_path_factory.mktemp("city"), workers=1)
    service.command("shard", "ben-thanh", "--shards", "2")
    with pytest.raises(RuntimeError, match="never fewer than before"):
        service.command("shard", "ben-thanh", "--shards", "1")
    service.start()
    try:
        _, cookie = enrolled(service, "officer")
        heard = said(service, cookie)
        assert {feed for feed in heard if feed.startswith("unit")} == {
            "unit/ben-thanh",
            "unit/ben-thanh/0",
            "unit/ben-thanh/1",
        }
    finally:
        service.kill()
