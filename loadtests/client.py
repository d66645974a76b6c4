"""How a simulated person reaches the server: over Locust's HTTP client, as patient as the app is."""

from __future__ import annotations

import time
from typing import Any

import gevent
import websocket
from gevent.event import Event
from locust.contrib.fasthttp import FastHttpUser

from loadtests.person import Person
from sync.canonical import Value

_TRIES = 20


class Refused(Exception):
    """The server answered with a problem, or refused what was sent; the message is its code."""


class Unanswered(Exception):
    """No answer came, or one that asks to come again; whether the server took anything is not known."""


class Phone:
    """A person's phone: sends, sends again until it is answered, and may keep a live socket open."""

    def __init__(self, user: FastHttpUser, *, name: str) -> None:
        self._user = user
        self._origin = str(user.host)
        self._sent: float | None = None
        self._doing = "pull"
        self._socket: Any = None
        self.moved = Event()
        self.person = Person(self.post, "localhost", self._origin, lambda: time.time_ns() // 1_000_000, name=name)

    def post(self, path: str, body: Any) -> Any:
        """Send JSON and return the answer's; failures count under the problem's code."""
        name = path if path != "/sync" else f"/sync {self._doing if body['batches'] else 'pull'}"
        with self._user.client.request(
            "POST", path, json=body, headers={"Origin": self._origin}, name=name, catch_response=True
        ) as answer:
            if answer.status_code == 0:
                answer.failure("no answer")
                raise Unanswered(str(answer.error))
            said = answer.json() if answer.content else None
            if answer.status_code >= 400:
                code = said.get("code", "unknown") if isinstance(said, dict) else "unknown"
                answer.failure(code)
                raise (Unanswered if answer.status_code == 503 else Refused)(code)
            complaint = _complaint(said)
            if complaint:
                answer.failure(complaint)
            return said

    def pull(self) -> None:
        """Pull what is new."""
        self._deliver([])

    def push(self, doing: str, *changes: Value) -> frozenset[int]:
        """Send changes as one batch and pull; return the indexes of those that the server took.

        The same signed bytes go again until there is an answer, which is what the app's outbox does.
        """
        batch = self.person.device.batch(list(changes), at=self.person.now())
        self._doing, self._sent = doing, time.perf_counter()
        (answer,) = self._deliver([batch])
        if answer["result"] not in ("ok", "dup"):
            raise Refused(str(answer.get("code", answer["result"])))
        return frozenset(range(len(changes))) - {each["index"] for each in answer["refused"]}

    def listen(self) -> None:
        """Open a live socket; `moved` is set whenever a feed moves."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._user.client.cookiejar)
        url = self._origin.replace("http", "ws", 1) + "/live"
        self._socket = websocket.create_connection(url, origin=self._origin, cookie=cookies, timeout=60)
        gevent.spawn(self._hear, self._socket)

    def hang_up(self) -> None:
        """Close the live socket, if there is one."""
        if self._socket is not None:
            self._socket.close()

    def _deliver(self, batches: list[str]) -> Any:
        for attempt in range(_TRIES):
            try:
                return self.person.exchange(batches)
            except Unanswered:
                gevent.sleep(min(5.0, 0.2 * 2**attempt))
        raise Unanswered(f"no answer to {_TRIES} tries")

    def _hear(self, connection: Any) -> None:
        while True:
            try:
                said = connection.recv()
            except (websocket.WebSocketException, OSError):
                return
            if not said:
                return
            self.moved.set()
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


def _complaint(said: Any) -> str:
    answers = said.get("answers", ()) if isinstance(said, dict) else ()
    codes = [each["code"] for answer in answers for each in answer.get("refused", ())]
    codes += [answer.get("code", answer["result"]) for answer in answers if answer["result"] not in ("ok", "dup")]
    return ", ".join(sorted(set(codes)))
