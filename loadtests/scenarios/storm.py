"""An outage is over, and a city of phones with full outboxes comes back within a minute or so.

What a phone sends was signed beforehand with its own keys (`loadtests/outboxes.py`), as it would have been. It follows
the app's rules: at most six batches in a request, the same bytes until they are answered, full jitter, Retry-After.
"""

from __future__ import annotations

import gzip
import http.client
import json
import random
import time
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import gevent
from gevent.event import Event
from locust import LoadTestShape, User, constant, events, task
from locust.runners import WorkerRunner

from loadtests.ledger import Ledger
from loadtests.outboxes import Outboxes
from loadtests.outboxes import Phone as Prepared
from loadtests.patience import delay
from loadtests.scenarios.decks import Deck
from loadtests.scenarios.idle import Idle
from loadtests.scenarios.settings import ledger_of, origin_of
from server.auth.sessions import COOKIE
from sync.batch import hash_of

__all__ = ["Idle", "Returning", "Storm"]
_BATCHES = 6
"""`BATCHES` in pwa/src/data/exchange.ts."""
_PATIENCE = 90.0
_SECRET = 43


class TurnedAway(Exception):
    """The server is busy, or not there; `asked` is how long (s) it wants to be left alone, if it said so."""

    def __init__(self, why: str, *, asked: float | None = None) -> None:
        super().__init__(why)
        self.asked = asked


class Tally:
    """How many outboxes are in, in this process and, on the master, in all others."""

    def __init__(self, total: int) -> None:
        self.total, self._elsewhere, self.here = total, dict[str, int](), 0

    @property
    def complete(self) -> bool:
        """Whether every outbox is in."""
        return self.here + sum(self._elsewhere.values()) >= self.total

    def report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        """Say how many are in here (a worker's part of Locust's report to the master)."""
        data["outboxes"] = self.here

    def reported(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        """Hear how many are in at a worker."""
        self._elsewhere[client_id] = data.get("outboxes", 0)


@events.init.add_listener  # type: ignore[untyped-decorator]
def _begin(environment: Any, **_: Any) -> None:
    options = environment.parsed_options
    outboxes = Outboxes(Path(options.outboxes))
    Returning.outboxes, Returning.seats = outboxes, json.loads(Path(options.seats).read_text())
    Returning.deck = Deck(environment, "outbox", map(str, range(len(outboxes))))
    Returning.ledger = ledger_of(environment)
    Storm.tally = Returning.tally = Tally(len(outboxes))
    if isinstance(environment.runner, WorkerRunner):
        events.report_to_master.add_listener(Returning.tally.report)  # type: ignore[no-untyped-call]
    else:
        events.worker_report.add_listener(Returning.tally.reported)  # type: ignore[no-untyped-call]


class Storm(LoadTestShape):
    """All phones come back within `--lasts` seconds; it ends when every outbox is in."""

    tally: Tally

    def tick(self) -> tuple[int, float] | None:
        """Return the number of phones, and how many come a second."""
        runner: Any = self.runner
        options = runner.environment.parsed_options
        if self.tally.complete or time.perf_counter() - self.start_time > options.limit:
            return None
        return self.tally.total + Idle.fixed_count, self.tally.total / options.lasts


class Returning(User):
    """One phone. Once its outbox is in, it is quiet."""

    wait_time = constant(0)
    outboxes: ClassVar[Outboxes]
    seats: ClassVar[dict[str, Any]]
    deck: ClassVar[Deck]
    tally: ClassVar[Tally]
    ledger: ClassVar[Ledger | None] = None
    _connection: http.client.HTTPConnection | None = None

    @task
    def come_back(self) -> None:
        """Send the outbox."""
        gevent.sleep(random.random())
        number = self.deck.take()
        if number is not None:
            self._send(self.outboxes[int(number)], self.seats["secrets"][int(number)])
            type(self).tally.here += 1
        Event().wait()

    def _send(self, phone: Prepared, secret: str) -> None:
        cursors: dict[str, int] = {"public": self.seats["public"], f"person/{phone.seat.person}": 3}
        epoch, sent, more, failures, receipt = self.seats["epoch"], 0, False, 0, None
        while sent < len(phone.batches) or more:
            some = phone.batches[sent : sent + _BATCHES]
            body = json.dumps({"epoch": epoch, "cursors": cursors, "batches": some, "limit": 200}).encode()
            try:
                said = self._post(body, secret)
            except TurnedAway as error:
                failures += 1
                self._close()
                gevent.sleep(delay(failures, random.random(), asked=error.asked))
                continue
            failures, epoch, cursors, more = 0, said["epoch"], said["cursors"], said["more"]
            for offset, answer in enumerate(said["answers"]):
                if answer["result"] not in ("ok", "dup") or answer["refused"]:
                    self._fail(json.dumps(answer))
                    gevent.sleep(_PATIENCE)
                    return
                if self.ledger is not None:
                    self.ledger.batch(phone.seat.device, sent + offset + 1, hash_of(some[offset]))
            sent += len(some)
            receipt = receipt or _receipt(said["entries"], phone.submission)
            if self.ledger is not None and sent == len(phone.batches):
                self.ledger.note(phone.submission, receipt)
        self._close()

    def _post(self, body: bytes, secret: str) -> Any:
        """Return the JSON of the answer, or raise `TurnedAway`."""
        origin, began, length = origin_of(self.environment), time.perf_counter(), 0
        headers = {
            "Origin": origin, "Content-Type": "application/json", "Accept-Encoding": "gzip",
            "Cookie": f"{COOKIE}={secret}",
        }  # fmt: skip
        name, error = "/sync outbox", None
        try:
            connection = self._open()
            connection.request("POST", "/sync", body, headers)
            answer = connection.getresponse()
            data = answer.read()
            length = len(data)
            if answer.status == 503:
                name = "/sync turned away (503)"
                raise TurnedAway("503", asked=float(answer.headers.get("Retry-After", 1)))
            if answer.headers.get("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
            if answer.status != 200:
                error = TurnedAway(f"{answer.status} {data[:200]!r}")
                raise error
            return json.loads(data)
        except (OSError, http.client.HTTPException) as lost:
            name = "/sync no answer"
            raise TurnedAway(str(lost)) from lost
        finally:
            took = (time.perf_counter() - began) * 1000
            self._note(name, took, length, error)

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            host = urlsplit(str(self.host))
            kind = http.client.HTTPSConnection if host.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(host.hostname or "localhost", host.port, timeout=_PATIENCE)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _fail(self, why: str) -> None:
        self._note("/sync outbox", 0.0, 0, TurnedAway(why))

    def _note(self, name: str, took: float, length: int, error: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type="POST", name=name, response_time=took, response_length=length, exception=error, context={}
        )


def _receipt(entries: list[Any], submission: str) -> str | None:
    for entry in entries:
        if entry["kind"] == "receipt" and entry["id"] == submission:
            return str(entry["state"]["code"]["heads"][-1]["value"])
    return None
