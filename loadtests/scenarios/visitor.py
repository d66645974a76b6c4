"""What all simulated people have in common: an account, a phone, some thought; staff come in by links."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import FastHttpUser, constant, events
from locust.exception import StopUser
from locust.runners import WorkerRunner

from loadtests.client import Phone, Refused, Unanswered
from loadtests.ledger import Ledger
from loadtests.scenarios.decks import Deck
from loadtests.scenarios.settings import ledger_of, origin_of


@events.init.add_listener  # type: ignore[untyped-decorator]
def _begin(environment: Any, **_: Any) -> None:
    options = environment.parsed_options
    Visitor.think_time, Visitor.sockets = options.think, options.sockets
    Visitor.ledger = ledger_of(environment)
    hired = [each for each in environment.user_classes if issubclass(each, Staff)]
    for kind in hired:
        cards = list(_cards(Path(options.links), kind.role)) if options.links else []
        kind.fixed_count = len(cards)
        kind.links = Deck(environment, kind.role, cards)
    if not isinstance(environment.runner, WorkerRunner):
        # A class of which there is to be nobody must not be chosen by its weight.
        environment.user_classes = [
            each for each in environment.user_classes if each not in hired or each.fixed_count > 0
        ]


def _cards(file: Path, role: str) -> Iterator[str]:
    """Yield `place count link` for each link of a role: the how manieth of its unit it is, and of how many."""
    lines = [line.split() for line in file.read_text().splitlines() if line]
    mine = [(unit, link) for each, unit, link in lines if each == role]
    places: Counter[str] = Counter()
    for unit, link in mine:
        yield f"{places[unit]} {sum(each == unit for each, _ in mine)} {link}"
        places[unit] += 1


class Visitor(FastHttpUser):
    """Somebody with a phone."""

    abstract = True
    wait_time = constant(0)
    network_timeout = connection_timeout = 90.0
    think_time = 1.0
    sockets = 0.25
    ledger: Ledger | None = None
    phone: Phone

    def arrive(self, name: str, link: str | None = None) -> None:
        """Make an account, enrol the phone, and pull for the first time."""
        self.phone = Phone(self, name=name, origin=origin_of(self.environment), ledger=self.ledger)
        person = self.phone.person
        try:
            self.phone.persist(lambda: self.phone.enrol(link))
            self.phone.persist(person.enrol_device)
            self.phone.pull()
            if random.random() < self.sockets:
                self.phone.listen()
        except (Refused, Unanswered) as error:
            raise StopUser from error

    def on_stop(self) -> None:
        """Hang up."""
        if hasattr(self, "phone"):
            self.phone.hang_up()

    def think(self, times: float = 1.0) -> None:
        """Do nothing for a while, as people do."""
        if self.think_time:
            gevent.sleep(random.expovariate(1 / (self.think_time * times)))


class Staff(Visitor):
    """Somebody who came in by a link that the operator made; each link is for one."""

    abstract = True
    role: ClassVar[str]
    links: ClassVar[Deck]
    fixed_count = 0
    place, colleagues = 0, 1

    def report_for_work(self, name: str) -> None:
        """Take a link and come in; `place` is which one of the unit's `colleagues` this is, from 0 on."""
        card = self.links.take()
        if card is None:
            raise StopUser
        place, colleagues, link = card.split()
        self.place, self.colleagues = int(place), int(colleagues)
        self.arrive(f"{name} {self.place + 1}", link.partition("#")[2])
