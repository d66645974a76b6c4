"""Our service on either engine: residents who each send one submission that was signed before."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loadtests import crowd
from loadtests.bench import Bench
from loadtests.cluster import Cluster
from loadtests.peers import records
from loadtests.peers.contender import WARM
from loadtests.person import FEEDBACK, PROCEDURE, Person
from sync import canonical

_SHARDS: Final = 4
"""Of the desk that all send to, on PostgreSQL (SPEC.md F9): as a desk has that is so busy."""


class Ours:
    """The service on SQLite, or on a PostgreSQL cluster; always at the same origin, which stands in what was signed."""

    def __init__(self, folder: Path, *, port: int, processes: int, cluster: Cluster | None = None) -> None:
        self.title = "Một Cửa on SQLite" if cluster is None else "Một Cửa on PostgreSQL"
        self._bench = Bench(
            folder=folder,
            port=port,
            processes=processes,
            connections=0,
            seconds=0,
            cluster=cluster,
            shards=0 if cluster is None else _SHARDS,
        )  # its data folders and requests are all that is used: how it is driven is the same for all contenders
        self._cluster = cluster
        self.requests, self.warm, self.port = self._bench.requests, self._bench.warm, port
        folder.mkdir()
        if cluster is not None:
            cluster.create("seed")
        self.service = self._bench.service(folder / "seed")
        self.origin = self.service.origin

    @property
    def pids(self) -> tuple[int, ...]:
        """The web processes, and PostgreSQL."""
        leader = None if self._cluster is None else self._cluster.postmaster
        return (*self.service.workers, *(() if leader is None else (leader,)))

    def seed(self, count: int) -> list[str]:
        """Make the demo city, `count` residents and what they send; return the documents that they signed."""
        self.service.command("demo")
        parts = crowd.parts_of(self.service)
        documents: list[str] = []
        chance = random.Random(2)
        for path, number in ((self.warm, WARM), (self.requests, count)):
            records.write(path, _requests(self.origin, crowd.make(parts, number), documents, chance))
        parts.store.close()
        return documents

    def begin(self) -> None:
        """Start on a copy of what `seed` made."""
        self.service = self._bench.service(self._bench.fresh())
        self.service.start()

    def count(self) -> int:
        """Return how many receipts stand in the store; raise when any submission was refused."""
        return WARM + self._bench.receipts(self.service)

    def end(self) -> None:
        """Stop in good order."""
        self.service.stop()


def description_bytes(person: Person) -> int:
    """Return how long a description makes a document of `records.BYTES`: it is the same for everybody."""
    bare = person.document(PROCEDURE, {**FEEDBACK, "description": "." * 10})
    return records.BYTES - len(canonical.encode(bare)) + 10


def signed(person: Person, chance: random.Random, *, length: int) -> tuple[str, str]:
    """Return a document of `records.BYTES` and the body of `POST /sync` that carries it, signed twice."""
    answers = {**FEEDBACK, "description": records.text(chance, length=length)}
    document = person.document(PROCEDURE, answers)
    act = {**person.passkey.sign(document), "draft": ""}
    change = person.change("submission", str(document["id"]), "act", act)
    batch = person.device.batch([change], at=person.now())
    body = {"epoch": person.epoch, "cursors": person.cursors, "batches": [batch], "limit": 200}
    return canonical.encode(document).decode(), json.dumps(body)


def _requests(
    origin: str, crowded: Iterator[tuple[Person, str]], documents: list[str], chance: random.Random
) -> Iterator[bytes]:
    length = 0
    for person, secret in crowded:
        length = length or description_bytes(person)
        document, body = signed(person, chance, length=length)
        if len(document.encode()) != records.BYTES:
            raise RuntimeError(f"expected a document of {records.BYTES} bytes, got {document}")
        documents.append(document)
        yield crowd.request(origin, secret, body)
