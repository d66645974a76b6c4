"""Guards who were apart: however their check-ins reach the server, all of them see the same in the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from flask.testing import FlaskClient

from loadtests.person import Person
from server.features.gate import presence
from server.features.gate.presence import CheckIns, Event
from server.kinds import Role
from sync.canonical import Value
from sync.ids import uuid7
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import UNIT
from tests.features.gate.test_pack import events as read_columns

SUBJECTS = ["00" * 8, "11" * 8]
TOOK_PLACE = 24
HOURS_MS = 3 * 3_600_000


@pytest.mark.parametrize("seed", range(8))
def test_guards_who_were_apart_agree_whatever_came_when(
    seed: int, guard: Person, new_person: NewPerson, clock: Clock, as_browser: Callable[[Person], FlaskClient]
) -> None:
    """Batches come in any order of guards, some of them twice, and the guards pull whenever they do."""
    chance = random.Random(seed)
    guards = [guard, *(new_person(Role.GUARD, UNIT, name=name) for name in ("Bùi Văn Giang", "Hồ Thị Hoa"))]
    waiting: dict[int, list[list[Value]]] = {at: [] for at in range(len(guards))}
    made: list[Event] = []
    for n in range(TOOK_PLACE):
        who = chance.randrange(len(guards))
        event, change = _check_in(guards[who], clock, chance, n, made)
        made.append(event)
        queue = waiting[who]
        if queue and chance.random() < 0.5:
            queue[-1].append(change)
        else:
            queue.append([change])

    for person in guards:
        person.cursors |= {f"gate/{UNIT}": 0}
    sent: dict[int, list[str]] = {at: [] for at in waiting}
    while any(waiting.values()):
        who = chance.choice([at for at, queue in waiting.items() if queue])
        sent[who].append(guards[who].device.batch(waiting[who].pop(0), at=clock.at))
        again = chance.sample(sent[who][:-1], k=min(len(sent[who]) - 1, chance.randrange(3)))
        answers = guards[who].exchange([*sorted(again, key=sent[who].index), sent[who][-1]])
        assert [answer["result"] for answer in answers] == ["dup"] * len(again) + ["ok"]
        assert answers[-1]["refused"] == []
    for person in guards:
        person.sync()

    expected = presence.index(made)
    assert any(found.conflicts for found in expected.subjects.values())
    for person in guards:
        assert _seen(person) == expected
    newcomer = new_person(Role.GUARD, UNIT, name="Võ Văn Kiên")
    assert _of_pack(as_browser(newcomer).get("/gate/pack").data).subjects == expected.subjects


def _check_in(guard: Person, clock: Clock, chance: random.Random, n: int, before: list[Event]) -> tuple[Event, Value]:
    """Return an entry, an exit or an undo within a few ms of others, and the change that records it."""
    at = clock.at - chance.choice([0, 1, 2, HOURS_MS])
    id = uuid7(at, entropy=chance.getrandbits(66) << 8 | n)
    gate, way = chance.randrange(2), chance.choice(["in", "in", "in", "out", "undo"])
    value: dict[str, Value] = {"unit": UNIT, "place": 1, "gate": gate, "at": at}
    if way == "undo" and before:
        of = chance.choice(before).id
        change = guard.change("checkin", id, "checkin", {**value, "way": way, "of": of, "why": None})
        return Event(id, at, "undo", gate, 1, of=of), change
    subject, most, override = chance.choice(SUBJECTS), chance.randrange(1, 3), chance.random() < 0.2
    passed: dict[str, Value] = {
        "subject": subject, "sort": "invitation", "meeting": "0a1b2c", "way": "out" if way == "out" else "in",
        "max": most, "word": "REFUSE" if override else "ADMIT", "reason": "inside" if override else "invitation",
        "override": "Người mời đã xác nhận" if override else None, "shown": None,
    }  # fmt: skip
    change = guard.change("checkin", id, "checkin", {**value, **passed})
    return Event(id, at, "out" if way == "out" else "in", gate, 1, subject, most, override), change


def _seen(person: Person) -> CheckIns:
    """Return what follows from the check-ins that a phone has pulled."""
    found = [(id, state["checkin"].shown) for (kind, id), state in person.records.items() if kind == "checkin"]
    return presence.index(_event(id, value) for id, value in found)


def _event(id: str, value: Any) -> Event:
    known = {key: value[key] for key in ("at", "way", "gate", "place", "subject", "max", "shown", "of") if key in value}
    return Event(id=id, **known, override=value.get("override") is not None)


def _of_pack(data: bytes) -> CheckIns:
    """Return what follows from a whole pack."""
    pack = cbor2.loads(data)
    undone = [Event(f"undo {of}", 0, "undo", 0, 1, of=of) for of in pack["undone"]]
    found = [{key: each[key] for key in each.keys() - {"meeting"}} for each in read_columns(pack["checkins"])]
    return presence.index([*(Event(**each) for each in found), *undone])
