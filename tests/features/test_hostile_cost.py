"""What hostile input may cost at most, in time and memory (SPEC.md R12, G5)."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass
from typing import Any

import pytest

from loadtests.person import PROCEDURE, Person
from server.store import Store
from sync import limits, record

SECONDS = 5.0
"""A generous bound for the dearest batch that the limits allow, on a slow machine; printed is what it took."""
MIB = 1024 * 1024


@dataclass
class Large:
    """A draft that has as many keys, or as many bytes, as a record may have."""

    person: Person
    id: str
    n: int

    def change(self, key: str, value: str, *, n: int) -> Any:
        return {"kind": "draft", "id": self.id, "key": key, "n": n, "value": value, "at": 1, "context": {}}

    def send(self, changes: list[Any]) -> Any:
        jws = self.person.device.batch(changes, at=1)
        (answer,) = self.person.post("/sync", {"batches": [jws], "limit": 1})["answers"]
        return answer


def keys(count: int, *, start: int = 0) -> list[str]:
    return [f"answer/k{number}" for number in range(start, start + count)]


@pytest.fixture
def large(resident: Person) -> Large:
    """A draft of 4,990 keys in a little less than 1 MiB."""
    id, changes = resident.draft(PROCEDURE, {})
    resident.sync(*changes)
    large = Large(resident, id, n=100)
    names = keys(4_990 - len(changes))
    for start in range(0, len(names), limits.BATCH_CHANGES):
        part = names[start : start + limits.BATCH_CHANGES]
        assert large.send([large.change(name, "x" * 70, n=large.n) for name in part])["refused"] == []
    return large


def test_R12_a_record_takes_no_key_past_the_5000th_and_no_byte_past_1_MiB(large: Large, store: Store) -> None:
    more = [large.change(name, "", n=large.n) for name in keys(11, start=4_990)]
    assert [each["code"] for each in large.send(more)["refused"]] == ["record_registers"]
    longer = [large.change(name, "x" * 1000, n=large.n + 1) for name in keys(150)]
    refused = large.send(longer)["refused"]
    assert {each["code"] for each in refused} == {"record_size"}
    with store.read() as look:
        state = look.get("draft", large.id)
    assert state is not None
    assert len(state) == limits.REGISTERS
    assert limits.RECORD_BYTES - 2000 < record.size(state) <= limits.RECORD_BYTES


def test_G5_the_dearest_batch_costs_bounded_time(large: Large, capsys: pytest.CaptureFixture[str]) -> None:
    """500 changes of a record at its limits, each so far ahead that the greatest n is looked for each time."""
    n = large.n + 2**20 - 1
    began = time.process_time()
    answer = large.send([large.change(name, "y" * 70, n=n) for name in keys(limits.BATCH_CHANGES)])
    seconds = time.process_time() - began
    with capsys.disabled():
        print(f"\n500 changes of a record of 4,990 keys and 1 MiB: {seconds:.2f} s")
    assert answer["refused"] == []
    assert seconds < SECONDS


def test_G5_many_versions_of_a_large_record_cost_bounded_memory(
    large: Large, capsys: pytest.CaptureFixture[str]
) -> None:
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(8):
            large.send([large.change("answer/k0", f"{number}", n=large.n + 1 + number)])
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    with capsys.disabled():
        print(f"\n8 small writes to a record of 1 MiB keep {(after - before) / MIB:.1f} MiB")
    assert after - before < 20 * MIB
