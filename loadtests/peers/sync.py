"""How 1,000 records come to a new phone: over loopback, and over a slow link that also counts bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from loadtests.peers import filling, pouchdb, pulling
from loadtests.peers.contender import Contender
from loadtests.peers.kinto import Kinto
from loadtests.peers.link import SLOW_4G, SlowLink
from loadtests.peers.ours import Ours
from loadtests.peers.pouchdb import PouchDBServer

COUNT: Final = 1_000
_BATCHES: Final = (100, 1_000)
"""Documents that a PouchDB asks for at a time: as it is made, and as suits this best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One pull: records that came, requests, seconds, and the bodies as gzip makes them (0: not looked at)."""

    records: int
    requests: int
    seconds: float
    zipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What syncing took: seconds over loopback and over the slow link, bytes over the wire."""

    title: str
    requests: int
    near: float
    far: float
    up: int
    down: int
    zipped: int


Pull = Callable[[int], Came]
"""Pulls from a port on this machine."""


def ours(contender: Ours, folder: Path) -> Iterator[Synced]:
    """Sync a resident's drafts, then a desk's submissions."""
    with _running(contender):
        drafts = filling.with_drafts(contender, COUNT)
        yield measured(f"{contender.title}: drafts", contender.port, _pull_of(drafts))
    with _running(contender):
        submissions = filling.with_submissions(contender, folder, COUNT)
        title = f"{contender.title}: signed submissions, with receipts"
        yield measured(title, contender.port, _pull_of(submissions))


def kinto(contender: Kinto, documents: list[str]) -> Iterator[Synced]:
    """Sync a collection."""
    with _running(contender):
        path = contender.fill(documents[:COUNT])

        def pull(port: int) -> Came:
            pulled = pulling.kinto(port, headers=contender.headers, path=path)
            return _came(pulled, len(pulled.ids))

        yield measured(contender.title, contender.port, pull)


def pouch(contender: PouchDBServer, documents: list[str]) -> Iterator[Synced]:
    """Replicate a database, in batches of two sizes."""
    with _running(contender):
        path = contender.fill(documents[:COUNT])
        for size in _BATCHES:

            def pull(port: int, size: int = size) -> Came:
                said = pouchdb.replicate(f"http://127.0.0.1:{port}{path}", batch=size)
                return Came(records=said["documents"], requests=said["requests"], seconds=said["seconds"])

            yield measured(f"{contender.title}: batches of {size}", contender.port, pull)


def measured(title: str, port: int, pull: Pull) -> Synced:
    """Pull three times over loopback, and once over the slow link; every time all must come."""
    near = [_whole(title, pull(port)) for _ in range(3)]
    link = SlowLink(port, SLOW_4G)
    try:
        far = _whole(title, pull(link.port))
    finally:
        link.close()
    return Synced(
        title=title,
        requests=far.requests,
        near=median(each.seconds for each in near),
        far=far.seconds,
        up=link.up.carried,
        down=link.down.carried,
        zipped=far.zipped,
    )


def _pull_of(new: filling.New) -> Pull:
    def pull(port: int) -> Came:
        pulled = pulling.ours(port, headers=new.headers, cursors=new.cursors, epoch=new.epoch)
        return _came(pulled, sum(name.startswith(f"{new.kind}/") for name in pulled.ids))

    return pull


def _came(pulled: pulling.Pulled, records: int) -> Came:
    return Came(records=records, requests=pulled.requests, seconds=pulled.seconds, zipped=pulled.zipped)


def _whole(title: str, came: Came) -> Came:
    if came.records != COUNT:
        raise RuntimeError(f"expected {COUNT} records from {title}, got {came.records}")
    return came


@contextmanager
def _running(contender: Contender) -> Iterator[None]:
    contender.begin()
    try:
        yield
    finally:
        contender.end()
