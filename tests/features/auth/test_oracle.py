"""Assertions against py_webauthn as an oracle: what we accept it accepts, and what only we refuse is named here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import cbor2
import pytest
import webauthn
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers.exceptions import WebAuthnException

from loadtests.authenticator import Passkey
from server.auth import acts
from server.errors import Problem
from sync.batch import base64url, unbase64url
from tests.conftest import ORIGIN

TEXT = '{"typ":"submission/1"}'
PASSKEY = Passkey(rp="localhost", origin=ORIGIN)
CHALLENGE = acts.challenge(TEXT)
UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


@dataclass(frozen=True)
class Answer:
    """What a passkey signs, and how its signature is bent afterwards."""

    said: bytes
    flags: int = UP | UV
    rp: str = "localhost"
    rest: bytes = b""
    count: int = 0
    bend: int | None = None

    def assertion(self) -> acts.Assertion:
        head = PASSKEY.authenticator_data(self.flags, rp=self.rp)[:33]
        signed: Any = PASSKEY.assertion(self.said, head + self.count.to_bytes(4, "big") + self.rest)
        if self.bend is not None:
            data = bytearray(unbase64url(signed["signature"]))
            data[self.bend % len(data)] ^= 1
            signed["signature"] = base64url(bytes(data))
        return acts.Assertion.model_validate(signed)


def client_data(**more: object) -> bytes:
    said = json.loads(PASSKEY.client_data("webauthn.get", CHALLENGE))
    return json.dumps(said | more).encode()


def ours(answer: Answer) -> bool:
    try:
        acts.verify_assertion(
            TEXT, answer.assertion(), public_key=PASSKEY.public_key(), rp="localhost", origins=[ORIGIN]
        )
    except Problem as problem:
        assert problem.code == "act_signature"
        return False
    return True


def theirs(answer: Answer) -> bool:
    assertion = answer.assertion()
    try:
        webauthn.verify_authentication_response(
            credential={
                "id": assertion.credential,
                "rawId": assertion.credential,
                "type": "public-key",
                "response": {
                    "clientDataJSON": assertion.client_data,
                    "authenticatorData": assertion.authenticator_data,
                    "signature": assertion.signature,
                },
            },
            expected_challenge=CHALLENGE,
            expected_rp_id="localhost",
            expected_origin=[ORIGIN],
            credential_public_key=PASSKEY.public_key(),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except WebAuthnException:
        return False
    return True


SAID = st.sampled_from(
    [
        client_data(),
        client_data(type="webauthn.create"),
        client_data(origin="https://evil.example"),
        client_data(challenge=base64url(b"x" * 32)),
        client_data(more="a browser's own member"),
        json.dumps({"type": "webauthn.get", "origin": ORIGIN}).encode(),
        b"{",
        b"[]",
    ]
)
ANSWERS = st.builds(
    Answer,
    said=SAID,
    flags=st.sampled_from([UP | UV, UP | UV | BE, UP | UV | BE | BS, UP, UV, 0]),
    rp=st.sampled_from(["localhost", "evil.example"]),
    count=st.integers(0, 2**32 - 1),
    bend=st.none() | st.integers(0, 80),
)


@settings(max_examples=200, deadline=None)
@given(ANSWERS)
def test_both_give_the_same_verdict_on_answers_that_a_browser_could_make(answer: Answer) -> None:
    assert ours(answer) == theirs(answer)


STRICTER = {
    "a frame in a page of another origin": client_data(crossOrigin=True),
    "a top origin": client_data(topOrigin="https://evil.example"),
    "a member twice": client_data()[:-1] + b',"type":"webauthn.get"}',
    "a padded challenge": client_data(challenge=base64url(CHALLENGE) + "="),
}


@pytest.mark.parametrize("what", STRICTER)
def test_only_we_refuse(what: str) -> None:
    """`theirs` is the proof that the check is needed: without ours, this answer would pass."""
    answer = Answer(STRICTER[what])
    assert theirs(answer)
    assert not ours(answer)


LAXER = {
    "a backup that is not eligible": Answer(client_data(), flags=UP | UV | BS),
    "attested data without any": Answer(client_data(), flags=UP | UV | AT),
    "bytes after the end": Answer(client_data(), rest=b"more"),
    "extensions without any": Answer(client_data(), flags=UP | UV | ED),
}


@pytest.mark.parametrize("what", LAXER)
def test_we_accept_nothing_that_the_oracle_refuses(what: str) -> None:
    assert not theirs(LAXER[what])
    assert not ours(LAXER[what])


def test_extensions_that_are_there_are_no_obstacle() -> None:
    answer = Answer(client_data(), flags=UP | UV | ED, rest=cbor2.dumps({"credProtect": 2}))
    assert ours(answer)
    assert theirs(answer)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=4))
def test_acts_count_in_any_order(counts: list[int]) -> None:
    """A counter that was compared would refuse the second of two acts that were signed offline and came crosswise."""
    answer = Answer(client_data())
    assert all(ours(replace(answer, count=count)) for count in counts)
