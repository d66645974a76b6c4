"""Staff without a screen: people with software keys who use a running service over HTTP beside the browsers."""

from __future__ import annotations

import time
from typing import Any

import requests

from loadtests import crowd
from loadtests.person import Person
from loadtests.service import Service
from server.auth import links
from server.auth.links import Link
from server.kinds import Role
from sync.canonical import Value

MINUTE = 60_000
HOUR = 60 * MINUTE


def now() -> int:
    """Return the time as everyone in a journey has it, in ms since 1970."""
    return time.time_ns() // 1_000_000


def link(service: Service, role: str, unit: str, name: str | None = None) -> str:
    """Return a one-time link that enrols one person; `motcua enrol` does the same in a second more."""
    parts = crowd.parts_of(service)
    try:
        return links.create(parts, Link(role=Role(role), unit=unit, name=name))
    finally:
        parts.store.close()


def arrive(service: Service, role: str, unit: str, name: str) -> Person:
    """Enrol someone by a one-time link and bind their phone."""
    session = requests.Session()

    def post(path: str, body: Any) -> Any:
        answer = session.post(service.origin + path, json=body, headers={"Origin": service.origin}, timeout=30)
        assert answer.status_code < 400, answer.text
        return answer.json() if answer.content else None

    secret = link(service, role, unit, name).split("#")[1]
    person = Person(post=post, rp="localhost", origin=service.origin, now=now, name=name)
    person.register(secret)
    person.enrol_device()
    person.sync()
    return person


def send(person: Person, *changes: Value) -> None:
    """Send changes; none may be refused."""
    (answer,) = person.sync(*changes)
    assert (answer["result"], answer["refused"]) == ("ok", []), answer


def hold_meeting(officer: Person, **values: Value) -> str:
    """Make a meeting that has just begun to let people in; return its id."""
    id = officer.new_id()
    keys: dict[str, Value] = {
        "unit": officer.unit,
        "title": "Họp tổ dân phố số 12 về cải tạo hẻm",
        "place": 1,
        "gates": [0, 1],
        "starts": now() + 20 * MINUTE,
        "ends": now() + 2 * HOUR,
        "opens": 30,
        "host": "Trần Thị Bích",
        "room": "Phòng họp 201",
        "note": "",
        "entries": 1,
        "cancelled": False,
    }
    send(officer, *(officer.change("meeting", id, key, value) for key, value in {**keys, **values}.items()))
    return id


def invite(officer: Person, meeting: str, name: str = "Nguyễn Thị Minh Khai", email: str | None = None) -> str:
    """Invite someone; return the code of the invitation."""
    id = officer.new_id()
    value: Value = {"unit": officer.unit, "meeting": meeting, "name": name, "email": email, "language": "vi"}
    send(officer, officer.change("invitation", id, "invitation", value))
    return str(officer.records["invitation_code", id]["code"].shown)
