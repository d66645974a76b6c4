"""Spoilt registrations, sign-ins and enrolments: a problem each, never a failure. Seeds work as in `test_fuzz.py`."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from flask import Flask

from loadtests.person import Person
from server.config import Config
from sync import batch
from sync.limits import Invalid
from tests.conftest import ORIGIN
from tests.features.client import post_with
from tests.features.spoiling import ROUNDS, dumped, prove_whole, seeded, spoil, spoil_bytes, valid


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
    web: Flask, resident: Person, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded(capsys)
    doors = Ceremonies(web, chance, resident)
    for _ in range(ROUNDS // 2):
        chance.choice((doors.register, doors.register, doors.sign_in, doors.sign_in, doors.enrol, doors.others))()
        if doors.codes["ok"] and doors.client.get("/auth/me").get_json()["person"] is None:
            doors.person.sign_in()
    with capsys.disabled():
        print(f"{ROUNDS // 2} rounds: {dict(doors.codes.most_common())}")
    assert doors.codes["passkey_refused"] > ROUNDS // 20
    prove_whole(config)
