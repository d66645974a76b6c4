"""Thousands of spoilt requests through the real application: each gets a valid answer or a problem, never a failure.

The seed is printed; `FUZZ_SEED=...` plays a run again. A seed that found something becomes a case with a name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.config import Config
from server.errors import PROBLEMS
from sync import batch, canonical, record
from sync.limits import Invalid
from tests.conftest import ORIGIN
from tests.features.client import post_with
from tests.features.conftest import NewPerson
from tests.features.spoiling import ROUNDS, dumped, prove_whole, seeded, spoil, spoil_bytes, spoil_text, valid
from tests.features.test_hostile import jws_of
from tests.features.test_hostile_requests import session_of


def valid_sync(answer: TestResponse) -> list[Any]:
    body = valid(answer)
    if answer.status_code >= 400:
        return []
    assert body.keys() == {"epoch", "time", "backed_up", "answers", "entries", "cursors", "more"}
    for each in body["answers"]:
        members = {
            "ok": {"seq", "refused"}, "dup": {"seq", "refused"}, "gap": {"expected"}, "fork": set(),
            "invalid": {"code", "retry"},
        }[each["result"]]  # fmt: skip
        assert each.keys() == members | {"result"}
        for refused in [*each.get("refused", []), *([each] if "code" in each else [])]:
            assert refused["retry"] is PROBLEMS[refused["code"]].retry
    for entry in body["entries"]:
        assert entry["digest"] == record.digest(record.from_json(entry["state"]))
    return list(body["answers"])


class Phone:
    """A resident whose honest batches are spoilt in many ways; a chain that closes begins anew on another device."""

    def __init__(self, web: Flask, new_person: NewPerson, chance: random.Random) -> None:
        self._web, self._new_person, self.chance = web, new_person, chance
        self.seen: Counter[str] = Counter()
        self.begin()

    def begin(self) -> None:
        self.person = self._new_person()
        self.client = self._web.test_client()
        other = Person(post_with(self.client), "localhost", ORIGIN, self.person.now)
        other.passkey = self.person.passkey
        other.sign_in()
        self.draft, changes = self.person.draft(PROCEDURE, FEEDBACK)
        self.changes: list[Any] = changes
        self.person.sync(*changes)

    def post(self, body: bytes, **headers: str) -> list[Any]:
        answers = valid_sync(self.client.post("/sync", data=body, headers={"Origin": ORIGIN, **headers}))
        self.seen.update(answer["result"] for answer in answers)
        self.seen.update(each["code"] for answer in answers for each in answer.get("refused", []))
        if any(answer["result"] == "fork" or answer.get("code") == "device_revoked" for answer in answers):
            self.begin()
        return answers

    def payload(self) -> dict[str, Any]:
        device = self.person.device
        return {"seq": device.seq + 1, "prev": device.prev, "at": self.person.now(), "changes": self.some_changes()}

    def some_changes(self) -> list[Any]:
        person, chance = self.person, self.chance
        what = chance.random()
        if what < 0.4:
            keys = chance.sample(sorted(FEEDBACK), 3)
            return [person.change("draft", self.draft, f"answer/{key}", FEEDBACK[key]) for key in keys]
        if what < 0.6:
            return self.person.draft(PROCEDURE, {"topic": "flood"})[1]
        return [self.signed_act(spoilt=what < 0.9)]

    def signed_act(self, *, spoilt: bool) -> Any:
        """Return a submission whose document is perhaps spoilt, yet truly signed by the passkey."""
        document: Any = self.person.document(PROCEDURE, FEEDBACK)
        id = document["id"]
        for _ in range(20 if spoilt else 0):
            try:
                spoilt_document = spoil(document, self.chance)
                canonical.decode(canonical.encode(spoilt_document))
                document = spoilt_document
                break
            except Invalid:
                continue
        act = {**self.person.passkey.sign(document), "draft": self.draft}
        return self.person.change("submission", id, "act", act)

    def send_payload(self, payload: Any) -> None:
        """Sign whatever it is with the true key; when it takes its place, the chain goes on from it."""
        jws = jws_of(self.person.device, payload if isinstance(payload, bytes) else dumped(payload))
        device = self.person.device
        answers = self.post(dumped({"batches": [jws], "limit": 1}))
        if answers and answers[0]["result"] == "ok":
            device.seq, device.prev = answers[0]["seq"], batch.hash_of(jws)


def _payload(phone: Phone) -> None:
    phone.send_payload(spoil(phone.payload(), phone.chance))


def _change(phone: Phone) -> None:
    payload = phone.payload()
    for _ in range(phone.chance.choice((1, 1, 2))):
        payload["changes"] = spoil(payload["changes"], phone.chance)
    phone.send_payload(payload)


def _act(phone: Phone) -> None:
    payload = phone.payload()
    payload["changes"] = [phone.signed_act(spoilt=True)]
    phone.send_payload(payload)


def _text(phone: Phone) -> None:
    phone.send_payload(spoil_bytes(dumped(phone.payload()), phone.chance))


def _jws(phone: Phone) -> None:
    jws = jws_of(phone.person.device, phone.payload())
    phone.post(dumped({"batches": [spoil_text(jws, phone.chance)], "limit": 1}))


def _header(phone: Phone) -> None:
    header = {"alg": "ES256", "kid": phone.person.device.id, "typ": batch.TYPE}
    jws = jws_of(phone.person.device, phone.payload(), dumped(spoil(header, phone.chance)))
    phone.post(dumped({"batches": [jws], "limit": 1}))


def _body(phone: Phone) -> dict[str, Any]:
    jws = jws_of(phone.person.device, {**phone.payload(), "seq": phone.person.device.seq + 2, "prev": "A" * 43})
    return {"epoch": phone.person.epoch, "cursors": phone.person.cursors, "batches": [jws], "limit": 1}


def _request(phone: Phone) -> None:
    phone.post(dumped(spoil(_body(phone), phone.chance)))


def _wire(phone: Phone) -> None:
    phone.post(spoil_bytes(dumped(_body(phone)), phone.chance))


def _noise(phone: Phone) -> None:
    phone.post(phone.chance.randbytes(phone.chance.choice((0, 1, 10, 1000))))


def _headers(phone: Phone) -> None:
    names = ("Content-Type", "Content-Encoding", "Accept-Encoding", "Accept", "Upload-Offset", "If-None-Match",
             "Range", "X-Forwarded-For", "Transfer-Encoding", "Expect", "Upgrade", "Connection")  # fmt: skip
    chosen = phone.chance.sample(names, 3)
    letters = [chr(code) for code in range(32, 256) if code != 127]
    headers = {name: "".join(phone.chance.choices(letters, k=phone.chance.randrange(60))) for name in chosen}
    phone.post(dumped({"limit": 1}), **headers)


KINDS: tuple[Callable[[Phone], None], ...] = (
    _payload, _payload, _change, _change, _change, _act, _act, _text, _jws, _header, _request, _wire, _noise, _headers,
)  # fmt: skip


def test_G5_spoilt_batches_never_make_the_server_fail_and_leave_the_store_whole(
    web: Flask, new_person: NewPerson, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded(capsys)
    phone = Phone(web, new_person, chance)
    for _ in range(ROUNDS):
        chance.choice(KINDS)(phone)
    with capsys.disabled():
        print(f"{ROUNDS} rounds: {dict(phone.seen.most_common())}")
    assert phone.seen["ok"] > ROUNDS // 20
    assert len(phone.seen) > 20
    phone.person.sync(*phone.person.draft(PROCEDURE, FEEDBACK)[1])
    prove_whole(config)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
MEMBERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("epoch", "cursors", "batches", "limit", "name", "ceremony", "credential"), ANY_JSON)
)
PATHS = st.sampled_from(
    ["/sync", "/auth/register/options", "/auth/register", "/auth/signin/options", "/auth/signin", "/auth/devices",
     "/auth/devices/x/revoke", "/auth/links"]
)  # fmt: skip


@pytest.fixture
def signed_in(web: Flask, resident: Person) -> FlaskClient:
    return session_of(web, resident)[0]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, body=ANY_JSON | MEMBERS)
def test_G5_any_JSON_to_any_address_is_answered(signed_in: FlaskClient, path: str, body: Any) -> None:
    valid(signed_in.post(path, data=dumped(body), headers={"Origin": ORIGIN}))
