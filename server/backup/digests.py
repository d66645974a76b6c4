"""What two copies of a city are compared by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from server.store.transfer import TABLES, VIEWS, Row, Snapshot

_SIZE: Final = 1 << 256
Digests: TypeAlias = Mapping[str, tuple[int, str]]
"""Of each kind of record and each other table: how many rows, and their digest in hex."""


def digests(look: Snapshot) -> Digests:
    """Digest all rows as they come: the sum of each row's SHA-256, which is the same in whatever order."""
    found: dict[str, tuple[int, int]] = {}
    for table in (*TABLES, *VIEWS):
        for row in look.rows(table, moved=False):
            name = f"records: {row[0]}" if table == "records" else table
            count, total = found.get(name, (0, 0))
            found[name] = (count + 1, (total + _of(table, row)) % _SIZE)
    return {name: (count, f"{total:064x}") for name, (count, total) in sorted(found.items())}


def _of(table: str, row: Row) -> int:
    """Digest a row; a record has its state's digest, and its JSON is read, since engines write it differently."""
    if table == "records":
        kind, id, _, digest, *standing = row
        row = (kind, id, digest, *map(json.loads, standing))
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
