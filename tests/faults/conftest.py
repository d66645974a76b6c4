"""Residents who use a real service over plain HTTP, and who send again whatever was not answered."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from loadtests import crowd
from loadtests.person import Person
from loadtests.service import Service
from server.auth import sessions
from server.errors import Problem
from tests.cities import NewDemo

PATIENCE = 60.0
"""How long (s) a phone sends the same request again before the test fails."""
PAUSE = 0.02


@dataclass
class Line:
    """A phone's line to the service. `port` is the service's, or that of a proxy before it."""

    origin: str
    port: int
    secret: str
    unanswered: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    _connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Ask once; return status and body. A cut line raises `OSError` or `HTTPException`."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            whole = {"Origin": self.origin, "Cookie": f"{sessions.COOKIE}={self.secret}", **headers}
            self._connection.request(method, path, body, {name.replace("_", "-"): each for name, each in whole.items()})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Hang up; the next request makes a connection of its own, to any process of the service."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post_once(self, path: str, body: Any) -> Any:
        """Post JSON once; a problem is raised as `Problem`."""
        status, answer = self.ask("POST", path, json.dumps(body).encode(), Content_Type="application/json")
        value = json.loads(answer)
        if status >= 400:
            raise Problem(value["code"], value.get("detail", ""))
        return value

    def post(self, path: str, body: Any) -> Any:
        """Post the same JSON until it is answered."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.post_once(path, body)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
            except Problem as problem:
                if problem.code != "unavailable":
                    raise
            if time.monotonic() > deadline:
                raise TimeoutError(f"expected an answer to {path} within {PATIENCE} s")
            self.stopped.wait(PAUSE)


@dataclass
class Resident:
    """A person of the crowd, their line, and what was acknowledged to them: each batch with its first answer."""

    person: Person
    line: Line
    acknowledged: list[tuple[str, Any]] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    records: set[tuple[str, str]] = field(default_factory=set)
    """Records that were written, in batches: each batch moves each of its records once."""
    moves: int = 0

    def send(self, *batches: list[Any]) -> Any:
        """Send each list of changes as a batch, all in one request, until they are answered."""
        signed = [self.person.device.batch(changes, at=self.person.now()) for changes in batches]
        answers = self.person.exchange(signed)
        for jws, changes, answer in zip(signed, batches, answers, strict=True):
            assert answer["result"] in ("ok", "dup"), answer
            assert answer["refused"] == [], answer
            self.acknowledged.append((jws, answer))
            self.moves += len({(change["kind"], change["id"]) for change in changes})
        return answers


NewResidents = Callable[[Service, int], list[Resident]]


def make_residents(service: Service, count: int) -> list[Resident]:
    """Make residents straight in the data of a service that does not run."""
    parts = crowd.parts_of(service)
    made = [Resident(person, Line(service.origin, service.port, secret)) for person, secret in crowd.make(parts, count)]
    parts.store.close()
    for resident in made:
        resident.person.post = resident.line.post
    return made


@pytest.fixture
def service(tmp_path: Path, new_demo: NewDemo) -> Iterator[Service]:
    """The service with its demo city, not yet running."""
    service = new_demo(tmp_path / "data", workers=2)
    yield service
    service.kill()
