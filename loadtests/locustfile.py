"""A peak day in small: residents who enrol, fill, sign and send; officers who receive and acknowledge.

    locust -f loadtests/locustfile.py --headless --host http://localhost:8000 --users 40 --run-time 1m

Every person has a passkey and a device key of their own, and every signature is a true one. Officers need enrolment
links (`--officers`, a file with one a line); without them the offices stay empty.
"""

from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser

from loadtests.client import Phone, Refused, Unanswered
from loadtests.ledger import Ledger
from loadtests.person import FEEDBACK, PROCEDURE

_AT_ONCE = 8


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def _options(parser: Any) -> None:
    parser.add_argument("--think", type=float, default=1.0, help="mean time (s) that people think; 0: none")
    parser.add_argument("--sockets", type=float, default=0.25, help="share of people with a live socket, 0 to 1")
    parser.add_argument("--officers", default="", help="a file of officers' enrolment links, one a line")
    parser.add_argument("--ledger", default="", help="the file that says what was acknowledged")


@events.init.add_listener  # type: ignore[untyped-decorator]
def _begin(environment: Any, **_: Any) -> None:
    options = environment.parsed_options
    Visitor.think_time, Visitor.sockets = options.think, options.sockets
    Resident.ledger = Ledger(Path(options.ledger)) if options.ledger else None
    Officer.links = Path(options.officers).read_text().split() if options.officers else []
    Officer.fixed_count = Officer.count = len(Officer.links)


class Visitor(FastHttpUser):
    """What residents and officers have in common."""

    abstract = True
    wait_time = constant(0)
    think_time = 1.0
    sockets = 0.25
    phone: Phone

    def arrive(self, name: str, link: str | None = None) -> None:
        """Make an account, enrol the phone, and pull for the first time."""
        self.phone = Phone(self, name=name)
        try:
            self.phone.person.register(link)
            self.phone.person.enrol_device()
            self.phone.pull()
            if random.random() < self.sockets:
                self.phone.listen()
        except (Refused, Unanswered) as error:
            raise StopUser from error

    def on_stop(self) -> None:
        """Hang up."""
        self.phone.hang_up()

    def think(self, times: float = 1.0) -> None:
        """Do nothing for a while, as people do."""
        if self.think_time:
            gevent.sleep(random.expovariate(1 / (self.think_time * times)))


class Resident(Visitor):
    """Fills a form page by page, signs it, sends it, and looks for the receipt."""

    weight = 1
    ledger: Ledger | None = None

    def on_start(self) -> None:
        """Become someone new."""
        self.arrive(f"Người dân {random.randrange(10**6)}")

    @task(3)
    def submit(self) -> None:
        """Send a form in: a draft that grows, a signed submission, a receipt."""
        draft = self.fill()
        person = self.phone.person
        self.think(2)
        submission, change = person.submission(PROCEDURE, _answers(), draft=draft)
        sent = person.change("draft", draft, "submission", submission)
        if 0 not in self.phone.push("submit", change, sent):
            return
        self.note(submission)
        while ("receipt", submission) not in person.records:
            self.think()
            self.phone.pull()
        self.note(submission, str(person.records["receipt", submission]["code"].shown))

    @task(1)
    def put_off(self) -> None:
        """Fill a form and leave it for another day."""
        self.fill()

    def fill(self) -> str:
        """Fill a form on the phone; what was filled syncs as one goes. Return the draft's id."""
        person = self.phone.person
        answers = list(_answers().items())
        draft, changes = person.draft(PROCEDURE, dict(answers[:2]))
        changes.append(person.change("draft", draft, "language", "vi"))
        self.phone.push("draft", *changes)
        for start in range(2, len(answers), 4):
            self.think()
            page = answers[start : start + 4]
            self.phone.push("draft", *(person.change("draft", draft, f"answer/{name}", value) for name, value in page))
        return draft

    @task(1)
    def sign_in(self) -> None:
        """Sign in once more, as after a session's end."""
        self.think()
        self.phone.person.sign_in()

    @task(2)
    def look(self) -> None:
        """Open the app to see what is new."""
        self.think()
        self.phone.pull()

    def note(self, submission: str, code: str | None = None) -> None:
        """Write down what the server acknowledged."""
        if self.ledger is not None:
            self.ledger.note(submission, code)


class Officer(Visitor):
    """Follows the unit's feed and acknowledges what arrives."""

    links: ClassVar[list[str]] = []
    count = 0

    def on_start(self) -> None:
        """Come in by the link that the operator made."""
        self.place, self.done = len(self.links) - 1, set[str]()
        self.arrive(f"Cán bộ {self.place + 1}", self.links.pop().partition("#")[2])

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
        """Return the submissions that fall to this officer: each falls to exactly one."""
        submissions = (id for kind, id in self.phone.person.records if kind == "submission")
        mine = (id for id in submissions if zlib.crc32(id.encode()) % self.count == self.place)
        return [id for id in mine if id not in self.done]


def _answers() -> dict[str, Any]:
    return {**FEEDBACK, "description": f"{FEEDBACK['description']} Ngập khoảng {random.randint(10, 60)} cm."}
