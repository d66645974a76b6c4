"""The audit's walk over the devices' chains: which batches are there, and what they changed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loadtests.findings import Findings
from loadtests.rows import Rows
from server import jwk
from sync.batch import hash_of, unbase64url


@dataclass
class Chains:
    """`touched`: in how many batches each record was changed; `written`: each record's greatest `n` by key and
    replica. Refused changes are in neither.
    """

    touched: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: dict[tuple[str, str], dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, device: str, changes: list[Any], *, refused: set[int]) -> None:
        """Take in the changes of a batch."""
        taken = [each for index, each in enumerate(changes) if index not in refused]
        self.touched.update({(each["kind"], each["id"]) for each in taken})
        for each in taken:
            written, name = self.written[each["kind"], each["id"]], (each["key"], device)
            written[name] = max(each["n"], written.get(name, 0))


def chains(read: Rows, acknowledged: Mapping[tuple[str, int], str], found: Findings) -> Chains:
    """Walk every device's chain. `acknowledged` maps device and seq to the hash of the bytes that were sent."""
    keys = {id: _shown(text, "jwk") for id, text in read("SELECT id, state FROM records WHERE kind = 'device'")}
    walked, waiting = Chains(), dict(acknowledged)
    device, last, prev, devices, count = "", 0, "", 0, 0
    for of, seq, hash_, jws, answer in read("SELECT device, seq, hash, jws, answer FROM batches ORDER BY device, seq"):
        if of != device:
            device, last, prev, devices = of, 0, "", devices + 1
        header, payload, signature = jws.split(".")
        said, body = json.loads(unbase64url(header)), json.loads(unbase64url(payload))
        found.expect(seq == last + 1, f"expected batch {last + 1} of device {device}, got {seq}")
        found.expect(
            (said["kid"], body["seq"], body["prev"], hash_of(jws)) == (device, seq, prev, hash_),
            f"expected batch {seq} of device {device} to follow the one before it",
        )
        signed = device in keys and jwk.verify(keys[device], unbase64url(signature), f"{header}.{payload}".encode())
        found.expect(signed, f"expected batch {seq} of device {device} to be signed by it")
        told = waiting.pop((device, seq), hash_)
        found.expect(told == hash_, f"expected batch {seq} of device {device} in the bytes that were acknowledged")
        walked.add(device, body["changes"], refused={each["index"] for each in json.loads(answer)["refused"]})
        last, prev, count = seq, hash_, count + 1
    for device, seq in waiting:
        found.expect(False, f"expected the acknowledged batch {seq} of device {device} in the store")
    found.counts["devices with a chain"] = devices
    found.counts["batches that the server acknowledged to phones"] = len(acknowledged)
    found.counts["batches, each signed and in its place"] = count
    return walked


def _shown(state: str, key: str) -> Any:
    return json.loads(state)[key]["heads"][-1]["value"]
