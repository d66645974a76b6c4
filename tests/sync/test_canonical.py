"""Canonical JSON: R10, and that hostile text costs little and raises nothing else (G5)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import canonical, limits
from sync.canonical import Value
from sync.limits import Invalid
from tests.sync.strategies import values

HOSTILE = {
    "opening brackets": "[" * limits.BATCH_BYTES,
    "closed brackets": "[" * 130_000 + "]" * 130_000,
    "empty arrays": "[" + "[]," * 80_000 + "[]]",
    "objects": "[" + "{}," * 80_000 + "{}]",
    "nested objects": '{"":' * 65_000,
    "digits": "9" * limits.BATCH_BYTES,
    "numbers": "[" + "1," * 130_000 + "1]",
    "a long fraction": "1." + "9" * limits.BATCH_BYTES,
    "escaped quotes": '"' + '\\"' * 130_000,
    "quotes": '"' * limits.BATCH_BYTES,
    "one name over and over": "{" + '"a":1,' * 40_000 + '"a":1}',
    "marks out of order": '"a' + "\u0301\u0323" * 60_000 + '"',
    "marks in order": '"a' + "\u0323" * 60_000 + "\u0301" * 60_000 + '"',
    "Hangul in parts": '"' + "\u1100\u1161" * 60_000 + '"',
}


@given(values)
def test_R10_a_value_comes_back_from_its_canonical_bytes(value: Value) -> None:
    assert canonical.decode(canonical.encode(value)) == value
    assert canonical.encode(canonical.decode(canonical.encode(value))) == canonical.encode(value)


@given(values)
def test_R10_any_way_of_writing_a_value_has_the_same_canonical_bytes(value: Value) -> None:
    loose = json.dumps(value, indent=1, ensure_ascii=True)
    assert canonical.encode(canonical.decode(loose)) == canonical.encode(value)


@given(st.text() | st.text('[]{}",:\\u0189-.eE tnrfalsN') | st.binary())
def test_G5_whatever_comes_is_read_or_refused_as_json(data: str | bytes) -> None:
    assert refusal_of(lambda: canonical.decode(data)) in (None, "json")


@given(st.text("0123456789-+.eE", min_size=1))
def test_R10_what_is_read_as_a_number_is_written_as_it_came(text: str) -> None:
    if refusal_of(lambda: canonical.decode(text)) is None:
        assert canonical.encode(canonical.decode(text)).decode() == text


@pytest.mark.parametrize("name", HOSTILE)
def test_G5_hostile_text_costs_bounded_time(name: str) -> None:
    began = time.process_time()
    code = refusal_of(lambda: canonical.check(canonical.decode(HOSTILE[name])))
    assert code in ("json", "value_size", "value_text")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", (1, 2), {1: 2}, {"a": {1.0}}])
def test_R10_what_is_not_json_without_floats_is_refused(value: Value) -> None:
    assert refusal_of(lambda: canonical.check(value)) == "value_type"


def refusal_of(act: Callable[[], object]) -> str | None:
    try:
        act()
    except Invalid as error:
        return error.code
    return None
