"""Feeds of our service with 1,000 records: a resident's drafts, and a desk's signed submissions with their receipts."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from loadtests import crowd
from loadtests.drive import warm_up
from loadtests.peers import records
from loadtests.peers.ours import Ours
from loadtests.person import PROCEDURE, Person
from sync.canonical import Value

UNIT: Final = "1022"
_KEYS: Final = 4
"""Changes that make one draft."""
_TOGETHER: Final = 40
"""Drafts a batch: it stays below 256 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A new phone: who it is for, and what it has of everyone's forms already. `kind` is what it is to receive."""

    headers: Mapping[str, str]
    cursors: Mapping[str, int]
    epoch: str
    kind: str


def with_drafts(ours: Ours, count: int) -> New:
    """Give a new resident `count` drafts; each is `records.BYTES` of plain values."""
    person, cookie = _enrolled(ours, None)
    sha256, _ = person.form(PROCEDURE)
    chance = random.Random(5)
    plain: dict[str, Value] = {"owner": person.id, "procedure": PROCEDURE, "form_sha256": sha256}
    length = records.BYTES - len(records.compact({**plain, "answer/description": ""}))
    changes = []
    for _ in range(count):
        id = person.new_id()
        keys = {**plain, "answer/description": records.text(chance, length=length)}
        changes += [person.change("draft", id, key, value) for key, value in keys.items()]
    for start in range(0, len(changes), _KEYS * _TOGETHER):
        (answer,) = person.sync(*changes[start : start + _KEYS * _TOGETHER])
        if answer["result"] != "ok" or answer["refused"]:
            raise RuntimeError(f"expected drafts that are taken, got {answer}")
    return _new(ours, person, cookie, "draft")


def with_submissions(ours: Ours, folder: Path, count: int) -> New:
    """Send `count` of the prepared submissions; all go to one desk, and an officer of it has a new phone."""
    link = ours.service.command("enrol", "officer", "--unit", UNIT).strip()
    person, cookie = _enrolled(ours, link.partition("#")[2])
    some = folder / "some"
    records.write(some, itertools.islice(crowd.prepared(ours.requests), count))
    warm_up(ours, some)
    return _new(ours, person, cookie, "submission")


def _enrolled(ours: Ours, link: str | None) -> tuple[Person, str]:
    """Make an account with a passkey and a phone, by a link's secret if there is one; return it with its cookies."""
    session = requests.Session()

    def post(path: str, body: Any) -> Any:
        answer = session.post(ours.origin + path, json=body, headers={"Origin": ours.origin}, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    person = Person(post, "localhost", ours.origin, lambda: time.time_ns() // 1_000_000)
    person.register(link)
    person.enrol_device()
    person.sync()
    return person, "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)


def _new(ours: Ours, person: Person, cookie: str, kind: str) -> New:
    headers = {"Cookie": cookie, "Origin": ours.origin}
    public = {"public": person.cursors["public"]}
    return New(headers=headers, cursors=public, epoch=str(person.epoch), kind=kind)
