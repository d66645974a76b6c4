"""A crowd of residents, made straight in the store, and the requests that they will send, signed before the run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from loadtests.person import FEEDBACK, PROCEDURE, Person
from loadtests.service import Service
from server import app
from server.auth import Parts, sessions
from server.auth.acts import passkey_id
from server.auth.kinds import DEVICE, PASSKEY, PERSON
from server.config import Config
from server.kinds import Actor, Role
from server.opening import open_store
from server.store import Transaction
from sync.batch import base64url
from sync.canonical import Value
from sync.record import State

_AT_ONCE = 250


def now() -> int:
    """Return ms since 1970."""
    return time.time_ns() // 1_000_000


def open_parts(data: Path, *, key: str, origin: str, database: str = "") -> Parts:
    """Open a city's data; `database` is its MOTCUA_DATABASE."""
    settings = Config(data=data, key=key, origins=(origin,), database=database)
    return app.parts_of(settings, open_store(settings), now)


def parts_of(service: Service) -> Parts:
    """Open the data of a service beside it."""
    key = service.environment["MOTCUA_KEY"]
    return open_parts(service.data, key=key, origin=service.origin, database=service.database)


def make(
    parts: Parts, count: int, *, role: Role = Role.RESIDENT, unit: str | None = None
) -> Iterator[tuple[Person, str]]:
    """Make `count` people with a passkey, an enrolled phone and a session; yield each with the session's secret."""
    public = _public_records(parts)
    with parts.store.read() as look:
        height = look.heights(["public"])["public"]
    for start in range(0, count, _AT_ONCE):
        crowd = [_person(parts, number, role, unit) for number in range(start, min(start + _AT_ONCE, count))]
        secrets = parts.store.write(partial(_keep_all, parts, crowd))
        for person, secret in zip(crowd, secrets, strict=True):
            person.records, person.epoch = dict(public), parts.store.epoch
            person.cursors = {"public": height, f"person/{person.id}": 3}
            yield person, secret


def submission(person: Person, number: int) -> str:
    """Return the body of `POST /sync` by which a person sends one more submission, unlike any other."""
    answers = {**FEEDBACK, "description": f"{FEEDBACK['description']} Đây là lần thứ {number}."}
    _, change = person.submission(PROCEDURE, answers)
    batch = person.device.batch([change], at=person.now())
    return json.dumps({"epoch": person.epoch, "cursors": person.cursors, "batches": [batch], "limit": 200})


def request(origin: str, secret: str, body: str) -> bytes:
    """Return the bytes of the HTTP/1.1 request that carries a body."""
    host = origin.split("//")[1]
    head = (
        f"POST /sync HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Type: application/json\r\n"
        f"Cookie: {sessions.COOKIE}={secret}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
    )
    return (head + body).encode()


def prepare(parts: Parts, count: int, path: Path) -> None:
    """Make `count` residents and write one signed request of each to a file, in the form that `replay.lua` reads."""
    with path.open("wb") as file:
        for number, (person, secret) in enumerate(make(parts, count)):
            data = request(parts.config.origin, secret, submission(person, number))
            file.write(b"%d\n" % len(data) + data)


def prepared(path: Path) -> Iterator[bytes]:
    """Read what `prepare` wrote: `<length>`, a line feed and that many bytes, again and again."""
    with path.open("rb") as file:
        while line := file.readline():
            yield file.read(int(line))


def _person(parts: Parts, number: int, role: Role, unit: str | None) -> Person:
    def post(path: str, body: object) -> None:
        raise NotImplementedError("people of a crowd send what was signed before")

    person = Person(post, parts.config.rp, parts.config.origin, parts.now, name=f"Người dân {number}")
    person.role, person.unit = role, unit
    person.id = person.new_id()
    return person


def _keep_all(parts: Parts, crowd: list[Person], transaction: Transaction) -> list[str]:
    return [_keep(parts, person, transaction) for person in crowd]


def _keep(parts: Parts, person: Person, transaction: Transaction) -> str:
    at = parts.now()
    who: dict[str, Value] = {"name": person.name, "role": person.role, "unit": person.unit, "created_at": at}
    PERSON.serve(transaction, person.id, who, now=at)
    passkey: dict[str, Value] = {
        "person": person.id,
        "credential": person.passkey.credential,
        "public_key": base64url(person.passkey.public_key()),
        "transports": ["internal"],
        "label": "software",
        "created_at": at,
    }
    PASSKEY.serve(transaction, passkey_id(person.passkey.credential), passkey, now=at)
    device: dict[str, Value] = {
        "person": person.id,
        "jwk": person.device.jwk,
        "label": "software",
        "enrolled_at": at,
        "expires_at": at + 86_400_000,
    }
    DEVICE.serve(transaction, person.device.id, device, now=at)
    actor = Actor(person.id, Role(person.role), person.unit)
    return sessions.open_session(actor, device=person.device.id, parts=parts, transaction=transaction)


def _public_records(parts: Parts) -> dict[tuple[str, str], State]:
    with parts.store.read() as look:
        entries = look.page("public", after=0, limit=10_000, size=10**9)
        states = {(entry.kind, entry.id): look.get(entry.kind, entry.id) for entry in entries}
    return {name: state for name, state in states.items() if state is not None}
