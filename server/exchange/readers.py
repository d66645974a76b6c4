"""Who may read a blob (SPEC.md A1): its senders, the readers of feeds it is shared with, and those of its records.

A blob that stands in a record is shared with the record itself, not with its readers of that day: whoever reads the
record now may read the blob, and who has left the record's feeds may not.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from server import shards
from server.store import Reader

_RECORD: Final = "record:"


def of_record(kind: str, id: str) -> frozenset[str]:
    """Return what `Transaction.share_blob` takes to share a blob with whoever reads a record."""
    return frozenset({f"{_RECORD}{kind}/{id}"})


def may_read(look: Reader, sha256: str, feeds: Set[str]) -> bool:
    """Return whether a reader of `feeds` may read the blob, if it is there."""
    shared = look.blob_feeds(sha256)
    if shared & feeds:
        return True
    records = (each.removeprefix(_RECORD).split("/", 1) for each in shared if each.startswith(_RECORD))
    return any(shards.readers_of(look, kind, id) & feeds for kind, id in records)
