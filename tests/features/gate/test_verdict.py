"""The verdict: every case of the shared vector, and what must hold whatever is held in front of the camera."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.codes import base
from server.features.gate import presence
from server.features.gate.packs import Key, OpenPack, open_pack
from server.features.gate.presence import CheckIns
from server.features.gate.reasons import OUTCOMES, Word
from server.features.gate.verdict import Gate, verdict
from tests.features.gate.cases import facts, judge, pack, vectors
from tests.vectors.gate import case as vector
from tests.vectors.gate import events, showing
from tests.vectors.gate.case import ASKING, HERE, NONCE, OUT, T
from tests.vectors.gate.codes_cases import AGE, CLAIMED, FULL, GATE
from tests.vectors.gate.packs_cases import WARD_UNIT, status_list, trust
from tests.vectors.gate.showing import bare, identified, presented
from tests.vectors.gate.signers import DISTRICT, ROOT, STRANGER, WARD

VERDICTS: dict[str, Any] = vectors("verdict")
VALID = {
    "invitation": bare(),
    "claimed invitation": presented(CLAIMED),
    "identity": identified(),
    "age": presented(AGE, audience="*"),
    "full": presented(FULL),
}


@pytest.mark.parametrize("case", VERDICTS["cases"], ids=lambda case: case["name"])
def test_a_code_gets_the_verdict_of_the_shared_vector(case: dict[str, Any]) -> None:
    found, expected = judge(case), case["expect"]
    assert (found.word, found.reason, found.next) == (expected["word"], expected["reason"], expected["next"])
    assert facts(found.facts) | expected["facts"] == facts(found.facts)


def test_names_of_cases_are_their_own() -> None:
    names = [case["name"] for case in VERDICTS["cases"]]
    assert len(names) == len(set(names))


def test_every_reason_has_its_word_and_next_step_and_a_case() -> None:
    assert {reason: {"word": word, "next": step} for reason, (word, step) in OUTCOMES.items()} == vector.OUTCOMES
    assert {case["expect"]["reason"] for case in VERDICTS["cases"]} == OUTCOMES.keys()


@pytest.mark.parametrize("name", VALID)
def test_no_bit_of_a_code_can_be_changed(name: str) -> None:
    code = VALID[name]
    assert judged(code) is Word.ADMIT
    prefix, data = base.decode_text(code)
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert judged(base.encode_text(prefix, bytes(changed))) is Word.REFUSE, f"bit {bit}"


@pytest.mark.parametrize("name", VALID)
@given(data=st.data())
def test_no_letters_of_a_code_can_be_changed(name: str, data: st.DataObject) -> None:
    code = VALID[name]
    at = data.draw(st.integers(0, len(code) - 1))
    length = data.draw(st.integers(0, 3))
    put = data.draw(st.text(base.base45.BASE45_CHARSET, max_size=3) | st.text(max_size=3))
    changed = code[:at] + put + code[at + length :]
    assert changed == code or judged(changed) is Word.REFUSE


@given(st.text() | st.builds("{}{}".format, st.sampled_from(base.PREFIXES), st.text(base.base45.BASE45_CHARSET)))
def test_any_text_gets_a_verdict_and_never_a_good_one(text: str) -> None:
    for name in ("none", "usual", "stale"):
        for gate in (HERE, ASKING, OUT):
            assert judged(text, name=name, gate=gate) is not Word.ADMIT


@given(st.binary(max_size=400), st.sampled_from(base.PREFIXES))
def test_any_bytes_get_a_verdict_and_never_a_good_one(data: bytes, prefix: str) -> None:
    assert judged(base.encode_text(prefix, data)) is Word.REFUSE


@settings(max_examples=200)
@given(st.sampled_from(VERDICTS["cases"]), st.integers(0, 2 * 86_400_000), st.integers(0, 2 * 86_400_000))
def test_knowing_the_time_less_well_never_turns_green(case: dict[str, Any], more: int, further: int) -> None:
    """A phone's clock that is moved only widens what trusted time may be; no refusal turns into an admission."""
    low, high = case["time"]
    wide = judge({**case, "time": [low, high + more]})
    if wide.word is Word.ADMIT:
        assert judge(case).word is Word.ADMIT
        assert judge({**case, "time": [low, low]}).word is Word.ADMIT
        assert judge({**case, "time": [high, high + more]}).word is Word.ADMIT
    wider = judge({**case, "time": [max(0, low - further), high + more]})
    assert not (wider.word is Word.ADMIT and judge(case).word is not Word.ADMIT)


@pytest.mark.parametrize("code", [bare(), presented(CLAIMED), identified(), presented(FULL)])
def test_moving_the_guards_clock_by_a_day_never_admits_a_screenshot(code: str) -> None:
    """Trusted time starts at T and cannot fall behind; the wall clock can be anything."""
    after = T + 61 * 60_000  # the invitation has ended, and presentations are an hour old
    for moved in (-86_400_000, 0, 86_400_000):
        time = (after, max(after, after + moved))
        found = verdict(code, fresh_pack(), CheckIns(), Gate(**HERE), time)
        assert found.word is Word.REFUSE


@pytest.mark.parametrize("wrong", [STRANGER, DISTRICT])
def test_all_keys_that_share_a_kid_are_tried(wrong: Any) -> None:
    """Two keys whose thumbprints begin with the same 4 bytes can't be made here; a pack can say that they do."""
    usual = pack("usual")
    assert usual is not None
    mine = next(key for key in usual.keys if key.unit == WARD_UNIT)
    twin = Key(mine.kid4, "another-unit", wrong.jwk, mine.nbf)
    for keys in ((twin, mine), (mine, twin)):
        both = OpenPack(keys, usual.lists)
        assert verdict(bare(), both, CheckIns(), Gate(**HERE), (T, T)).reason == "invitation"
        theirs = bare(kid=WARD.kid, signer=wrong)
        found = verdict(theirs, both, CheckIns(), Gate(**{**HERE, "unit": "another-unit"}), (T, T))
        assert found.reason == "list_missing", "whose key it was decides whose code it is"
        assert verdict(theirs, both, CheckIns(), Gate(**HERE), (T, T)).reason == "other_place"
    assert verdict(bare(), OpenPack((twin,), usual.lists), CheckIns(), Gate(**HERE), (T, T)).reason == "forged"


def test_the_same_presentation_admits_once_whoever_saw_it() -> None:
    code = identified()
    first = verdict(code, pack("usual"), CheckIns(), Gate(**HERE), (T, T))
    assert first.word is Word.ADMIT
    entry = events.event("in", 0, subject=first.facts.subject, max=0, shown=first.facts.presentation, gate=1)
    seen = presence.index(events.read([entry]))
    for again in (code, identified(malleated=True)):
        assert verdict(again, pack("usual"), seen, Gate(**HERE), (T, T)).reason == "replayed"
    newer = identified(iat=vector.T // 1000 + 15)
    assert verdict(newer, pack("usual"), seen, Gate(**HERE), (T, T)).word is Word.ADMIT


def test_a_holder_key_is_one_subject_in_all_that_it_shows() -> None:
    for options in ({}, {"iat": T // 1000 + 5}, {"audience": "7"}, {"challenge": bytes.fromhex(NONCE)}):
        gate = Gate(**(ASKING if "challenge" in options else HERE))
        found = verdict(presented(GATE, **{"audience": "*", **options}), pack("usual"), CheckIns(), gate, (T, T))
        assert found.facts.subject == showing.SUBJECT


def judged(code: str, *, name: str = "usual", gate: dict[str, Any] = HERE) -> Word:
    return verdict(code, pack(name), CheckIns(), Gate(**gate), (T, T)).word


def fresh_pack() -> OpenPack | None:
    """Lists that last long, so that it is not their age that decides."""
    ids = (f"invitation_{WARD_UNIT}", f"identity_{WARD_UNIT}")
    return open_pack(trust(), ROOT.thumbprint, [status_list({}, id=id, exp=T // 1000 + 10**7) for id in ids])
