"""Thousands of spoilt requests through the real application: each gets a valid answer or a problem, never a failure.

The seed is printed; `FUZZ_SEED=...` plays a run again. A seed that found something becomes a case with a name.
"""

from __future__ import annotations

import copy
import json
import os
import random
import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
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
from tests.features.conftest import NewPerson, post_with
from tests.features.test_hostile import jws_of

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "3000"))
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53 - 1, 2**53, -(2**63), 10**40, 1.5, -0.0, float("nan"), float("inf"), "", "0",
    "\x00", "\ud800", "é", "é", "<script>", "../..", "a" * 300, "A" * 43, "__proto__", "%s%n", "🙂" * 20, [], {}, [[]],
    [None], {"": None}, {"a": {"a": {}}}, [[[[[[[[[[1]]]]]]]]]], ["x"] * 600, {"document": "{}", "assertion": {}},
)  # fmt: skip


def spoil(value: Any, chance: random.Random) -> Any:
    """Return `value` with one place in it changed: another type, other text, a member less or more."""
    value = copy.deepcopy(value)
    holder: list[Any] = [value]
    place: tuple[Any, Any] = (holder, 0)
    while chance.random() < 0.85:
        inner = place[0][place[1]]
        if isinstance(inner, dict) and inner:
            place = (inner, chance.choice(sorted(inner, key=str)))
        elif isinstance(inner, list) and inner:
            place = (inner, chance.randrange(len(inner)))
        else:
            break
    parent, key = place
    now = parent[key]
    if isinstance(now, str) and now and chance.random() < 0.5:
        parent[key] = spoil_text(now, chance)
    elif isinstance(now, int) and chance.random() < 0.4:
        parent[key] = now + chance.choice((-1, 1, 2**20, -(2**31)))
    elif isinstance(parent, dict) and chance.random() < 0.2:
        del parent[key]
    elif isinstance(now, dict) and chance.random() < 0.4:
        now[chance.choice(["", "extra", "typ", "__proto__", "\ud800"])] = chance.choice(JUNK)
    elif isinstance(now, list) and chance.random() < 0.4:
        now.extend(now[:3] or [chance.choice(JUNK)])
    else:
        parent[key] = chance.choice(JUNK)
    return holder[0]


def spoil_text(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at],
            text[at:],
            text[:at] + chance.choice('\x00A_-=.{}[]",:9é\ud800') + text[at + 1 :],
            text[:at] + text,
            text[:at] + text[at:].upper(),
        ]
    )


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        at = chance.randrange(len(found)) if found else 0
        what = chance.random()
        if what < 0.5 and found:
            found[at] ^= 1 << chance.randrange(8)
        elif what < 0.7:
            del found[at:]
        elif what < 0.85:
            del found[at : at + chance.randrange(1, 30)]
        else:
            found[at:at] = chance.randbytes(chance.randrange(1, 30))
    return bytes(found)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def valid(answer: TestResponse) -> Any:
    """Return the JSON of an answer that keeps to the protocol: no failure, and each problem told as it should be."""
    assert answer.status_code < 500, answer.data
    if answer.status_code == 204:
        return None
    body = answer.get_json()
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert PROBLEMS[body["code"]].status == answer.status_code == body["status"]
    return body


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


@pytest.fixture
def chance(capsys: pytest.CaptureFixture[str]) -> Iterator[random.Random]:
    seed = int(os.environ.get("FUZZ_SEED", secrets.randbits(32)))
    with capsys.disabled():
        print(f"\nFUZZ_SEED={seed}", end=" ")
    yield random.Random(seed)


def prove_whole(config: Config) -> None:
    """Check all that is stored: states decode, digests fit, and each feed ends at the number that it has counted to."""
    with sqlite3.connect(config.data / "motcua.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for kind, id, text, digest in connection.execute("SELECT kind, id, state, digest FROM records"):
            state = record.from_json(json.loads(text))
            assert record.encode(state) == text.encode(), (kind, id)
            assert record.digest(state) == digest, (kind, id)
            canonical.decode(text.replace("\x00", ""))
        for feed, height in connection.execute("SELECT feed, seq FROM feeds"):
            rows = "SELECT seq FROM entries WHERE feed = ? ORDER BY seq"
            numbers = [seq for (seq,) in connection.execute(rows, (feed,))]
            assert numbers[-1] == height
        for (device,) in connection.execute("SELECT DISTINCT device FROM batches"):
            rows = "SELECT seq, hash, jws FROM batches WHERE device = ? ORDER BY seq"
            prev = ""
            for place, (seq, hash, jws) in enumerate(connection.execute(rows, (device,)), start=1):
                parsed = batch.parse(jws)
                assert (parsed.seq, parsed.prev, parsed.hash) == (seq, prev, hash) == (place, prev, batch.hash_of(jws))
                prev = hash


def test_G5_spoilt_batches_never_make_the_server_fail_and_leave_the_store_whole(
    web: Flask, new_person: NewPerson, chance: random.Random, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
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


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, body=ANY_JSON | MEMBERS)
def test_G5_any_JSON_to_any_address_is_answered(web: Flask, resident: Person, path: str, body: Any) -> None:
    client: FlaskClient = resident.post.__closure__[0].cell_contents  # type: ignore[attr-defined]
    valid(client.post(path, data=dumped(body), headers={"Origin": ORIGIN}))


class Ceremonies:
    """Someone at the doors of `/auth`, with answers that were true before they were spoilt."""

    def __init__(self, web: Flask, chance: random.Random, person: Person) -> None:
        self.client = web.test_client()
        self.chance = chance
        self.person = Person(post_with(self.client), "localhost", ORIGIN, person.now)
        self.person.passkey = person.passkey
        self.person.sign_in()
        self.codes: Counter[str] = Counter()

    def post(self, path: str, body: Any, *, spoilt: bool = False) -> None:
        """Post a body, which is spoilt now if it was not before."""
        data = dumped(body if spoilt else spoil(body, self.chance))
        if not spoilt and self.chance.random() < 0.2:
            data = spoil_bytes(dumped(body), self.chance)
        answer = valid(self.client.post(path, data=data, headers={"Origin": ORIGIN}))
        self.codes[(answer or {}).get("code", "ok")] += 1

    def spoil_parts(self, response: Any, *names: str) -> bool:
        """Spoil the bytes of some parts, or none; say whether any was spoilt."""
        chosen = [name for name in names if self.chance.random() < 0.3]
        for name in chosen:
            response[name] = batch.base64url(spoil_bytes(batch.unbase64url(response[name]), self.chance))
        return bool(chosen)

    def begun(self, path: str, body: Any) -> Any:
        return self.person.post(path, body)

    def register(self) -> None:
        begun = self.begun("/auth/register/options", {"name": "Lê Văn Cường", "link": None})
        fresh = Person(self.person.post, "localhost", ORIGIN, self.person.now)
        credential: Any = fresh.passkey.register(begun["options"])
        spoilt = self.spoil_parts(credential["response"], "attestationObject", "attestationObject", "clientDataJSON")
        body = {"ceremony": begun["ceremony"], "credential": credential, "label": "x"}
        self.post("/auth/register", body, spoilt=spoilt)

    def sign_in(self) -> None:
        begun = self.begun("/auth/signin/options", {})
        credential: Any = self.person.passkey.sign_in(begun["options"])
        parts = ("authenticatorData", "clientDataJSON", "signature", "userHandle")
        spoilt = self.spoil_parts(credential["response"], *parts)
        body = {"ceremony": begun["ceremony"], "credential": credential, "label": ""}
        self.post("/auth/signin", body, spoilt=spoilt)

    def enrol(self) -> None:
        body = self.person.device_enrolment()
        spoilt = self.chance.random() < 0.5
        if spoilt:
            document = spoil(json.loads(body["document"]), self.chance)
            try:
                body |= self.person.passkey.sign(document)
            except Invalid:
                return
        self.post("/auth/devices", body, spoilt=spoilt)

    def others(self) -> None:
        path, body = self.chance.choice(
            [
                ("/auth/register/options", {"name": "An", "link": "x" * 32}),
                ("/auth/signin/options", {}),
                ("/auth/links", {}),
                (f"/auth/devices/{self.person.device.id}/revoke", {"reason": "lost"}),
            ]
        )
        self.post(path, body)


def test_G5_spoilt_ceremonies_never_make_the_server_fail(
    web: Flask, resident: Person, chance: random.Random, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    doors = Ceremonies(web, chance, resident)
    for _ in range(ROUNDS // 2):
        chance.choice((doors.register, doors.register, doors.sign_in, doors.sign_in, doors.enrol, doors.others))()
        if doors.codes["ok"] and doors.client.get("/auth/me").get_json()["person"] is None:
            doors.person.sign_in()
    with capsys.disabled():
        print(f"{ROUNDS // 2} rounds: {dict(doors.codes.most_common())}")
    assert doors.codes["passkey_refused"] > ROUNDS // 20
    prove_whole(config)
