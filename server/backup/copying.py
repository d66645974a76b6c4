"""Moving a city from one engine to another: all of it while it serves, then what has moved since."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.backup import BackupError
from server.backup.attachments import Attachments
from server.backup.digests import Digests, digests
from server.store.transfer import FOLLOWER, RESTORED_AT, TABLES, City, Snapshot

_COPY_OF: Final = "copy_of"
"""In the target's `meta`: the name of the copy, and the digests that it had then."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy came to. `whole` is false when only what had moved was copied."""

    whole: bool
    digests: Digests
    attachments: int
    missing: tuple[str, ...]


def copy(source: City, target: City, *, source_blobs: Path, target_blobs: Path) -> Copied:
    """Copy a city as it is at this moment; once more copies only what has moved since.

    The target is empty, or what an earlier run left there. The epoch and all feeds' numbers stay, so that phones go on
    from their cursors. In the end both are read again and compared. Raises `BackupError`.
    """
    with target.snapshot() as look, target.filling() as filling:
        said = json.loads(filling.get(_COPY_OF) or "{}")
        empty = filling.is_empty()
        if not empty and said.get("digests") != _plain(digests(look)):
            raise BackupError("The target is neither empty nor as an earlier copy left it; nothing was copied.")
    with source.snapshot() as look:
        goes_on = not empty and look.follower == said["of"]
    if not empty and not goes_on:
        raise BackupError("The target is the copy of another city, or from before a backup was made; empty it first.")
    name = said["of"] if goes_on else f"copy {secrets.token_hex(16)}"
    if not goes_on:
        source.follow()
    attachments = Attachments(source_blobs, target_blobs)
    with source.snapshot() as look:
        _fill(look, target, moved=goes_on)
        for sha256, _ in look.rows("blob_feeds", moved=False):
            attachments.carry(sha256)
        attachments.settle()
        found = digests(look)
        with target.snapshot() as look_there:
            there = digests(look_there)
        differ = {key for key in found.keys() | there.keys() if found.get(key) != there.get(key)}
        if differ:
            raise BackupError(f"The copy differs in {', '.join(sorted(differ))}; empty the target, and copy again.")
        with target.filling() as filling:
            filling.set(_COPY_OF, json.dumps({"of": name, "digests": _plain(found)}))
    source.settle(look, name)
    return Copied(not goes_on, found, attachments.carried, tuple(attachments.missing))


def _fill(look: Snapshot, target: City, *, moved: bool) -> None:
    with target.filling() as filling:
        for table in TABLES:
            filling.take(table, look.rows(table, moved=moved), fresh=not moved)
        filling.set("epoch", look.life.epoch)
        filling.set(RESTORED_AT, str(look.life.restored_at))
        filling.set(FOLLOWER, None)


def _plain(found: Digests) -> dict[str, list[object]]:
    return {name: list(each) for name, each in found.items()}
