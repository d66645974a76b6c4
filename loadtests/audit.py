"""What must hold in a store after a run, read from the database's own tables and not through the server's code."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from server import jwk
from sync import batch as batches

Shown: TypeAlias = dict[str, Any]
"""A record as people see it: the value that each of its keys shows."""

_MOST = 20


@dataclass
class Audit:
    """What was counted, and each thing that should be otherwise."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note a fault unless `holds`."""
        if not holds:
            self.faults.append(otherwise)

    def text(self) -> str:
        """Say it as Markdown."""
        lines = [f"- {name}: {count}" for name, count in self.counts.items()]
        lines += [f"- **FAULT**: {fault}" for fault in self.faults[:_MOST]]
        if len(self.faults) > _MOST:
            lines.append(f"- and {len(self.faults) - _MOST} faults more")
        return "\n".join([*lines, "", "The audit failed." if self.faults else "All of it holds."])


def audit(data: Path, acknowledged: Mapping[str, str | None]) -> Audit:
    """Look at the store in folder `data` after the service has stopped.

    `acknowledged` maps each submission that the server said it took to the dossier code that its person saw in the
    receipt, or None when the run ended before. Expected: each of them is in the store exactly once with exactly one
    receipt; no device's chain and no feed has a gap; no dossier code is given twice.
    """
    found = Audit()
    with closing(sqlite3.connect(f"file:{data / 'motcua.db'}?mode=ro", uri=True)) as database:
        records = _records(database)
        touched = _chains(database, records["device"], found)
        _submissions(records, touched, acknowledged, found)
        _receipts(records, acknowledged, found)
        _feeds(database, touched, found)
    return found


def _records(database: sqlite3.Connection) -> dict[str, dict[str, Shown]]:
    records: dict[str, dict[str, Shown]] = defaultdict(dict)
    for kind, id, text in database.execute("SELECT kind, id, state FROM records"):
        records[kind][id] = {key: each["heads"][-1]["value"] for key, each in json.loads(text).items()}
    return records


def _chains(database: sqlite3.Connection, devices: Mapping[str, Shown], found: Audit) -> Counter[tuple[str, str]]:
    """Walk every device's chain; return in how many batches each record was changed."""
    touched: Counter[tuple[str, str]] = Counter()
    ends: dict[str, tuple[int, str]] = {}
    rows = database.execute("SELECT device, seq, hash, jws, answer FROM batches ORDER BY device, seq")
    for device, seq, hash_, jws, answer in rows:
        last, prev = ends.get(device, (0, ""))
        ends[device] = (seq, hash_)
        batch = batches.parse(jws)
        found.expect(seq == last + 1, f"expected batch {last + 1} of device {device}, got {seq}")
        found.expect(
            (batch.device, batch.seq, batch.prev, batch.hash) == (device, seq, prev, hash_),
            f"expected batch {seq} of device {device} to follow the one before it",
        )
        signed = device in devices and jwk.verify(devices[device]["jwk"], batch.signature, batch.signing_input)
        found.expect(signed, f"expected batch {seq} of device {device} to be signed by it")
        refused = {each["index"] for each in json.loads(answer)["refused"]}
        names = {(each.kind, each.id) for index, each in enumerate(batch.changes) if index not in refused}
        touched.update(names)
    found.counts["devices with a chain"] = len(ends)
    found.counts["batches, each signed and in its place"] = sum(seq for seq, _ in ends.values())
    return touched


def _submissions(
    records: Mapping[str, Mapping[str, Shown]],
    touched: Mapping[tuple[str, str], int],
    acknowledged: Iterable[str],
    found: Audit,
) -> None:
    kept, receipts, asked = records.get("submission", {}), records.get("receipt", {}), set(acknowledged)
    for id in sorted(asked | kept.keys()):
        found.expect(id in kept, f"expected the acknowledged submission {id} in the store")
        times = touched.get(("submission", id), 0)
        found.expect(times == 1, f"expected submission {id} to be taken once, got {times} times")
        found.expect(id in receipts, f"expected a receipt for submission {id}")
    strays = receipts.keys() - kept.keys()
    found.expect(not strays, f"expected receipts for submissions only, got {sorted(strays)[:3]}")
    found.counts["submissions that the server acknowledged to people"] = len(asked)
    found.counts["submissions in the store"] = len(kept)


def _receipts(records: Mapping[str, Mapping[str, Shown]], acknowledged: Mapping[str, str | None], found: Audit) -> None:
    keys: dict[str, Any] = {}
    for trust in records.get("trust", {}).values():
        keys = {key["kid"]: key for key in jwk.open_jws(trust["jws"], typ="motcua-trust+jws").payload["keys"]}
    codes: Counter[str] = Counter()
    series: dict[str, list[int]] = defaultdict(list)
    for id, receipt in records.get("receipt", {}).items():
        jws = jwk.open_jws(receipt["jws"], typ="motcua-receipt+jws")
        key, said = keys.get(jws.header["kid"]), jws.payload
        found.expect(
            key is not None and key["unit"] == said["unit"] and jws.signed_by(key["jwk"]),
            f"expected the receipt {id} to be signed by its unit",
        )
        submission = records.get("submission", {}).get(id)
        document = "" if submission is None else submission["act"]["document"]
        sha256 = hashlib.sha256(document.encode()).hexdigest()
        found.expect(
            (said["submission"], said["document_sha256"], said["code"]) == (id, sha256, receipt["code"]),
            f"expected the receipt {id} to be of that submission",
        )
        seen = acknowledged.get(id)
        found.expect(seen in (None, receipt["code"]), f"expected code {seen} for {id}, got {receipt['code']}")
        codes[receipt["code"]] += 1
        day, _, number = receipt["code"].rpartition("-")
        series[day].append(int(number))
    for code, times in codes.items():
        found.expect(times == 1, f"expected the code {code} once, got it {times} times")
    for day, numbers in series.items():
        found.expect(sorted(numbers) == list(range(1, len(numbers) + 1)), f"expected the codes {day} without a gap")
    found.counts["receipts, each with a code of its own"] = sum(codes.values())


def _feeds(database: sqlite3.Connection, touched: Mapping[tuple[str, str], int], found: Audit) -> None:
    """Count the moves of each feed: its height is one for each entry, and one for each later change of that entry.

    Only drafts change later in a rehearsal; the feed `public` was filled before it.
    """
    moves: Counter[str] = Counter()
    highest: dict[str, int] = {}
    for feed, seq, kind, id in database.execute("SELECT feed, seq, kind, id FROM entries ORDER BY feed, seq"):
        moves[feed] += touched.get((kind, id), 1) if kind == "draft" else 1
        highest[feed] = seq
    heights = dict(database.execute("SELECT feed, seq FROM feeds"))
    for feed, height in heights.items():
        if feed != "public":
            found.expect(moves[feed] == height, f"expected feed {feed} at {moves[feed]}, got {height}")
        found.expect(highest.get(feed) == height, f"expected an entry {height} in feed {feed}")
    found.counts["feeds without a gap"] = len(heights)
