"""A record's bounds and forms: R2, R11, R12."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given

from sync import canonical, limits, record
from sync.change import Change
from sync.limits import Invalid
from sync.record import State
from sync.register import Head, Register
from tests.sync.strategies import states


@given(states)
def test_R11_a_state_comes_back_from_its_json_and_has_the_bytes_of_rfc_8785(state: State) -> None:
    encoded = record.encode(state)
    assert encoded == canonical.encode(record.to_json(state))
    assert record.from_json(json.loads(encoded)) == state
    assert record.size(state) == len(encoded)


def test_R12_a_record_holds_5000_keys_and_no_more() -> None:
    state: State = {f"k/{number}": register_of("x") for number in range(limits.REGISTERS - 1)}
    state = record.admit(state, change("k/last"))
    assert len(state) == limits.REGISTERS
    with pytest.raises(Invalid, match="5000 keys") as refusal:
        record.admit(state, change("k/more"))
    assert refusal.value.code == "record_registers"
    assert len(record.admit(state, change("k/0", n=3))) == limits.REGISTERS


def test_R12_a_record_grows_to_1_mib_and_no_further() -> None:
    state: State = {f"k/{number}": register_of("x" * 65_000) for number in range(16)}
    room = limits.RECORD_BYTES - record.size(record.admit(state, change("k/last")))
    full = record.admit(state, change("k/last", value="x" * room))
    assert len(record.encode(full)) == limits.RECORD_BYTES
    with pytest.raises(Invalid) as refusal:
        record.admit(state, change("k/last", value="x" * (room + 1)))
    assert refusal.value.code == "record_size"


def test_R12_a_register_never_has_more_heads_than_replicas_may_write_it() -> None:
    state: State = {}
    for number in range(40):
        alone = change("k", replica=f"r{number}")
        if number < limits.REPLICAS:
            state = record.admit(state, alone)
        else:
            with pytest.raises(Invalid, match="32 replicas"):
                record.admit(state, alone)
    assert len(state["k"].heads) == limits.REPLICAS


def test_G5_500_changes_to_a_record_at_its_limits_cost_bounded_time() -> None:
    context = {f"replica-{number:013}": 2**30 for number in range(limits.REPLICAS - 1)}
    state: State = {f"k/{number}": Register(register_of("x").heads, {**context, "a": 1}) for number in range(880)}
    assert record.size(state) > 0.9 * limits.RECORD_BYTES
    began = time.perf_counter()
    for number in range(limits.BATCH_CHANGES):
        state = record.admit(state, change(f"k/{number}", n=2**30 + 1 + number))
    record.digest(state)
    assert time.perf_counter() - began < 5


def register_of(value: str) -> Register:
    return Register(heads=(Head(n=1, replica="a", value=value, at=1),), context={"a": 1})


def change(key: str, *, n: int = 2, replica: str = "a", value: str = "") -> Change:
    return Change(kind="draft", id="x", key=key, n=n, replica=replica, value=value, at=1, context={})
