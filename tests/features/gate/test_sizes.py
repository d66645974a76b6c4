"""How large codes get, with the longest names and the greatest numbers of a city. `pytest -s` prints the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from server.codes import challenge, credential, desk, invitation, presentation
from server.codes.challenge import Challenge
from server.codes.credential import Credential
from server.codes.desk import Desk
from server.codes.invitation import Invitation
from server.codes.presentation import Presentation
from tests.vectors.gate.codes_cases import AGE, CLAIMED, FULL, GATE, INVITATION, NOW
from tests.vectors.gate.signers import HOLDER, PHONE, WARD

NAMES = [
    "Lê An",
    "Nguyễn Thị Minh Khai",
    "Công Tằng Tôn Nữ Thị Ngọc Hường",
    "Nguyễn Phước Tôn Nữ Quỳnh Hương Giang Thùy Dương",
    "Ễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễễ",
    "Ễ" * 300,
    "ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ ễ",
]
LARGE = replace(INVITATION, place=65_535, index=2**32 - 1, gates=0xFFFF, entries=255, cti=b"\xff" * 8)
"""More than a city will have: five bytes of status index, a place number of three, any number of entries."""


def version(text: str) -> int:
    """Return the version of QR that holds a text in alphanumeric mode with error correction M."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    return int(code.best_fit())


def mailed(name: str) -> str:
    return invitation.text(invitation.encode(invitation.fitted(replace(LARGE, name=name)), WARD.sign))


def shown(issued: Invitation | Credential, *, answer: bytes | None) -> str:
    part = (
        invitation.encode(invitation.fitted(issued), WARD.sign)
        if isinstance(issued, Invitation)
        else credential.encode(credential.fitted(replace(issued, index=2**32 - 1)), WARD.sign)
    )
    return presentation.text(presentation.encode(Presentation(part, "65535", NOW, answer), HOLDER.sign))


@pytest.mark.parametrize("name", NAMES)
def test_an_invitation_fits_version_9(name: str) -> None:
    text = mailed(name)
    assert len(text) <= invitation.LONGEST == 240
    assert version(text) <= 9


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [None, bytes(8)], ids=["quick", "challenge"])
def test_a_presentation_fits_version_14(name: str, answer: bytes | None) -> None:
    claimed = replace(LARGE, name=name, holder=HOLDER.jwk)
    for issued in (replace(GATE, name=name), AGE, replace(FULL, name=name), claimed):
        text = shown(issued, answer=answer)
        assert len(text) <= presentation.LONGEST == 528
        assert version(text) <= 14


def test_a_name_is_shortened_no_further_than_it_must() -> None:
    assert invitation.fitted(replace(INVITATION, name="Nguyễn Thị Minh Khai")).name == "Nguyễn Thị Minh Khai"
    assert invitation.fitted(replace(LARGE, name="Nguyễn Thị Minh Khai")).name == "Nguyễn T. Minh Khai"
    assert invitation.fitted(replace(INVITATION, name="Lê An")).name == "Lê An"
    full = replace(FULL, name=NAMES[2])
    assert credential.fitted(full).name == NAMES[2]
    assert credential.fitted(AGE) == AGE


def test_claiming_an_invitation_keeps_its_name() -> None:
    name = invitation.fitted(replace(LARGE, name=NAMES[2])).name
    assert invitation.fitted(replace(LARGE, name=NAMES[2], holder=HOLDER.jwk)).name == name


def test_the_table_of_sizes() -> None:
    rows = list(sizes())
    print(
        "\n" + "\n".join(f"{what:<52} {len(text):>3} characters  version {version(text):>2}-M" for what, text in rows)
    )
    assert len(rows) == 16


def sizes() -> Iterator[tuple[str, str]]:
    longest = max(NAMES, key=lambda name: len(mailed(name)))
    yield "invitation, usual", invitation.text(invitation.encode(INVITATION, WARD.sign))
    yield "invitation, longest", mailed(longest)
    for what, answer in (("quick", None), ("challenge", bytes(8))):
        yield f"gate profile, {what}, usual", shown(GATE, answer=answer)
        yield f"gate profile, {what}, longest name", shown(replace(GATE, name=NAMES[4]), answer=answer)
        yield f"age profile, {what}", shown(AGE, answer=answer)
        yield f"full profile, {what}, usual", shown(FULL, answer=answer)
        yield f"full profile, {what}, longest name", shown(replace(FULL, name=NAMES[4]), answer=answer)
    yield "claimed invitation, quick, usual", shown(CLAIMED, answer=None)
    claimed = replace(LARGE, name=longest, holder=HOLDER.jwk)
    yield "claimed invitation, challenge, longest", shown(claimed, answer=bytes(8))
    yield "challenge", challenge.text(Challenge(65_535, bytes(8)))
    person = "01a1ed3e-0e00-7000-8000-00000000000a"
    yield "desk code", desk.text(desk.encode(Desk(PHONE.id, person, NOW), PHONE.sign))
