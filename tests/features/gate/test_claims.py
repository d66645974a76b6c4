"""Claiming: who holds an invitation, and what every code of it is worth after that."""

from __future__ import annotations

from typing import Any

import pytest

from loadtests.authenticator import Device
from loadtests.person import Person
from server import jwk
from server.auth import Parts, devices
from server.codes import base, presentation, sign1
from server.codes import invitation as codes
from server.codes.presentation import Presentation
from server.credentials import PROOF
from server.kinds import Actor, Role
from server.statuslists import CLAIMED, INVALID, REISSUED, VALID, invitations_of
from sync.batch import base64url, unbase64url
from sync.canonical import Value
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import UNIT, claim, code_of, held, invited, order, refused


@pytest.fixture
def meeting(officer: Person, clock: Clock) -> str:
    return held(officer, clock)


@pytest.fixture
def invitation(officer: Person, meeting: str) -> str:
    return invited(officer, meeting)


def credentials_of(person: Person) -> list[dict[str, Any]]:
    """Return the claimed invitations that a person has pulled, oldest first."""
    found = [
        {"id": id} | {key: register.shown for key, register in state.items()}
        for (kind, id), state in person.records.items()
        if kind == "credential"
    ]
    return sorted(found, key=lambda each: each["issued_at"])


def statuses(town: Parts, *indexes: int) -> list[int | None]:
    with town.store.read() as look:
        return [town.statuslists.status(invitations_of(UNIT), index, look=look) for index in indexes]


def test_a_claimed_invitation_is_bound_to_the_phones_key(
    officer: Person, resident: Person, meeting: str, invitation: str, town: Parts
) -> None:
    known, key = code_of(officer, invitation), Device()
    assert refused(resident, claim(resident, known["code"], key=key)) == []
    (held_now,) = credentials_of(resident)
    message = sign1.parse(unbase64url(held_now["cose"]))
    trust = jwk.open_jws(str(resident.records["trust", "trust"]["jws"].shown), typ="motcua-trust+jws")
    assert sign1.verify(message, next(each["jwk"] for each in trust.payload["keys"] if each["unit"] == UNIT))
    said, bare = codes.from_sign1(message), codes.from_sign1(sign1.parse(base.decode_text(known["code"])[1]))
    assert said.holder == key.jwk
    assert (said.cti, said.name, said.exp, said.gates) == (bare.cti, bare.name, bare.exp, bare.gates)
    assert said.index == held_now["index"] != bare.index
    assert held_now["id"] == key.thumbprint
    expected = {
        "person": resident.id, "device": resident.device.id, "profile": "invitation", "list": f"invitation_{UNIT}",
        "exp": said.exp, "invitation": invitation, "meeting": meeting, "place": 1,
    }  # fmt: skip
    assert expected.items() <= held_now.items()
    assert held_now["about"]["title"] == "Họp tổ dân phố 12"
    assert held_now["about"]["place"]["vi"] == "Trụ sở UBND phường Bến Thành"
    assert [gate["vi"] for gate in held_now["about"]["gates"]] == ["Cửa chính", "Cửa sau"]
    assert statuses(town, bare.index, said.index) == [CLAIMED, VALID]
    officer.sync()
    assert (code_of(officer, invitation)["status"], code_of(officer, invitation)["code"]) == ("claimed", known["code"])


def test_what_the_phone_shows_fits_its_code(officer: Person, resident: Person, invitation: str) -> None:
    assert refused(resident, claim(resident, code_of(officer, invitation)["code"])) == []
    (held_now,) = credentials_of(resident)
    shown = presentation.encode(
        Presentation(unbase64url(held_now["cose"]), "4294967295", 2**32 - 1, bytes(8)), lambda _: bytes(64)
    )
    assert len(presentation.text(shown)) <= 528


def test_another_person_can_not_claim_what_is_claimed(
    officer: Person, resident: Person, invitation: str, new_person: NewPerson
) -> None:
    code = code_of(officer, invitation)["code"]
    assert refused(resident, claim(resident, code)) == []
    other = new_person(name="Kẻ Gian")
    assert refused(other, claim(other, code)) == ["already_claimed"]
    assert credentials_of(other) == []


def test_the_same_person_claims_again_with_a_new_phone_and_the_old_one_holds_nothing(
    officer: Person, resident: Person, invitation: str, town: Parts
) -> None:
    code = code_of(officer, invitation)["code"]
    assert refused(resident, claim(resident, code)) == []
    assert refused(resident, claim(resident, code)) == []
    first, second = credentials_of(resident)
    assert statuses(town, first["index"], second["index"]) == [REISSUED, VALID]
    assert (first["revoked_at"] > 0, "revoked_at" in second) == (True, False)


def test_after_a_new_code_anyone_who_has_it_may_claim(
    officer: Person, resident: Person, meeting: str, invitation: str, new_person: NewPerson
) -> None:
    old = code_of(officer, invitation)["code"]
    assert refused(resident, claim(resident, old)) == []
    assert refused(officer, order(officer, meeting, "reissue", invitation)) == []
    other = new_person(name="Lê Văn Cường")
    assert refused(other, claim(other, old)) == ["code_replaced"]
    assert refused(other, claim(other, code_of(officer, invitation)["code"])) == []
    assert refused(resident, claim(resident, code_of(officer, invitation)["code"])) == ["already_claimed"]


def test_a_cancelled_an_expired_and_a_cancelled_meetings_code_are_not_claimed(
    officer: Person, resident: Person, clock: Clock, meeting: str, invitation: str
) -> None:
    code = code_of(officer, invitation)["code"]
    assert refused(officer, officer.change("meeting", meeting, "cancelled", True)) == []
    assert refused(resident, claim(resident, code)) == ["meeting_cancelled"]
    assert refused(officer, officer.change("meeting", meeting, "cancelled", False)) == []
    clock.pass_(minutes=24 * 60)
    assert refused(resident, claim(resident, code)) == ["code_expired"]
    assert refused(officer, order(officer, meeting, "cancel", invitation)) == []
    assert refused(resident, claim(resident, code)) == ["code_cancelled"]


def altered(code: str) -> list[str]:
    """Return codes that are not, or no longer, what the unit signed."""
    _, data = base.decode_text(code)
    said = codes.from_sign1(sign1.parse(data))
    forger = Device()
    other_name = sign1.build({4: said.kid}, {**codes.to_claims(said), 4: said.exp + 1}, lambda _: data[-64:])
    resigned = codes.encode(said, lambda signed: jwk.sign(forger.key, signed))
    foreign = sign1.build({4: said.kid}, {**codes.to_claims(said), 7: bytes(8)}, lambda _: data[-64:])
    return [*map(codes.text, (other_name, resigned, foreign)), codes.text(data[:-1] + bytes([data[-1] ^ 1]))]


def test_a_forged_or_foreign_code_is_not_claimed(officer: Person, resident: Person, invitation: str) -> None:
    code = code_of(officer, invitation)["code"]
    bad = [*altered(code), "", "MCI1:", "MCP1:" + code[5:], code.lower(), f" {code}", f"{code}0", "x" * 4296]
    for each in bad:
        assert refused(resident, claim(resident, each)) == ["code_unknown"], each
    assert credentials_of(resident) == []
    assert refused(resident, claim(resident, code)) == []
    (held_now,) = credentials_of(resident)
    claimed = codes.text(unbase64url(held_now["cose"]))
    assert refused(resident, claim(resident, claimed)) == ["code_unknown"]


def test_a_key_that_does_not_prove_itself_holds_nothing(
    officer: Person, resident: Person, invitation: str, new_person: NewPerson
) -> None:
    code, key = code_of(officer, invitation)["code"], Device()
    jwk_without_y: Value = {name: value for name, value in key.jwk.items() if name != "y"}
    off_the_curve: Value = {**key.jwk, "y": base64url(bytes(32))}
    for values in (
        {"proof": base64url(bytes(64))},
        {"proof": ""},
        {"proof": "!"},
        {"jwk": dict(Device().jwk)},
        {"jwk": jwk_without_y},
        {"jwk": off_the_curve},
        {"jwk": {**key.jwk, "d": "AA"}},
    ):
        assert refused(resident, claim(resident, code, key=key, **values)) == ["holder_proof"], values
    other: Any = claim(resident, code, key=key)
    stolen = new_person(name="Kẻ Gian")
    assert refused(stolen, stolen.change("claim", stolen.new_id(), "claim", other["value"])) == ["holder_proof"]
    assert refused(resident, claim(resident, code, key=key, proof=7)) == ["value_shape"]


def test_a_key_holds_one_thing(officer: Person, resident: Person, meeting: str, invitation: str) -> None:
    key = Device()
    codes_ = [code_of(officer, id)["code"] for id in (invitation, invited(officer, meeting))]
    changes = [claim(resident, code, key=key) for code in codes_]
    assert refused(resident, *changes) == ["holder_taken"]
    assert refused(resident, claim(resident, codes_[1], key=key)) == ["holder_taken"]


def test_an_invitation_is_claimed_only_so_often(
    officer: Person, resident: Person, invitation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.features.gate.claims.MOST", 3)
    code = code_of(officer, invitation)["code"]
    changes = [claim(resident, code) for _ in range(5)]
    assert refused(resident, *changes) == ["claim_limit", "claim_limit"]


def test_a_claim_is_seen_by_its_person_alone(
    officer: Person, resident: Person, invitation: str, new_person: NewPerson
) -> None:
    change: Any = claim(resident, code_of(officer, invitation)["code"])
    assert refused(resident, change) == []
    other = new_person(name="Kẻ Gian")
    for person in (officer, other):
        person.sync()
        assert not {"claim", "credential"} & {kind for kind, _ in person.records}
    again = Person(resident.post, "localhost", resident.origin, resident.now)
    again.sync()
    assert {("claim", change["id"]), ("credential", credentials_of(resident)[0]["id"])} <= again.records.keys()


def test_a_claim_that_is_sent_again_is_one_claim(officer: Person, resident: Person, invitation: str) -> None:
    change = claim(resident, code_of(officer, invitation)["code"])
    jws = resident.device.batch([change], at=1)
    assert [answer["result"] for answer in resident.exchange([jws, jws])] == ["ok", "dup"]
    assert refused(resident, change) == ["holder_taken"]
    assert len(credentials_of(resident)) == 1


def test_a_lost_phones_codes_are_revoked_and_another_phone_claims_anew(
    officer: Person, resident: Person, invitation: str, town: Parts
) -> None:
    code = code_of(officer, invitation)["code"]
    assert refused(resident, claim(resident, code)) == []
    (lost,) = credentials_of(resident)
    resident.post(f"/auth/devices/{resident.device.id}/revoke", {"reason": ""})
    assert statuses(town, lost["index"]) == [INVALID]
    resident.device = Device()
    resident.sign_in()
    resident.enrol_device()
    assert refused(resident, claim(resident, code)) == []
    first, second = credentials_of(resident)
    assert first["revoked_at"]
    assert statuses(town, first["index"], second["index"]) == [INVALID, VALID]


def test_a_phone_whose_chain_forks_holds_nothing_any_more(
    officer: Person, resident: Person, invitation: str, town: Parts
) -> None:
    assert refused(resident, claim(resident, code_of(officer, invitation)["code"])) == []
    (lost,) = credentials_of(resident)
    resident.device.prev = "A" * 43
    (answer,) = resident.sync(resident.change("draft", resident.new_id(), "owner", resident.id))
    assert answer == {"result": "fork"}
    assert statuses(town, lost["index"]) == [INVALID]


def test_identity_credentials_of_a_person_go_and_claimed_invitations_stay(
    officer: Person, resident: Person, invitation: str, town: Parts
) -> None:
    assert refused(resident, claim(resident, code_of(officer, invitation)["code"])) == []
    (held_now,) = credentials_of(resident)
    town.store.write(lambda t: town.credentials.revoke_of_person(resident.id, t, now=town.now()))
    assert statuses(town, held_now["index"]) == [VALID]
    actor = Actor(resident.id, Role.RESIDENT, None)
    town.store.write(
        lambda t: devices.close(
            resident.device.id, town.credentials, by=actor, reason="", transaction=t, now=town.now()
        )
    )
    assert statuses(town, held_now["index"]) == [INVALID]


def test_the_proof_says_which_record_it_is_for() -> None:
    assert PROOF == b"motcua/holder/v1\x00"
