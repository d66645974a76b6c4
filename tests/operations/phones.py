"""Phones that send on and on while an operator does something, and to which nothing but an answer is good enough."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterable

from loadtests.ledger import Noted
from loadtests.person import FEEDBACK, PROCEDURE
from server.auth import sessions
from sync import batch as batches
from tests.faults.conftest import Resident

PACE = 0.1
"""Seconds from one submission of a phone to its next."""


class Phone(threading.Thread):
    """Sends submission after submission, each once, and notes what was acknowledged; whatever else comes is a fault."""

    def __init__(self, resident: Resident, over: threading.Event, *, port: int | None = None) -> None:
        super().__init__()
        self._resident, self._over, self._port = resident, over, port or resident.line.port
        self.noted = Noted()
        self.fault: BaseException | None = None
        self.closes = 0

    def run(self) -> None:
        try:
            self._send_on()
        except BaseException as error:  # noqa: BLE001  # looked at by the test
            self.fault = error
            self._over.set()

    def _send_on(self) -> None:
        person, line, used = self._resident.person, None, 0.0
        headers = {
            "Content-Type": "application/json", "Origin": self._resident.line.origin,
            "Cookie": f"{sessions.COOKIE}={self._resident.line.secret}",
        }  # fmt: skip
        while not self._over.is_set():
            id, change = person.submission(PROCEDURE, {**FEEDBACK, "place": f"Số {time.monotonic_ns()}"})
            jws = person.device.batch([change], at=person.now())
            if line is None or time.monotonic() - used > 0.5:  # as every client does: a server may close the idle
                line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
            line.request("POST", "/sync", json.dumps({"batches": [jws], "limit": 1}), headers)
            answer = line.getresponse()
            said = json.loads(answer.read())
            assert answer.status == 200, said
            assert (said["answers"][0]["result"], said["answers"][0]["refused"]) == ("ok", []), said
            batch, used = batches.parse(jws), time.monotonic()
            self.noted.submissions[id] = None
            self.noted.batches[batch.device, batch.seq] = batch.hash
            self.closes += answer.getheader("Connection") == "close"
            self._over.wait(PACE)


def wait_for_each(phones: Iterable[Phone], over: threading.Event) -> None:
    """Wait until each phone has had an answer since now, or one has met a fault."""
    before = [(phone, len(phone.noted.submissions)) for phone in phones]
    while not over.is_set() and any(len(phone.noted.submissions) <= sent for phone, sent in before):
        time.sleep(0.02)


def together(phones: Iterable[Phone]) -> Noted:
    """Return what all of them were told."""
    noted = Noted()
    for phone in phones:
        noted.submissions.update(phone.noted.submissions)
        noted.batches.update(phone.noted.batches)
    return noted
