"""The folder that a backup is: parts with their manifests, and the attachments that they name.

    archive.json                        {"typ": "motcua-backup/1", "id"}
    20261125T080000.000Z.rows.gz        rows, a JSON array a line: its table, then its columns (`store.transfer`)
    20261125T080000.000Z.json           the part's manifest; a part without one is not finished, and none
    blobs/<first two digits>/<sha256>   attachments

A manifest is `{"typ", "archive", "name", "at", "epoch", "whole", "after", "sha256", "bytes", "rows"}`: `at` the
moment of the snapshot in ms, `after` the SHA-256 of the manifest before it (null for a whole part), `sha256` and
`bytes` those of the file of rows, `rows` the count by table.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from server.backup import BackupError
from server.store.transfer import Row

_TYP: Final = "motcua-backup/1"
_QUICK: Final = 1
"""gzip's fastest level: a third of the size, and still faster than most disks."""


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part. `digest` is the SHA-256 of its manifest."""

    name: str
    at: int
    whole: bool
    after: str | None
    epoch: str
    digest: str
    sha256: str
    bytes: int
    rows: dict[str, int]


class Archive:
    """A backup's folder, made when it is missing if `make` says so."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        self.folder = folder
        self._about = folder / "archive.json"
        if not self._about.exists():
            if not make or (folder.exists() and any(folder.iterdir())):
                raise BackupError(f"{folder} holds no backup; expected archive.json, or an empty folder to begin one.")
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._about, json.dumps({"typ": _TYP, "id": secrets.token_hex(16)}).encode())
        about = json.loads(self._about.read_bytes())
        if about["typ"] != _TYP:
            raise BackupError(f"{self._about} says {about['typ']}; expected {_TYP}.")
        self.id: str = about["id"]
        self.blobs = folder / "blobs"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until nobody else writes here."""
        with self._about.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def parts(self) -> list[Part]:
        """Return the finished parts, oldest first."""
        return [self._part(path) for path in sorted(self.folder.glob("*Z.json"))]

    def until(self, at: int | None) -> list[Part]:
        """Return the parts that make up the city as it was at a moment (ms), or as it was last: a whole one first."""
        parts = [part for part in self.parts() if at is None or part.at <= at]
        wholes = [index for index, part in enumerate(parts) if part.whole]
        if not wholes:
            raise BackupError("There is no whole part from before that time.")
        chain = parts[wholes[-1] :]
        for before, part in pairwise(chain):
            if part.after != before.digest:
                raise BackupError(f"{part.name} does not follow {before.name}: a part between them is missing.")
        return chain

    def add(self, rows: Iterable[tuple[str, Row]], *, at: int, epoch: str, after: Part | None) -> Part | None:
        """Write a part durably; without `after` it is a whole one. One without rows is not written: None."""
        name = f"{datetime.fromtimestamp(at / 1000, UTC):%Y%m%dT%H%M%S}.{at % 1000:03d}Z"
        place, coming = self.folder / f"{name}.rows.gz", self.folder / f"{name}.rows.gz.coming"
        counts: dict[str, int] = {}
        with coming.open("wb") as file:
            with gzip.GzipFile("", "wb", _QUICK, file, mtime=0) as packed:
                for table, row in rows:
                    packed.write(json.dumps([table, *row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                    counts[table] = counts.get(table, 0) + 1
            file.flush()
            os.fsync(file.fileno())
        if not counts and after is not None:
            coming.unlink()
            return None
        sha256, length = _digest(coming), coming.stat().st_size
        coming.rename(place)
        manifest = {
            "typ": _TYP,
            "archive": self.id,
            "name": name,
            "at": at,
            "epoch": epoch,
            "whole": after is None,
            "after": None if after is None else after.digest,
            "sha256": sha256,
            "bytes": length,
            "rows": counts,
        }
        write_whole(self.folder / f"{name}.json", json.dumps(manifest, indent=1).encode())
        return self._part(self.folder / f"{name}.json")

    def check(self, part: Part) -> None:
        """Compare the file of rows with what the manifest says of it."""
        place = self.folder / f"{part.name}.rows.gz"
        if not place.exists() or _digest(place) != part.sha256:
            raise BackupError(f"{place} is not as it was written: its SHA-256 is another one.")

    def rows(self, part: Part) -> Iterator[tuple[str, Row]]:
        """Yield the rows of a part, each with its table; those of one table stand together."""
        with gzip.open(self.folder / f"{part.name}.rows.gz", "rb") as file:
            for line in file:
                table, *row = json.loads(line)
                yield table, tuple(row)

    def _part(self, path: Path) -> Part:
        data = path.read_bytes()
        said: dict[str, Any] = json.loads(data)
        if said["archive"] != self.id:
            raise BackupError(f"{path} is of another backup.")
        members = ("name", "at", "whole", "after", "epoch", "sha256", "bytes", "rows")
        return Part(**{name: said[name] for name in members}, digest=hashlib.sha256(data).hexdigest())


def write_whole(place: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, also after a crash."""
    coming = place.with_name(f"{place.name}.coming")
    with coming.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    coming.rename(place)
    make_durable(place.parent)


def make_durable(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
