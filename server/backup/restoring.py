"""Making a city again from a backup."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from server.backup import BackupError
from server.backup.archive import Archive, Part
from server.backup.attachments import Attachments
from server.store import Life
from server.store.transfer import City, Row
from sync.batch import base64url


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to: the last part that is in it, how many parts, and the new life."""

    last: Part
    parts: int
    rows: int
    attachments: int
    missing: tuple[str, ...]
    life: Life


def restore(archive: Archive, city: City, blobs: Path, *, now: int, at: int | None = None) -> Restored:
    """Fill an empty city with what it was at a moment (ms), or last. It begins a new epoch (SPEC.md F5, B7).

    All digests are compared before anything is written; the rows come in by one transaction. Raises `BackupError`.
    """
    chain = archive.until(at)
    for part in chain:
        archive.check(part)
    attachments = Attachments(archive.blobs, blobs)
    life, rows = Life(secrets.token_hex(8), now), 0

    def checked(rows_: Iterable[tuple[str, Row]]) -> Iterator[Row]:
        nonlocal rows
        for table, row in rows_:
            rows += 1
            if table == "blob_feeds":
                attachments.carry(row[0], check=True)
            _check(table, row)
            yield row

    with city.filling() as filling:
        if not filling.is_empty():
            raise BackupError("The data is not empty; expected a new folder or database, so that nothing is lost.")
        for index, part in enumerate(chain):
            for table, found in groupby(archive.rows(part), key=lambda each: each[0]):
                filling.take(table, checked(found), fresh=index == 0)
        attachments.settle()
        filling.begin_life(life)
    return Restored(chain[-1], len(chain), rows, attachments.carried, tuple(attachments.missing), life)


def begin_anew(city: City, *, now: int) -> Life:
    """Say that the data was put back by other means, such as PostgreSQL's own: begin a new epoch, keep no journal."""
    life = Life(secrets.token_hex(8), now)
    city.unfollow()
    with city.filling() as filling:
        filling.begin_life(life)
    return life


def _check(table: str, row: Row) -> None:
    """Compare a record's state, and a batch's bytes, with the digests that were made when they were written."""
    if table == "records":
        kind, id, state, digest, *_ = row
        if hashlib.sha256(state.encode()).hexdigest() != digest:
            raise BackupError(f"The record {kind} {id} is not what its digest says.")
    elif table == "batches":
        device, seq, hash_, jws, _ = row
        if base64url(hashlib.sha256(jws.encode()).digest()) != hash_:
            raise BackupError(f"Batch {seq} of device {device} is not what its hash says.")
