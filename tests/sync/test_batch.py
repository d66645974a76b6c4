"""Batches: B1, and that mutated ones are read or refused, never more (G5)."""

from __future__ import annotations

import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync import batch, canonical
from sync.change import Change
from sync.limits import Invalid
from tests.sync.strategies import changes, values

HEADER = '{"alg":"ES256","kid":"dGVzdC1kZXZpY2UtMDAwMD","typ":"motcua-batch+jws"}'
SIGNATURE = batch.base64url(bytes(range(64)))


def jws_of(payload: Any, header: str = HEADER) -> str:
    return ".".join([batch.base64url(header.encode()), batch.base64url(canonical.encode(payload)), SIGNATURE])


def payload_of(made: list[Change]) -> dict[str, Any]:
    return {"seq": 1, "prev": "", "at": 1, "changes": [change.to_json() for change in made]}


@given(st.lists(changes(), min_size=1))
def test_B1_a_batch_says_what_was_put_in(made: list[Change]) -> None:
    read = batch.parse(jws_of(payload_of(made)))
    assert [(c.replica, c.to_json()) for c in read.changes] == [(read.device, c.to_json()) for c in made]
    assert read.hash == batch.hash_of(jws_of(payload_of(made)))


@given(changes(), st.sampled_from(["kind", "id", "key", "n", "value", "at", "context"]), values)
def test_G5_a_change_with_any_field_replaced_is_read_or_refused(made: Change, field: str, value: Any) -> None:
    read_or_refused(jws_of(payload_of([made]) | {"changes": [made.to_json() | {field: value}]}))


@given(changes(), st.sampled_from(["seq", "prev", "at", "changes", "more"]), values)
def test_G5_a_payload_with_any_member_replaced_is_read_or_refused(made: Change, name: str, value: Any) -> None:
    read_or_refused(jws_of(payload_of([made]) | {name: value}))


@given(changes(), st.integers(0), st.integers(0, 3), st.text(max_size=3) | st.sampled_from([".", "=", "A", "\n", "é"]))
def test_G5_a_batch_with_letters_replaced_is_read_or_refused(made: Change, at: int, length: int, text: str) -> None:
    jws = jws_of(payload_of([made]))
    at %= len(jws)
    read_or_refused(jws[:at] + text + jws[at + length :])


@given(st.binary())
def test_B1_base64url_comes_back(data: bytes) -> None:
    assert batch.unbase64url(batch.base64url(data)) == data


@given(st.text() | st.text("AQgw-_=+/\n "))
def test_B1_base64url_has_one_spelling(text: str) -> None:
    try:
        assert batch.base64url(batch.unbase64url(text)) == text
    except Invalid as error:
        assert error.code == "base64url"


def test_G5_the_fullest_batch_costs_bounded_time() -> None:
    tiny = {"kind": "draft", "id": "x", "key": "k", "n": 9, "value": [], "at": 1, "context": {}}
    full = [{**tiny, "value": [[]] * 100, "context": {str(number): 1 for number in range(10)}}] * 400
    jws = jws_of({"seq": 1, "prev": "", "at": 1, "changes": full})
    began = time.perf_counter()
    assert len(batch.parse(jws).changes) == 400
    assert time.perf_counter() - began < 2


def read_or_refused(jws: str) -> None:
    try:
        batch.parse(jws)
    except Invalid as error:
        assert error.code
