"""Cities of both engines, in which something stands, and what can be told apart of them."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from server.backup.digests import Digests, digests
from server.opening import open_city
from server.store import Logged, Store, Transaction
from server.store.postgres import PostgresStore
from server.store.sqlite import SqliteStore
from server.store.transfer import City
from sync import record
from sync.batch import base64url
from tests.databases import NewDatabase

SENDER = "person-1"


@dataclass
class Place:
    """Where a city's data is, and what has it open."""

    url: str
    folder: Path
    _opened: list[Store | City] = field(default_factory=list)

    def store(self) -> Store:
        store = PostgresStore(self.url, self.folder) if self.url else SqliteStore(self.folder)
        self._opened.append(store)
        return store

    def city(self) -> City:
        city = open_city(self.url, self.folder)
        self._opened.append(city)
        return city

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    def digests(self) -> Digests:
        with self.city().snapshot() as look:
            return digests(look)

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()


NewPlace = Callable[[str], Place]


@pytest.fixture
def new_place(tmp_path: Path, new_database: NewDatabase) -> Iterator[NewPlace]:
    """Make an empty place for a city, of an engine."""
    numbers, made = itertools.count(1), list[Place]()

    def make(engine: str) -> Place:
        folder = tmp_path / f"city-{next(numbers)}"
        made.append(Place(new_database() if engine == "postgresql" else "", folder))
        return made[-1]

    yield make
    for place in made:
        place.close()


def put(store: Store, id: str, value: str, *, feeds: tuple[str, ...] = ("public",)) -> None:
    """Write a record as the server would."""

    def job(transaction: Transaction) -> None:
        state = record.written(transaction.get("note", id) or {}, {"text": value}, replica="server", at=1)
        transaction.put("note", id, state, feeds=frozenset(feeds), indexed={"text": value})

    store.write(job)


def log(store: Store, device: str, seq: int) -> None:
    """Log a batch of a device's chain."""
    jws = f"{device}.{seq}.signature"
    hash_ = base64url(hashlib.sha256(jws.encode()).digest())
    answer = json.dumps({"result": "ok", "seq": seq, "refused": []})
    store.write(lambda transaction: transaction.log_batch(device, Logged(seq, hash_, jws, answer)))


def keep_blob(store: Store, data: bytes) -> str:
    """Keep an attachment, as a phone sends it."""
    sha256 = hashlib.sha256(data).hexdigest()
    assert store.blobs.append(sha256, data, sender=SENDER, offset=0, length=len(data))
    store.write(lambda transaction: transaction.share_blob(sha256, frozenset({f"person/{SENDER}"})))
    return sha256


def inhabit(store: Store) -> str:
    """Fill a city with some of everything; return the name of its attachment."""
    put(store, "a", "một", feeds=("public", "person/1"))
    put(store, "b", "hai")
    put(store, "a", "ba", feeds=("public",))  # it has left person/1
    put(store, "c", "nowhere", feeds=())
    log(store, "phone-1", 1)
    log(store, "phone-1", 2)
    store.write(lambda transaction: transaction.next_number("1022-261125"))
    store.write(lambda t: t.add_ticket("session", "s", "{}", expires=10**15, owner="device/phone-1"))
    store.write(lambda t: t.add_ticket("link", "l", "{}", expires=10**15))
    return keep_blob(store, b"photo")
