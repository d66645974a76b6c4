"""What must hold in a store after a run, read from the database's own tables and not through the server's code.

    python -m loadtests.audit --data DATA [--database postgresql://...] LEDGER ...

exits 1 when something is not as it should be. The ledgers say what people were told; a run of several workers has
several.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from loadtests import ledger
from loadtests.audit_chains import Chains, chains
from loadtests.audit_feeds import feeds
from loadtests.findings import Findings
from loadtests.ledger import Noted
from loadtests.rows import Rows, rows
from server import jwk

Shown: TypeAlias = dict[str, Any]
"""A record as people see it: the value that each of its keys shows."""
ONCE = frozenset(("submission", "acknowledgement", "joining", "checkin", "invitation", "invitation_order", "claim")) | {
    "verification",
    "holding",
    "withdrawal",
}
"""Kinds whose records are written by one change, once. `Kind.sort` says the same to the server."""
_KEPT = frozenset({"submission", "receipt", "trust"})


def audit(data: Path, acknowledged: Mapping[str, str | None] | Noted, *, database: str = "") -> Findings:
    """Look at the store in folder `data`, and in PostgreSQL when `database` is its URL, when nobody writes to it.

    `acknowledged` is what people were told, or only the submissions of it with their codes. Expected: each acknowledged
    batch is in its device's chain in the bytes that were sent, and each change that was not refused in the record that
    it names; what is written once is there once, each submission with exactly one receipt; files are whole; no chain
    and no feed has a gap; no dossier code is given twice.
    """
    noted = acknowledged if isinstance(acknowledged, Noted) else Noted(submissions=dict(acknowledged))
    found = Findings()
    with rows(data, database=database) as read:
        walked = chains(read, noted.batches, found)
        records = _records(read, walked, found)
        _once(records, walked, found)
        _submissions(records.kept, walked.touched, noted.submissions, found)
        _receipts(records.kept, noted.submissions, found)
        _files(read, records.kept["submission"], noted.blobs, data / "blobs", found)
        feeds(read, walked.touched, found)
    return found


@dataclass
class _Records:
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kept: dict[str, dict[str, Shown]] = field(default_factory=lambda: defaultdict(dict))


def _records(read: Rows, walked: Chains, found: Findings) -> _Records:
    """Go through all records: what was changed must stand in them; keep what is looked at again."""
    records, written = _Records(), 0
    for kind, id, text in read("SELECT kind, id, state FROM records"):
        records.ids[kind].add(id)
        wanted = walked.written.pop((kind, id), {})
        if not wanted and kind not in _KEPT:
            continue
        state = json.loads(text)
        if kind in _KEPT:
            records.kept[kind][id] = {key: each["heads"][-1]["value"] for key, each in state.items()}
        for (key, replica), n in wanted.items():
            there = state.get(key, {}).get("context", {}).get(replica, 0)
            found.expect(there >= n, f"expected write {n} of {replica} to {key} in {kind} {id}, got {there}")
            written += 1
    for kind, id in walked.written:
        found.expect(False, f"expected the {kind} {id}, which was changed, in the store")
    found.counts["registers that hold what was written to them"] = written
    return records


def _once(records: _Records, walked: Chains, found: Findings) -> None:
    for kind in sorted(ONCE & records.ids.keys() - {"submission"}):
        for id in records.ids[kind]:
            times = walked.touched[kind, id]
            found.expect(times == 1, f"expected {kind} {id} to be taken once, got {times} times")
        found.counts[f"records of the kind {kind}, each taken once"] = len(records.ids[kind])


def _submissions(
    records: Mapping[str, Mapping[str, Shown]],
    touched: Mapping[tuple[str, str], int],
    acknowledged: Iterable[str],
    found: Findings,
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


def _receipts(
    records: Mapping[str, Mapping[str, Shown]], acknowledged: Mapping[str, str | None], found: Findings
) -> None:
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


def _files(
    read: Rows, submissions: Mapping[str, Shown], acknowledged: Mapping[str, int], folder: Path, found: Findings
) -> None:
    """Each file that was acknowledged or is named by a submission is on the disk, and hashes to its name."""
    named = {
        (file["sha256"], file["len"])
        for submission in submissions.values()
        for file in json.loads(submission["act"]["document"])["files"]
    }
    readers = {sha256 for (sha256,) in read("SELECT DISTINCT sha256 FROM blob_feeds")}
    for sha256, length in sorted(named | set(acknowledged.items())):
        place = folder / sha256[:2] / sha256
        whole = place.exists() and place.stat().st_size == length
        if whole:
            with place.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        found.expect(whole, f"expected the file {sha256} of {length} bytes to be whole")
        found.expect(sha256 in readers, f"expected somebody to be able to read the file {sha256}")
    found.counts["files, each whole"] = len(named | set(acknowledged.items()))


def main() -> None:
    """Audit a store whose service has stopped."""
    options = argparse.ArgumentParser(prog="audit", description="What must hold in a store after a run.")
    options.add_argument("--data", type=Path, required=True, help="the folder MOTCUA_DATA")
    options.add_argument("--database", default="", help="MOTCUA_DATABASE, when the records are in PostgreSQL")
    options.add_argument("ledgers", type=Path, nargs="*", help="the files that the generators wrote")
    said = options.parse_args()
    found = audit(said.data, ledger.read(*said.ledgers), database=said.database)
    print(found.text())
    sys.exit(bool(found.faults))


if __name__ == "__main__":
    main()
