"""Taking a backup while the service runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from server.backup.archive import Archive, Part
from server.backup.attachments import Attachments
from server.store.transfer import TABLES, City, Row, Snapshot


@dataclass(frozen=True, slots=True)
class Taken:
    """What a backup came to. `part` is None when nothing had moved; `missing` are attachments that were not there."""

    part: Part | None
    attachments: int
    missing: tuple[str, ...]


def take(city: City, blobs: Path, archive: Archive, *, now: Callable[[], int], full: bool = False) -> Taken:
    """Add a part to a backup: what has moved since its last one if that is known, else (or if `full`) all of it.

    `blobs` is the folder of attachments, `now` gives ms since 1970. The city is told of the backup, and so phones are
    (SPEC.md B7), only when the part is on the disk.
    """
    with archive.alone():
        before, began = None, now()
        with city.snapshot() as look:
            if not full:
                before = _before(archive, look)
            if before is not None:
                taken = _write(look, archive, blobs, after=before, at=now())
        if before is None:
            city.follow()
            with city.snapshot() as look:
                taken = _write(look, archive, blobs, after=None, at=now())
        last = taken.part or before
        assert last is not None
        city.settle(look, f"backup {archive.id} {last.name}", backed_up_at=began)
    return taken


def _before(archive: Archive, look: Snapshot) -> Part | None:
    """Return the last part, if the city's journal has all that moved since, or since an earlier part of its chain."""
    word, _, rest = (look.follower or "").partition(" ")
    id, _, name = rest.partition(" ")
    parts = archive.parts()
    wholes = [index for index, part in enumerate(parts) if part.whole]
    chain = parts[wholes[-1] :] if wholes else []
    known = word == "backup" and id == archive.id and any(part.name == name for part in chain)
    return chain[-1] if known and chain[-1].epoch == look.life.epoch else None


def _write(look: Snapshot, archive: Archive, blobs: Path, *, after: Part | None, at: int) -> Taken:
    attachments = Attachments(blobs, archive.blobs)

    def rows() -> Iterator[tuple[str, Row]]:
        for table in TABLES:
            for row in look.rows(table, moved=after is not None):
                if table == "blob_feeds":
                    attachments.carry(row[0])
                yield table, row
        attachments.settle()  # what a part names is on the disk before the part is

    at = at if after is None else max(at, after.at + 1)
    part = archive.add(rows(), at=at, epoch=look.life.epoch, after=after)
    return Taken(part, attachments.carried, tuple(attachments.missing))
