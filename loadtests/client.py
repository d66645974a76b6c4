"""How a simulated person reaches the server: over Locust's HTTP client, as patient as the app is."""

from __future__ import annotations

import hashlib
import json
import random
import time
import zlib
from collections.abc import Callable
from typing import Any, Final

import gevent
import websocket
from gevent.event import Event
from locust.contrib.fasthttp import FastHttpUser

from loadtests.ledger import Ledger
from loadtests.patience import delay
from loadtests.person import Person
from sync.batch import hash_of
from sync.canonical import Value

_TRIES: Final = 12
_CHUNK: Final = 256 * 1024
_LEAST: Final = 16 * 1024
"""How much of a file goes in one request, in bytes: halved when the link was cut, as pwa/src/data/pace.ts does."""
AWAY: Final = "turned away (503)"
LOST: Final = "no answer"
ENROLLED: Final = "passkey_taken"
"""The passkey has an account: what is answered when the first answer was lost, and no failure."""


class Refused(Exception):
    """The server answered with a problem, or refused what was sent; the message is its code."""


class Unanswered(Exception):
    """No answer came, or one that asks to come again after `asked` seconds; whether anything was taken is not known."""

    def __init__(self, why: str, *, asked: float | None = None) -> None:
        super().__init__(why)
        self.asked = asked


class Phone:
    """A person's phone: sends, sends again until it is answered, and may keep a live socket open.

    `origin` is that of the pages, which a proxy before the service does not change.
    """

    def __init__(self, user: FastHttpUser, *, name: str, origin: str, ledger: Ledger | None = None) -> None:
        self._user = user
        self._origin, self._ledger = origin, ledger
        self._sent: float | None = None
        self._doing = "pull"
        self._socket: Any = None
        self.moved = Event()
        self.person = Person(self.post, "localhost", origin, lambda: time.time_ns() // 1_000_000, name=name)

    def post(self, path: str, body: Any) -> Any:
        """Send JSON and return the answer's; failures count under the problem's code."""
        doing = f"/sync {self._doing if body['batches'] else 'pull'}" if path == "/sync" else path
        answer = self.request("POST", path, doing, json=body)
        return answer.json() if answer.content else None

    def request(self, method: str, path: str, name: str, **more: Any) -> Any:
        """Send a request. Raises `Unanswered` or `Refused`; what the server asks to send again is no failure."""
        headers = {"Origin": self._origin, **more.pop("headers", {})}
        try:
            return self._asked(method, path, name, headers=headers, **more)
        except (zlib.error, json.JSONDecodeError) as error:
            raise Unanswered(f"only a part of the answer came: {error}") from error

    def _asked(self, method: str, path: str, name: str, **more: Any) -> Any:
        with self._user.client.request(method, path, name=name, catch_response=True, **more) as answer:
            if answer.status_code == 0:
                answer.request_meta["name"] = f"{method} {LOST}"
                answer.success()
                raise Unanswered(str(answer.error))
            if answer.status_code == 503:
                answer.request_meta["name"] = f"{method} {AWAY}"
                answer.success()
                raise Unanswered("503", asked=float(answer.headers.get("Retry-After", 1)))
            if answer.status_code >= 400 and (method, answer.status_code) != ("PATCH", 409):
                code = _code(answer)
                if code == ENROLLED:
                    answer.success()
                else:
                    answer.failure(code)
                raise Refused(code)
            if path == "/sync":
                complaint = _complaint(answer.json())
                if complaint:
                    answer.failure(complaint)
                    return answer
            answer.success()
            return answer

    def persist(self, act: Callable[[], Any]) -> Any:
        """Do something, again and again until it is answered (SPEC.md T1)."""
        for failures in range(1, _TRIES + 1):
            try:
                return act()
            except Unanswered as error:
                gevent.sleep(delay(failures, random.random(), asked=error.asked))
        raise Unanswered(f"no answer to {_TRIES} tries")

    def enrol(self, link: str | None) -> None:
        """Make an account; when it was made and its answer was lost, sign in."""
        try:
            self.person.register(link)
        except Refused as error:
            if str(error) != ENROLLED:
                raise
            self.person.sign_in()

    def pull(self) -> None:
        """Pull what is new."""
        self._deliver([])

    def push(self, doing: str, *changes: Value) -> frozenset[int]:
        """Send changes as one batch and pull; return the indexes of those that the server took.

        The same signed bytes go again until there is an answer, which is what the app's outbox does.
        """
        device = self.person.device
        batch = device.batch(list(changes), at=self.person.now())
        self._doing, self._sent = doing, time.perf_counter()
        (answer,) = self._deliver([batch])
        if answer["result"] not in ("ok", "dup"):
            raise Refused(str(answer.get("code", answer["result"])))
        if self._ledger is not None:
            self._ledger.batch(device.id, answer["seq"], hash_of(batch))
        return frozenset(range(len(changes))) - {each["index"] for each in answer["refused"]}

    def upload(self, data: bytes) -> str:
        """Send a file in parts, from where the server has it; return its name, the SHA-256."""
        name, chunk, whole = hashlib.sha256(data).hexdigest(), _CHUNK, False
        path = f"/blobs/{name}"
        offset, cuts = self._whereabouts(path), 0
        while not whole:
            part = data[offset : offset + chunk]
            headers = {"Upload-Offset": str(offset), "Upload-Length": str(len(data))}
            try:
                answer = self.request("PATCH", path, "PATCH /blobs", headers=headers, data=part)
            except Unanswered as error:
                cuts, chunk = cuts + 1, max(_LEAST, chunk // 2)
                if cuts > _TRIES * 4:
                    raise
                gevent.sleep(delay(min(cuts, 3), random.random(), asked=error.asked))
                offset = self._whereabouts(path)
                whole = offset == len(data)
                continue
            if answer.status_code == 409:
                offset = self._whereabouts(path)
                continue
            offset, whole = int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"] == "?1"
        if self._ledger is not None:
            self._ledger.blob(name, len(data))
        return name

    def listen(self) -> None:
        """Open a live socket; `moved` is set whenever a feed moves."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._user.client.cookiejar)
        url = str(self._user.host).replace("http", "ws", 1) + "/live"
        try:
            self._socket = websocket.create_connection(url, origin=self._origin, cookie=cookies, timeout=60)
        except (websocket.WebSocketException, OSError):
            return  # all works without it
        gevent.spawn(self._hear, self._socket)

    def hang_up(self) -> None:
        """Close the live socket, if there is one."""
        if self._socket is not None:
            self._socket.close()

    def note(self, submission: str, code: str | None = None) -> None:
        """Write down that a submission was acknowledged, and its code once the receipt has come."""
        if self._ledger is not None:
            self._ledger.note(submission, code)

    def _whereabouts(self, path: str) -> int:
        answer = self.persist(lambda: self.request("HEAD", path, "HEAD /blobs"))
        return int(answer.headers["Upload-Offset"])

    def _deliver(self, batches: list[str]) -> Any:
        return self.persist(lambda: self.person.exchange(batches))

    def _hear(self, connection: Any) -> None:
        while True:
            try:
                said = connection.recv()
            except (websocket.WebSocketException, OSError):
                return
            if not said:
                return
            # A poke to many asks each to pull at a moment of its own choice (SPEC.md L3).
            gevent.spawn_later(random.random() * json.loads(said).get("within", 0) / 1000, self.moved.set)
            if self._sent is not None:
                waited, self._sent = time.perf_counter() - self._sent, None
                self._user.environment.events.request.fire(
                    request_type="WS",
                    name="/live poke after a push",
                    response_time=waited * 1000,
                    response_length=len(said),
                    exception=None,
                    context={},
                )


def _code(answer: Any) -> str:
    try:
        return str(answer.json().get("code", answer.status_code))
    except ValueError:
        return str(answer.status_code)


def _complaint(said: Any) -> str:
    answers = said.get("answers", ()) if isinstance(said, dict) else ()
    codes = [each["code"] for answer in answers for each in answer.get("refused", ())]
    codes += [answer.get("code", answer["result"]) for answer in answers if answer["result"] not in ("ok", "dup")]
    return ", ".join(sorted(set(codes)))
