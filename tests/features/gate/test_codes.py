"""Codes byte for byte, as the shared vectors say, and what holds of any text, bytes and names."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.codes import base, cbor, challenge, credential, desk, invitation, names, presentation, sign1
from server.codes.base import CodeError
from server.codes.cccd import parse_card
from server.codes.challenge import Challenge
from server.codes.sign1 import Sign1
from tests.features.gate.cases import vectors
from tests.vectors.gate import codes_cases, make
from tests.vectors.gate.signers import HOLDER, PHONE, WARD, Signer

CODES: dict[str, Any] = vectors("codes")
SIGNERS = {signer.name: signer for signer in (WARD, HOLDER, PHONE)}
READABLE = {"not_a_code", "malformed", "trailing_bytes", "duplicate_keys", "algorithm"}


def by_name(case: dict[str, Any]) -> str:
    return str(case.get("name") or case.get("text"))


def fields(subject: Any) -> dict[str, Any]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(subject).items()}


def checked(case: dict[str, Any]) -> Sign1:
    """Return the message of a case once its parts and its signature are as the vector says."""
    message = sign1.parse(bytes.fromhex(case["hex"]))
    assert message.signing_input.hex() == case["signing_input"]
    assert message.payload.hex() == case["payload"]
    assert message.signature.hex() == case["signature"]
    assert sign1.verify(message, SIGNERS[case["key"]].jwk)
    return message


@pytest.mark.parametrize("name", make.texts())
def test_the_vectors_are_what_their_source_makes(name: str) -> None:
    assert (make.HERE / f"{name}.json").read_text() == make.texts()[name]


@pytest.mark.parametrize("case", CODES["texts"], ids=by_name)
def test_text_and_bytes_stand_for_each_other(case: dict[str, str]) -> None:
    data = bytes.fromhex(case["hex"])
    assert base.encode_text(case["prefix"], data) == case["text"]
    assert base.decode_text(case["text"]) == (case["prefix"], data)


@pytest.mark.parametrize("case", CODES["bad_texts"], ids=by_name)
def test_a_text_that_is_no_code_says_why(case: dict[str, str]) -> None:
    with pytest.raises(CodeError) as caught:
        base.decode_text(case["text"])
    assert caught.value.reason == case["reason"]


@pytest.mark.parametrize("case", CODES["bad_messages"], ids=by_name)
def test_a_message_that_is_broken_says_why(case: dict[str, str]) -> None:
    with pytest.raises(CodeError) as caught:
        sign1.parse(bytes.fromhex(case["hex"]))
    assert caught.value.reason == case["reason"]


@pytest.mark.parametrize("case", CODES["invitations"], ids=by_name)
def test_an_invitation_reads_and_writes_the_same(case: dict[str, Any]) -> None:
    subject = invitation.from_sign1(checked(case))
    assert fields(subject) == case["fields"]
    assert invitation.text(invitation.encode(subject, WARD.sign)) == case["text"]


@pytest.mark.parametrize("case", CODES["credentials"], ids=by_name)
def test_a_credential_reads_and_writes_the_same(case: dict[str, Any]) -> None:
    subject = credential.from_sign1(checked(case))
    assert fields(subject) == case["fields"]
    assert credential.encode(subject, WARD.sign).hex() == case["hex"]


@pytest.mark.parametrize("case", CODES["presentations"], ids=by_name)
def test_a_presentation_reads_and_writes_the_same(case: dict[str, Any]) -> None:
    message = checked(case)
    subject = presentation.from_sign1(message)
    assert fields(subject) == case["fields"]
    assert presentation.id_of(message) == case["id"]
    assert presentation.text(presentation.encode(subject, HOLDER.sign)) == case["text"]


@pytest.mark.parametrize("case", CODES["challenges"], ids=by_name)
def test_a_challenge_reads_and_writes_the_same(case: dict[str, Any]) -> None:
    subject = Challenge(case["place"], bytes.fromhex(case["nonce"]))
    assert challenge.parse(case["text"]) == subject
    assert challenge.text(subject) == case["text"]


@pytest.mark.parametrize("case", CODES["desks"], ids=by_name)
def test_a_desk_code_reads_and_writes_the_same(case: dict[str, Any]) -> None:
    subject, message = desk.parse(case["text"])
    assert message == checked(case)
    assert fields(subject) == case["fields"]
    assert desk.text(desk.encode(subject, PHONE.sign)) == case["text"]


@pytest.mark.parametrize("case", CODES["names"], ids=lambda case: f"{case['name']} in {case['bytes']}")
def test_a_name_is_shortened_as_people_would(case: dict[str, Any]) -> None:
    assert names.fitting_name(case["name"], lambda form: len(form.encode()) <= case["bytes"]) == case["fitting"]


@pytest.mark.parametrize("case", vectors("card")["cards"], ids=by_name)
def test_a_citizen_card_says_who_it_is(case: dict[str, Any]) -> None:
    assert asdict(parse_card(case["text"])) == case["card"]


@pytest.mark.parametrize("case", vectors("card")["not_cards"], ids=by_name)
def test_another_text_is_no_citizen_card(case: dict[str, str]) -> None:
    with pytest.raises(CodeError) as caught:
        parse_card(case["text"])
    assert caught.value.reason == "not_a_code"


@pytest.mark.parametrize("parse", [challenge.parse, desk.parse])
@pytest.mark.parametrize("prefix", base.PREFIXES)
def test_a_code_of_another_sort_is_no_code_here(parse: Any, prefix: str) -> None:
    with pytest.raises(CodeError):
        parse(base.encode_text(prefix, b"\xa0"))


@pytest.mark.parametrize("broken", ["kid of 21", "kid not ASCII", "a type", "person of 15 bytes", "a claim more"])
def test_a_desk_code_of_another_form_is_malformed(broken: str) -> None:
    header: dict[int, Any] = {4: PHONE.id.encode()}
    claims: dict[int, Any] = {2: bytes(16), 6: codes_cases.NOW}
    changes: Mapping[str, tuple[dict[int, Any], dict[int, Any]]] = {
        "kid of 21": ({4: b"x" * 21}, {}),
        "kid not ASCII": ({4: b"\xff" * 22}, {}),
        "a type": ({16: 293}, {}),
        "person of 15 bytes": ({}, {2: bytes(15)}),
        "a claim more": ({}, {7: bytes(8)}),
    }
    more, claimed = changes[broken]
    data = sign1.build(header | more, claims | claimed, PHONE.sign)
    with pytest.raises(CodeError) as caught:
        desk.parse(desk.text(data))
    assert caught.value.reason == "malformed"


def test_a_credential_must_hold_what_its_profile_discloses() -> None:
    lacking = credential.Credential(**{**asdict(codes_cases.FULL), "born": None})
    with pytest.raises(ValueError, match="FULL"):
        credential.to_claims(lacking)


def test_what_a_profile_does_not_disclose_is_left_out() -> None:
    more = credential.Credential(**{**asdict(codes_cases.GATE), "born": 1990_09_01, "ages": 7})
    assert credential.to_claims(more) == credential.to_claims(codes_cases.GATE)


# what holds of anything

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.booleans() | WHOLE | st.binary(max_size=300) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(WHOLE, inner, max_size=5),
    max_leaves=12,
)
"""What codes may be made of."""
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=30) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(-70_000, 50) | st.text(max_size=3) | st.floats(), inner, max_size=5)
        | st.builds(cbor2.CBORTag, st.integers(0, 70), inner)
    ),
    max_leaves=12,
)


@given(st.text() | st.builds("{}{}".format, st.sampled_from(base.PREFIXES), st.text(base.base45.BASE45_CHARSET)))
def test_any_text_is_one_code_or_none(text: str) -> None:
    try:
        assert base.encode_text(*base.decode_text(text)) == text
    except CodeError as error:
        assert error.reason in READABLE


@given(VALUES)
def test_values_come_back_from_their_one_encoding(value: cbor.Value) -> None:
    data = cbor.encode(value)
    try:
        assert cbor.decode(data) == value
    except CodeError as error:
        assert "depth" in str(error)


@given(st.binary(max_size=200) | st.builds(cbor2.dumps, ANYTHING))
def test_bytes_are_read_only_when_they_are_the_one_encoding(data: bytes) -> None:
    try:
        assert cbor.encode(cbor.decode(data)) == data
    except CodeError as error:
        assert error.reason in READABLE


@given(st.binary(max_size=400) | st.builds(cbor2.dumps, st.lists(ANYTHING, min_size=4, max_size=4)))
def test_a_hostile_message_raises_nothing_else(data: bytes) -> None:
    try:
        sign1.parse(data)
    except CodeError as error:
        assert error.reason in READABLE


@given(
    st.dictionaries(st.sampled_from([1, 4, 13, 16]), ANYTHING),
    st.dictionaries(st.sampled_from([2, 3, 4, 5, 6, 7, 8, 39, -65537]), ANYTHING),
)
def test_hostile_claims_raise_nothing_else(header: dict[int, Any], claims: dict[int, Any]) -> None:
    parts = [cbor2.dumps({**header, 1: -7}, canonical=True), {}, cbor2.dumps(claims, canonical=True), bytes(64)]
    try:
        message = sign1.parse(cbor2.dumps(parts, canonical=True))
    except CodeError:
        return
    for read in (invitation.from_sign1, credential.from_sign1, presentation.from_sign1, desk.from_sign1):
        with pytest.raises(CodeError):
            read(message)


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), st.integers(80, 120))
def test_a_fitting_name_fits_and_splits_no_letter(words: list[str], room: int) -> None:
    name = unicodedata.normalize("NFC", " ".join(words))
    if not name.split():
        return
    longest = max(len(letter.encode()) for letter in names.letters(name))
    fitting = names.fitting_name(name, lambda form: len(form.encode()) <= max(room, longest))
    assert fitting
    assert unicodedata.is_normalized("NFC", fitting)
    assert len(fitting.encode()) <= max(room, longest)
    assert set(names.letters(fitting)) <= {*names.letters(" ".join(name.split())), "."}


@given(st.integers(0, 2**256 - 1))
def test_any_holder_key_comes_back_from_its_compressed_form(seed: int) -> None:
    signer = Signer(f"holder {seed}")
    subject = invitation.Invitation(**{**asdict(codes_cases.INVITATION), "holder": signer.jwk})
    assert invitation.from_sign1(sign1.parse(invitation.encode(subject, WARD.sign))).holder == signer.jwk
