"""A crowd of residents, made straight in the store, and the requests that they will send, signed before the run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from server.store import Reader, Transaction
from sync.batch import base64url
from sync.canonical import Value
from sync.record import State

_AT_ONCE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What the server knows of somebody with one passkey and one phone. `public_key` is COSE in base64url."""

    person: str
    name: str
    credential: str
    public_key: str
    device: str
    jwk: Mapping[str, Value]
    role: str = "resident"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A visitor of the exchange who needs no session."""

    known: Actor
    tickets: tuple[tuple[str, str], ...] = ()

    def actor(self, look: Reader, *, now: int) -> Actor:
        """Return who it is."""
        return self.known


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
    height = public_height(parts)
    for start in range(0, count, _AT_ONCE):
        crowd = [_person(parts, number, role, unit) for number in range(start, min(start + _AT_ONCE, count))]
        secrets = seat(parts, [seated(person) for person in crowd])
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


def seated(person: Person) -> Seat:
    """Return what the server knows of a person and their phone."""
    return Seat(
        person=person.id,
        name=person.name,
        credential=person.passkey.credential,
        public_key=base64url(person.passkey.public_key()),
        device=person.device.id,
        jwk=person.device.jwk,
        role=person.role,
        unit=person.unit,
    )


def seat(parts: Parts, seats: Sequence[Seat]) -> list[str]:
    """Write people into the store, as if they had enrolled; return the secrets of their sessions."""
    return [secret for some in _some(seats) for secret in parts.store.write(partial(_keep_all, parts, some))]


def public_height(parts: Parts) -> int:
    """Return the number that the feed `public` is at."""
    with parts.store.read() as look:
        return look.heights(["public"])["public"]


def _some(seats: Sequence[Seat]) -> Iterator[Sequence[Seat]]:
    return (seats[start : start + _AT_ONCE] for start in range(0, len(seats), _AT_ONCE))


def _keep_all(parts: Parts, seats: Sequence[Seat], transaction: Transaction) -> list[str]:
    return [_keep(parts, each, transaction) for each in seats]


def _keep(parts: Parts, seat: Seat, transaction: Transaction) -> str:
    at = parts.now()
    who: dict[str, Value] = {"name": seat.name, "role": seat.role, "unit": seat.unit, "created_at": at}
    PERSON.serve(transaction, seat.person, who, now=at)
    passkey: dict[str, Value] = {
        "person": seat.person,
        "credential": seat.credential,
        "public_key": seat.public_key,
        "transports": ["internal"],
        "label": "software",
        "created_at": at,
    }
    PASSKEY.serve(transaction, passkey_id(seat.credential), passkey, now=at)
    device: dict[str, Value] = {
        "person": seat.person,
        "jwk": dict(seat.jwk),
        "label": "software",
        "enrolled_at": at,
        "expires_at": at + 86_400_000,
    }
    DEVICE.serve(transaction, seat.device, device, now=at)
    actor = Actor(seat.person, Role(seat.role), seat.unit)
    return sessions.open_session(actor, device=seat.device, parts=parts, transaction=transaction)


def _public_records(parts: Parts) -> dict[tuple[str, str], State]:
    with parts.store.read() as look:
        entries = look.page("public", after=0, limit=10_000, size=10**9)
        states = {(entry.kind, entry.id): look.get(entry.kind, entry.id) for entry in entries}
    return {name: state for name, state in states.items() if state is not None}
