"""A day in small: residents who enrol, fill, sign and send; officers who receive and acknowledge.

    locust -f loadtests/scenarios/everyday.py --headless --host http://localhost:8000 --users 40 --run-time 1m

Every person has a passkey and a device key of their own, and every signature is a true one. Officers need enrolment
links (`--links`, a file); without them the offices stay empty.
"""

from __future__ import annotations

import random
import zlib
from typing import Any

from locust import task

from loadtests.person import FEEDBACK, PROCEDURE
from loadtests.scenarios.visitor import Staff, Visitor
from sync.canonical import Value

_AT_ONCE = 8


class Resident(Visitor):
    """Fills a form page by page, signs it, sends it, and looks for the receipt."""

    weight = 1

    def on_start(self) -> None:
        """Become someone new."""
        self.arrive(f"Người dân {random.randrange(10**6)}")

    @task(3)
    def submit(self) -> None:
        """Send a form in: a draft that grows, a signed submission, a receipt."""
        answers = feedback()
        self.send(PROCEDURE, answers, self.fill(PROCEDURE, answers))

    @task(1)
    def put_off(self) -> None:
        """Fill a form and leave it for another day."""
        self.fill(PROCEDURE, feedback())

    @task(1)
    def sign_in(self) -> None:
        """Sign in once more, as after a session's end."""
        self.think()
        self.phone.persist(self.phone.person.sign_in)

    @task(2)
    def look(self) -> None:
        """Open the app to see what is new."""
        self.think()
        self.phone.pull()

    def fill(self, procedure: str, given: dict[str, Any]) -> str:
        """Fill a form on the phone; what was filled syncs as one goes, save rows. Return the draft's id."""
        person = self.phone.person
        answers = [(name, value) for name, value in given.items() if name != "photos"]
        draft, changes = person.draft(procedure, dict(answers[:2]))
        changes.append(person.change("draft", draft, "language", "vi"))
        self.phone.push("draft", *changes)
        for start in range(2, len(answers), 4):
            self.think()
            page = answers[start : start + 4]
            self.phone.push("draft", *(person.change("draft", draft, f"answer/{name}", value) for name, value in page))
        return draft

    def send(self, procedure: str, answers: dict[str, Any], draft: str) -> None:
        """Sign, send, and wait for the receipt."""
        person = self.phone.person
        self.think(2)
        submission, change = person.submission(procedure, answers, draft=draft)
        sent = person.change("draft", draft, "submission", submission)
        if 0 not in self.phone.push("submit", change, sent):
            return
        self.phone.note(submission)
        while ("receipt", submission) not in person.records:
            self.think()
            self.phone.pull()
        self.phone.note(submission, str(person.records["receipt", submission]["code"].shown))


class Officer(Staff):
    """Follows the unit's feed and acknowledges what arrives."""

    role = "officer"

    def on_start(self) -> None:
        """Come in by the link that the operator made."""
        self.done = set[str]()
        self.report_for_work("Cán bộ")

    @task
    def receive(self) -> None:
        """Wait until something moves, pull, and acknowledge one's share of it."""
        phone = self.phone
        phone.moved.wait(max(0.5, 5 * self.think_time))
        phone.moved.clear()
        self.think(0.5)
        phone.pull()
        for start in range(0, len(waiting := self.waiting()), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            phone.push("acknowledge", *(phone.person.acknowledgement(submission) for submission in some))
            self.done.update(some)

    def waiting(self) -> list[str]:
        """Return the submissions that fall to this officer."""
        submissions = (id for kind, id in self.phone.person.records if kind == "submission")
        mine = (id for id in submissions if zlib.crc32(id.encode()) % self.colleagues == self.place)
        return [id for id in mine if id not in self.done]


def feedback() -> dict[str, Value]:
    """Return answers of which no two are alike."""
    return {**FEEDBACK, "description": f"{FEEDBACK['description']} Ngập khoảng {random.randint(10, 60)} cm."}
