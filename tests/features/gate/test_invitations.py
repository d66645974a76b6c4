"""Inviting: the code, its letter, and that a new code or none is the end of every earlier one."""

from __future__ import annotations

import time
from typing import Any

import pytest

from loadtests.person import Person
from server import jwk
from server.auth import Parts
from server.codes import base, sign1
from server.codes import invitation as codes
from server.codes.invitation import Invitation
from server.statuslists import CLAIMED, INVALID, REISSUED, VALID, invitations_of
from sync.canonical import Value
from tests.conftest import Clock
from tests.features.gate.conftest import (
    UNIT,
    claim,
    code_of,
    held,
    invitation,
    invited,
    letters_of,
    order,
    refused,
)


def read(person: Person, text: str) -> Invitation:
    """Read a code and verify it by the unit's key on the trust list."""
    prefix, data = base.decode_text(text)
    assert prefix == base.INVITATION
    message = sign1.parse(data)
    trust = jwk.open_jws(str(person.records["trust", "trust"]["jws"].shown), typ="motcua-trust+jws")
    (key,) = [key["jwk"] for key in trust.payload["keys"] if key["unit"] == UNIT]
    found = codes.from_sign1(message)
    assert found.kid == sign1.key_id(key)
    assert sign1.verify(message, key)
    return found


def statuses(town: Parts, *indexes: int) -> list[int | None]:
    with town.store.read() as look:
        return [town.statuslists.status(invitations_of(UNIT), index, look=look) for index in indexes]


def test_an_invitation_gets_a_code_that_its_unit_signed(officer: Person, clock: Clock, town: Parts) -> None:
    meeting = held(officer, clock, gates=[1], entries=3, opens=15)
    id = invited(officer, meeting, name="  Lê   Văn Cường ")
    known = code_of(officer, id)
    state = officer.records["meeting", meeting]
    said = read(officer, known["code"])
    assert (said.place, said.gates, said.entries, said.name) == (1, 2, 3, "Lê Văn Cường")
    assert said.nbf == (int(str(state["starts"].shown)) - 15 * 60_000) // 1000
    assert said.exp == int(str(state["ends"].shown)) // 1000
    assert said.meeting.hex() == meeting[-6:]
    assert (said.cti.hex(), said.index, said.holder) == (known["cti"], known["index"], None)
    assert {key: known[key] for key in ("unit", "meeting", "indexes", "version", "status")} == {
        "unit": UNIT, "meeting": meeting, "indexes": [], "version": 1, "status": "issued"
    }  # fmt: skip
    assert statuses(town, said.index) == [VALID]
    assert len(known["code"]) <= 240


def test_an_invitation_with_an_address_gets_a_letter_and_one_without_none(officer: Person, clock: Clock) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    (letter,) = letters_of(officer, id)
    known = code_of(officer, id)
    assert (letter["to"], letter["sort"], letter["state"]) == ("cuong@example.vn", "invite", "queued")
    content = letter["content"]
    assert (content["code"], content["version"], content["title"]) == (known["code"], 1, "Họp tổ dân phố 12")
    assert content["gates"] == [{"vi": "Cửa chính", "en": "Main entrance"}, {"vi": "Cửa sau", "en": "Back entrance"}]
    assert content["unit"]["vi"] == "Ủy ban nhân dân phường Bến Thành"
    assert ("mail", f"{id}-1") in officer.records
    assert letters_of(officer, invited(officer, meeting, email=None)) == []


@pytest.mark.parametrize("person_fixture", ["stranger", "guard", "resident"])
def test_nobody_but_an_officer_of_the_unit_invites_or_orders(
    officer: Person, clock: Clock, person_fixture: str, request: pytest.FixtureRequest
) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    person: Person = request.getfixturevalue(person_fixture)
    own = person.unit
    for unit, code in ((UNIT, "write_forbidden"), (own, "meeting_unknown" if own and own != UNIT else "")):
        if code and (person.role == "officer" or code == "write_forbidden"):
            assert refused(person, invitation(person, meeting, unit=unit)[1]) == [code]
            for do in ("reissue", "cancel", "resend"):
                assert refused(person, order(person, meeting, do, id, unit=unit)) == [code]
    officer.sync()
    assert code_of(officer, id)["version"] == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": "cuong"}, "email_shape"),
        ({"email": "cuong@"}, "email_shape"),
        ({"email": "@example.vn"}, "email_shape"),
        ({"email": "cuong@example.vn\r\nBcc: all@example.vn"}, "email_shape"),
        ({"email": "cuong@example.vn\n"}, "email_shape"),
        ({"email": "a@example.vn,b@example.vn"}, "email_shape"),
        ({"email": "cuong@@example.vn"}, "email_shape"),
        ({"email": ".cuong@example.vn"}, "email_shape"),
        ({"email": "cuong..le@example.vn"}, "email_shape"),
        ({"email": "cuong@example..vn"}, "email_shape"),
        ({"email": "Cường <cuong@example.vn>"}, "email_shape"),
        ({"email": "cuong@exa mple.vn"}, "email_shape"),
        ({"email": '"a b"@example.vn'}, "email_shape"),
        ({"email": "cuong@[127.0.0.1]"}, "email_shape"),
        ({"email": "x" * 250 + "@example.vn"}, "value_shape"),
        ({"email": ""}, "email_shape"),
        ({"name": ""}, "value_shape"),
        ({"name": " \u00a0 "}, "value_shape"),
        ({"name": "x" * 101}, "value_shape"),
        ({"name": "An\nBình"}, "value_shape"),
        ({"name": "a" + "\u0323\u0302" * 40}, "value_shape"),
        ({"name": 7}, "value_shape"),
        ({"language": "fr"}, "value_shape"),
        ({"meeting": "x"}, "value_shape"),
        ({"extra": 1}, "value_shape"),
    ],
)
def test_an_invitation_of_another_form_is_refused(
    officer: Person, clock: Clock, values: dict[str, Value], code: str
) -> None:
    meeting = held(officer, clock)
    assert refused(officer, invitation(officer, meeting, **values)[1]) == [code]


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Minh Khai " * 4, "👩‍👩‍👧‍👧" * 8, "X" * 100, "Công Tằng Tôn Nữ Thị Kim Liên Hoàng Gia"]
)
def test_however_long_a_name_is_its_code_fits(officer: Person, clock: Clock, name: str) -> None:
    id = invited(officer, held(officer, clock), name=name[:100].strip())
    known = code_of(officer, id)
    assert len(known["code"]) <= 240
    assert read(officer, known["code"]).name


def test_a_new_code_ends_the_one_before_it_and_keeps_the_invitations_name(
    officer: Person, clock: Clock, town: Parts
) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    first = code_of(officer, id)
    later = officer.change("meeting", meeting, "ends", clock.at + 2 * 3_600_000)
    assert refused(officer, later, order(officer, meeting, "reissue", id)) == []
    second = code_of(officer, id)
    assert (second["version"], second["indexes"], second["cti"]) == (2, [first["index"]], first["cti"])
    assert read(officer, second["code"]).exp > read(officer, first["code"]).exp
    assert statuses(town, first["index"], second["index"]) == [REISSUED, VALID]
    assert [(letter["sort"], letter["state"]) for letter in letters_of(officer, id)] == [
        ("invite", "superseded"), ("update", "queued")
    ]  # fmt: skip


def test_cancelling_ends_every_code_that_an_invitation_has_had_claimed_or_not(
    officer: Person, resident: Person, clock: Clock, town: Parts
) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    assert refused(officer, order(officer, meeting, "reissue", id)) == []
    assert refused(resident, claim(resident, code_of(officer, id)["code"])) == []
    officer.sync()
    known = code_of(officer, id)
    (held_now,) = [state for (kind, _), state in resident.records.items() if kind == "credential"]
    index = int(str(held_now["index"].shown))
    assert statuses(town, *known["indexes"], known["index"], index) == [REISSUED, CLAIMED, VALID]
    assert refused(officer, order(officer, meeting, "cancel", id)) == []
    assert statuses(town, *known["indexes"], known["index"], index) == [INVALID, INVALID, INVALID]
    resident.sync()
    (credential,) = [state for (kind, _), state in resident.records.items() if kind == "credential"]
    assert credential["revoked_at"].shown
    known = code_of(officer, id)
    assert (known["status"], known["version"]) == ("cancelled", 3)
    last = letters_of(officer, id)[-1]
    assert (last["sort"], last["content"]["code"], last["content"]["version"]) == ("cancel", None, 3)


def test_a_claimed_invitation_ends_with_a_new_code(
    officer: Person, resident: Person, clock: Clock, town: Parts
) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    assert refused(resident, claim(resident, code_of(officer, id)["code"])) == []
    officer.sync()
    before = code_of(officer, id)
    (credential,) = [state for (kind, _), state in resident.records.items() if kind == "credential"]
    assert refused(officer, order(officer, meeting, "reissue")) == []
    after = code_of(officer, id)
    assert (after["status"], "claimed_at" in after) == ("issued", False)
    index = int(str(credential["index"].shown))
    assert statuses(town, before["index"], index, after["index"]) == [REISSUED, REISSUED, VALID]


def test_an_order_for_all_leaves_out_those_who_were_cancelled(officer: Person, clock: Clock) -> None:
    meeting = held(officer, clock)
    kept, gone = invited(officer, meeting), invited(officer, meeting)
    other = invited(officer, held(officer, clock))
    assert refused(officer, order(officer, meeting, "cancel", gone)) == []
    assert refused(officer, order(officer, meeting, "reissue")) == []
    assert [code_of(officer, id)["version"] for id in (kept, gone, other)] == [2, 2, 1]
    assert [code_of(officer, id)["status"] for id in (kept, gone)] == ["issued", "cancelled"]
    for do in ("reissue", "resend"):
        assert refused(officer, order(officer, meeting, do, gone)) == ["invitation_cancelled"]
    assert refused(officer, order(officer, meeting, "cancel", gone)) == []
    assert code_of(officer, gone)["version"] == 2


def test_a_letter_is_sent_again_with_the_same_code(officer: Person, clock: Clock) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    known = code_of(officer, id)
    assert refused(officer, order(officer, meeting, "resend", id)) == []
    letters = letters_of(officer, id)
    assert [letter["state"] for letter in letters] == ["superseded", "queued"]
    assert letters[1]["content"] == letters[0]["content"]
    assert code_of(officer, id)["code"] == known["code"]


def test_an_order_names_invitations_of_its_meeting_only(officer: Person, clock: Clock) -> None:
    meeting = held(officer, clock)
    id, other = invited(officer, meeting), invited(officer, held(officer, clock))
    for ids in ([other], [id, other], [officer.new_id()]):
        assert refused(officer, order(officer, meeting, "cancel", *ids)) == ["invitation_unknown"]
    assert code_of(officer, id)["status"] == "issued"


@pytest.mark.parametrize(
    "values", [{"do": "destroy"}, {"invitations": []}, {"invitations": ["x"]}, {"invitations": "all"}, {"extra": 1}]
)
def test_an_order_of_another_form_is_refused(officer: Person, clock: Clock, values: dict[str, Any]) -> None:
    meeting = held(officer, clock)
    assert refused(officer, order(officer, meeting, "cancel", **values)) == ["value_shape"]


def test_the_invitations_of_a_cancelled_meeting_are_cancelled_but_never_issued_anew(
    officer: Person, clock: Clock
) -> None:
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    over = officer.change("meeting", meeting, "cancelled", True)
    assert refused(officer, over, order(officer, meeting, "reissue")) == ["meeting_cancelled"]
    assert refused(officer, order(officer, meeting, "cancel")) == []
    assert code_of(officer, id)["status"] == "cancelled"


def test_orders_of_one_request_touch_an_invitation_once(officer: Person, clock: Clock) -> None:
    """However often a batch orders the same, it costs one signature an invitation."""
    meeting = held(officer, clock)
    id = invited(officer, meeting)
    assert refused(officer, *[order(officer, meeting, "reissue") for _ in range(50)]) == []
    assert code_of(officer, id)["version"] == 2


def test_only_officers_of_the_unit_see_invitations_and_their_codes(
    officer: Person, guard: Person, stranger: Person, resident: Person, clock: Clock
) -> None:
    invited(officer, held(officer, clock))
    guard.cursors |= {f"gate/{UNIT}": 0}
    for person in (guard, stranger, resident):
        person.sync()
        assert not {"invitation", "invitation_code", "mail"} & {kind for kind, _ in person.records}
    assert "meeting" in {kind for kind, _ in guard.records}


def test_a_batch_of_200_invitations_is_quick_and_signs_no_list_anew(
    officer: Person, clock: Clock, town: Parts, capsys: pytest.CaptureFixture[str]
) -> None:
    meeting = held(officer, clock)
    invited(officer, meeting)
    with town.store.read() as look:
        before = look.get("statuslist", invitations_of(UNIT))
    changes = [invitation(officer, meeting, name=f"Khách {n}", email=f"k{n}@example.vn")[1] for n in range(200)]
    begun = time.process_time()
    assert refused(officer, *changes) == []
    issued = time.process_time()
    with town.store.read() as look:
        assert look.get("statuslist", invitations_of(UNIT)) == before
    assert refused(officer, order(officer, meeting, "reissue")) == []
    reissued = time.process_time()
    codes = [state["code"].shown for (kind, _), state in officer.records.items() if kind == "invitation_code"]
    assert len(set(codes)) == 201
    with capsys.disabled():
        print(f"\n200 invitations: {issued - begun:.2f} s; 201 new codes: {reissued - issued:.2f} s of CPU, with sync")
    assert issued - begun < 5


def test_a_meeting_has_room_for_so_many_and_no_more(
    officer: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.features.gate.invitations.MOST", 3)
    meeting = held(officer, clock)
    changes = [invitation(officer, meeting)[1] for _ in range(5)]
    assert refused(officer, *changes) == ["meeting_full", "meeting_full"]
