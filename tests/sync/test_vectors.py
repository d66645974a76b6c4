"""The shared cases of `sync/vectors/`, which `pwa/src/sync/vectors.test.ts` runs too."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sync import batch, canonical, change, record
from sync.change import Change
from sync.limits import Invalid

VECTORS = Path(__file__).parents[2] / "sync" / "vectors"


def cases(name: str) -> pytest.MarkDecorator:
    found = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in found])


def text(parts: str | list[tuple[str, int]]) -> str:
    return parts if isinstance(parts, str) else "".join(part * times for part, times in parts)


@cases("canonical")
def test_R10_json_text_has_one_canonical_form_or_is_refused(case: Any) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else text(case["json"])
    if "error" in case:
        assert refusal(lambda: canonical.decode(data)) == case["error"]
    elif "unencodable" in case:
        assert refusal(lambda: canonical.encode(canonical.decode(data))) == case["unencodable"]
    else:
        assert canonical.encode(canonical.decode(data)).decode() == text(case["canonical"])


@cases("values")
def test_R12_a_value_is_admitted_or_refused_with_its_code(case: Any) -> None:
    assert refusal(lambda: canonical.check(canonical.decode(text(case["json"])))) == case["error"]


@cases("joins")
def test_R6_states_join_to_one_state_in_any_order_and_grouping(case: Any) -> None:
    states = [record.from_json(state) for state in case["states"]]
    for first, *others in itertools.permutations(states):
        joined = first
        for other in others:
            joined = record.join(joined, other)
        assert record.to_json(joined) == case["joined"]
        assert record.digest(joined) == case["digest"]
        late = states[0]
        for other in others:
            late = record.join(other, late)
        assert record.digest(record.join(first, late)) == case["digest"]


@cases("writes")
def test_R3_a_write_is_stamped_and_knows_what_it_saw(case: Any) -> None:
    state = record.from_json(case["state"])
    if "error" in case:
        assert refusal(lambda: record.write(state, **case["draft"])) == case["error"]
    else:
        assert record.write(state, **case["draft"]) == Change(**case["change"])


@cases("admits")
def test_R13_a_change_from_outside_is_admitted_or_refused(case: Any) -> None:
    state, incoming = record.from_json(case["state"]), Change(**case["change"])
    if "error" in case:
        assert refusal(lambda: record.admit(state, incoming)) == case["error"]
    else:
        admitted = record.admit(state, incoming)
        assert record.to_json(admitted) == case["joined"]
        assert record.digest(admitted) == case["digest"]


@cases("cuts")
def test_R14_a_context_is_cut_to_what_is_known(case: Any) -> None:
    cut = record.cut(record.from_json(case["state"]), Change(**case["change"]))
    assert cut == replace(Change(**case["change"]), context=case["context"])


@cases("changes")
def test_B1_a_change_is_read_or_refused(case: Any) -> None:
    assert refusal(lambda: change.parse(canonical.decode(text(case["json"])), replica="a")) == case["error"]


@cases("batches")
def test_B1_a_batch_is_read_or_refused(case: Any) -> None:
    jws = (
        text(case["jws"])
        if "jws" in case
        else ".".join([_part(case["header"]), _part(case["payload"]), case["signature"]])
    )
    if "error" in case:
        assert refusal(lambda: batch.parse(jws)) == case["error"]
        return
    read = batch.parse(jws)
    keys = [each.key for each in read.changes]
    assert case["batch"] == {
        "device": read.device,
        "seq": read.seq,
        "prev": read.prev,
        "at": read.at,
        "keys": keys if isinstance(case["batch"]["keys"], list) else len(keys),
        "hash": read.hash,
    }
    assert read.signing_input.decode() + "." + batch.base64url(read.signature) == jws


def refusal(act: Any) -> str | None:
    """Return the code by which `act` is refused, or None."""
    try:
        act()
    except Invalid as error:
        return error.code
    return None


def _part(parts: str | list[tuple[str, int]]) -> str:
    return batch.base64url(text(parts).encode())
