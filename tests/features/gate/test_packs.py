"""Opening a pack: what is signed and well formed stays, all else is left out, and nothing is ever raised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.gate.packs import StatusList, open_pack
from tests.features.gate.cases import pack
from tests.vectors.gate.packs_cases import INVITATIONS, ORIGIN, WARD_UNIT, status_list, trust
from tests.vectors.gate.signers import ROOT, WARD

CHARACTERS = st.characters(codec="utf-8")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(CHARACTERS, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=6,
)


def test_a_list_says_what_became_of_each_index() -> None:
    opened = pack("usual")
    assert opened is not None
    found = opened.lists[f"invitation_{WARD_UNIT}"]
    assert [found.at(index) for index in range(64)] == [INVITATIONS.get(index, 0) for index in range(64)]
    assert found.at(64) is None


@pytest.mark.parametrize(
    ("bits", "data", "expected"),
    [
        (1, "b9a3", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, None]),
        (2, "c944f9", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3, None]),
        (4, "3a0f", [10, 3, 15, 0, None]),
        (8, "01ff", [1, 255, None]),
    ],
)
def test_lists_of_any_width_read_as_the_draft_shows(bits: int, data: str, expected: list[int | None]) -> None:
    """The first two are the examples of draft-ietf-oauth-status-list, section 4.1."""
    found = StatusList(0, 0, bits, bytes.fromhex(data))
    assert [found.at(index) for index in range(len(expected))] == expected


@given(JSON, st.sampled_from(["sub", "iat", "exp", "status_list", "bits", "lst", "kid"]))
def test_a_list_of_any_other_form_is_left_out_though_signed(value: Any, name: str) -> None:
    header: dict[str, Any] = {"typ": "statuslist+jwt", "kid": WARD.id}
    payload: dict[str, Any] = {
        "sub": f"{ORIGIN}/statuslists/invitation_{WARD_UNIT}",
        "iat": 0,
        "exp": 1,
        "status_list": {"bits": 4, "lst": "eJwDAAAAAAE"},
    }
    where = header if name == "kid" else payload["status_list"] if name in ("bits", "lst") else payload
    where[name] = value
    opened = open_pack(trust(), ROOT.thumbprint, [WARD.jws(header, payload), status_list()])
    assert opened is not None
    assert opened.lists[f"invitation_{WARD_UNIT}"].iat > 0


@given(JSON, st.sampled_from(["keys", "origins", "kid", "jwk", "unit", "nbf", "x"]))
def test_a_trust_list_of_any_other_form_opens_nothing_or_no_lists(value: Any, name: str) -> None:
    key: dict[str, Any] = {"kid": WARD.id, "unit": WARD_UNIT, "jwk": dict(WARD.jwk), "nbf": 0}
    payload: dict[str, Any] = {"origins": [ORIGIN], "keys": [key]}
    where = key["jwk"] if name == "x" else key if name in key else payload
    where[name] = value
    signed = ROOT.jws({"typ": "motcua-trust+jws", "kid": ROOT.id, "jwk": ROOT.jwk}, payload)
    opened = open_pack(signed, ROOT.thumbprint, [status_list()])
    assert opened is None or name == "nbf" or not opened.lists


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_any_text_opens_nothing(signed: str, root: str, lists: list[str]) -> None:
    assert open_pack(signed, root, lists) is None
    opened = open_pack(trust(), ROOT.thumbprint, lists)
    assert opened is not None
    assert opened.lists == {}
