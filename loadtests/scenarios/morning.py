"""The morning rush at the gates: officers invite, residents take invitations in, guards let them in, some offline.

What a guard's phone says of a code isn't the server's business: the scan is a think time, and a check-in is made.
"""

from __future__ import annotations

import random
import secrets
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import cbor2
import gevent
from locust import task

from loadtests.authenticator import Device
from loadtests.curves import MORNING
from loadtests.scenarios.idle import Idle
from loadtests.scenarios.visitor import Staff, Visitor
from loadtests.shapes import CurveShape
from server import jwk
from server.codes import base, sign1
from server.codes import invitation as codes
from server.credentials import PROOF
from sync.batch import base64url
from sync.canonical import Value
from sync.ids import uuid7

__all__ = ["Guard", "Idle", "Morning", "Officer", "Resident"]
_HOUR: Final = 3_600_000
_GUESTS: Final = 12
_AT_ONCE: Final = 100
_OFFLINE: Final = 0.02
"""How likely a guard's phone loses its network at a scan; it has none for some 40 think times then."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody at the entrance: what their code says."""

    subject: str
    meeting: str
    entries: int


letters: deque[str] = deque(maxlen=2_000)
"""Codes that were mailed and that nobody has taken into an app yet; those of this process."""
entrance: deque[Guest] = deque(maxlen=2_000)


class Morning(CurveShape):
    """Two peaks."""

    curve = MORNING


class Officer(Staff):
    """Makes a meeting and invites people, batch after batch."""

    role = "officer"

    def on_start(self) -> None:
        """Come in, and make today's meeting."""
        self.report_for_work("Cán bộ")
        person = self.phone.person
        now, self.meeting, self.mailed = person.now(), person.new_id(), set[str]()
        (place,) = [int(id) for (kind, id), state in person.records.items() if kind == "place"
                    and state["unit"].shown == person.unit][:1]  # fmt: skip
        keys: dict[str, Value] = {
            "unit": person.unit, "title": "Họp tổ dân phố 12", "place": place, "gates": [0, 1],
            "starts": now - _HOUR // 2, "ends": now + 3 * _HOUR, "opens": 30, "host": person.name,
            "room": "Phòng 201", "note": "Mang theo giấy mời.", "entries": 2, "cancelled": False,
        }  # fmt: skip
        changes = [person.change("meeting", self.meeting, key, value) for key, value in keys.items()]
        self.phone.push("meeting", *changes)

    @task
    def invite(self) -> None:
        """Invite a dozen people, and see their codes come."""
        person = self.phone.person
        changes = []
        for number in range(_GUESTS):
            value: dict[str, Value] = {
                "unit": person.unit, "meeting": self.meeting, "name": f"Lê Văn Cường {number}",
                "email": "cuong@example.vn", "language": "vi",
            }  # fmt: skip
            changes.append(person.change("invitation", person.new_id(), "invitation", value))
        self.phone.push("invite", *changes)
        for (kind, id), state in list(person.records.items()):
            if kind == "invitation_code" and id not in self.mailed and state["meeting"].shown == self.meeting:
                self.mailed.add(id)
                letters.append(str(state["code"].shown))
        self.think(20)


class Resident(Visitor):
    """Takes an invitation into the app, comes to the entrance, looks what is new."""

    weight = 4

    def on_start(self) -> None:
        """Become someone new."""
        self.arrive(f"Người dân {random.randrange(10**6)}")

    @task(3)
    def claim(self) -> None:
        """Take in an invitation that came by mail."""
        self.think(3)
        if not letters:
            return
        person, code, key = self.phone.person, letters.popleft(), Device()
        id = person.new_id()
        claimed: dict[str, Value] = {
            "code": code, "jwk": dict(key.jwk), "proof": base64url(jwk.sign(key.key, PROOF + id.encode()))
        }  # fmt: skip
        if 0 not in self.phone.push("claim", person.change("claim", id, "claim", claimed)):
            return
        self.think()
        said = codes.from_sign1(sign1.parse(base.decode_text(code)[1]))
        entrance.append(Guest(said.cti.hex(), said.meeting.hex(), said.entries))

    @task(2)
    def look(self) -> None:
        """Open the app to see what is new."""
        self.think(2)
        self.phone.pull()


class Guard(Staff):
    """Stands at a gate: fetches the pack once, scans, and sends what was scanned; also out of reach for a while."""

    role = "guard"

    def on_start(self) -> None:
        """Come in, and start from the gate's pack."""
        self.report_for_work("Bảo vệ")
        self.outbox: list[Value] = []
        self.inside: list[Guest] = []
        self.offline_until = 0.0
        person = self.phone.person
        answer = self.phone.persist(lambda: self.phone.request("GET", "/gate/pack", "/gate/pack"))
        pack: Any = cbor2.loads(answer.content)
        person.cursors = {**person.cursors, **pack["cursors"]}
        self.gate = self.place % 2

    @task
    def scan(self) -> None:
        """Let somebody in, or out; what was noted goes up when there is a network."""
        self.think()
        if entrance and (len(self.inside) < 5 or random.random() < 0.7):
            guest = entrance.popleft()
            self.inside.append(guest)
            self.note(guest, "in")
        elif self.inside and random.random() < 0.5:
            self.note(self.inside.pop(0), "out")
        if time.monotonic() < self.offline_until:
            return
        if random.random() < _OFFLINE:
            self.offline_until = time.monotonic() + 40 * max(0.05, self.think_time)
            return
        self.send()

    def note(self, guest: Guest, way: str) -> None:
        """Make a check-in; it is on the phone before the screen turns green."""
        person = self.phone.person
        at = person.now()
        id = uuid7(at, entropy=secrets.randbits(74))
        value: dict[str, Value] = {
            "unit": person.unit, "place": 1, "gate": self.gate, "subject": guest.subject, "sort": "invitation",
            "meeting": guest.meeting, "way": way, "at": at, "max": guest.entries, "word": "ADMIT",
            "reason": "invitation", "override": None, "shown": secrets.token_hex(8),
        }  # fmt: skip
        self.outbox.append(person.change("checkin", id, "checkin", value))

    def send(self) -> None:
        """Send what waits, and hear of the other guards' check-ins."""
        if not self.outbox:
            self.phone.pull()
            return
        while self.outbox:
            some, self.outbox = self.outbox[:_AT_ONCE], self.outbox[_AT_ONCE:]
            self.phone.push("check-ins", *some)
            gevent.sleep(0)
