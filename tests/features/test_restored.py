"""A server that was restored from a backup, and phones that bring back what it had told them since (B7 to B9, R14)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server import jwk
from server.auth import Parts
from sync import batch as batches
from sync import record
from sync.change import Change
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.disaster import Disaster


def sent(person: Person, *changes: Any) -> str:
    """Send changes as one batch, which is taken whole; return it, as the phone keeps it."""
    jws = person.device.batch(list(changes), at=person.now())
    (answer,) = person.exchange([jws])
    assert (answer["result"], answer["refused"]) == ("ok", [])
    return jws


def refused(answers: Any) -> list[tuple[str, bool]]:
    return [(each["code"], each["retry"]) for answer in answers for each in answer["refused"]]


def test_B7_what_was_acknowledged_since_comes_back_once_with_the_same_receipt(
    resident: Person, officer: Person, disaster: Disaster
) -> None:
    before, change = resident.submission(PROCEDURE, FEEDBACK)
    kept = [sent(resident, change)]
    disaster.back_up()
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    kept.append(sent(resident, change))
    officer.sync()
    acknowledged = officer.acknowledgement(id)
    officers = [sent(officer, acknowledged)]
    resident.sync()
    names = [("receipt", before), ("receipt", id), ("submission", id)]
    names += [(kind, acknowledged["id"]) for kind in ("acknowledgement", "countersignature")]  # type: ignore[call-overload, index]
    digests = {name: record.digest(resident.records[name]) for name in names}
    disaster.strike(resident, officer)
    assert resident.exchange([kept[1]]) == [{"result": "ok", "seq": 2, "refused": []}]
    # It came without its receipt: it got another, whose code was never given out.
    assert resident.records["receipt", id]["code"].shown == "1022-261118-R1806-0001"
    disaster.strike(resident, officer)
    later = resident.device.batch([resident.change("profile", resident.id, "owner", resident.id)], at=resident.now())
    assert resident.exchange([later]) == [{"result": "gap", "expected": 2}]
    resident.before[("receipt", id)] = officer.records["receipt", id]
    answers = resident.exchange([*kept, later], receipts=resident.receipts())
    assert [answer["result"] for answer in answers] == ["dup", "ok", "ok"]
    assert officer.exchange(officers, receipts=officer.receipts())[0]["result"] == "ok"
    resident.sync()
    assert {name: record.digest(resident.records[name]) for name in names} == digests
    answers = resident.exchange([*kept, later], receipts=resident.receipts())
    assert [answer["result"] for answer in answers] == ["dup"] * 3
    assert {name: record.digest(resident.records[name]) for name in names} == digests


def test_B8_a_receipt_that_this_server_did_not_sign_for_this_act_is_not_believed(
    resident: Person, disaster: Disaster, city: Parts
) -> None:
    disaster.back_up()
    ids, kept = [], []
    for _ in range(2):
        id, change = resident.submission(PROCEDURE, FEEDBACK)
        ids.append(id)
        kept.append(sent(resident, change))
    own, other = (resident.receipts()[f"receipt/{id}"] for id in ids)
    payload = dict(jwk.open_jws(own, typ="motcua-receipt+jws").payload)
    key = Person(resident.post, "localhost", resident.origin, resident.now).device.key
    kid = jwk.open_jws(own, typ="motcua-receipt+jws").header["kid"]
    forged = jwk.sign_jws(key, header={"typ": "motcua-receipt+jws", "kid": kid}, payload={**payload, "code": "1022-1"})
    for wrong in (other, forged, f"{own}x", own[:-9], "a.b.c", "", "x"):
        disaster.strike(resident)
        resident.exchange(kept[:1], receipts={f"receipt/{ids[0]}": wrong})
        code = resident.records["receipt", ids[0]]["code"].shown
        assert str(code).startswith("1022-261118-R")
        resident.exchange(kept[1:], receipts={f"receipt/{ids[1]}": other})
        assert resident.records["receipt", ids[1]]["jws"].shown == other


def test_B9_what_rests_on_others_who_are_not_back_yet_may_be_tried_again_for_a_week(
    resident: Person, officer: Person, disaster: Disaster, clock: Clock
) -> None:
    disaster.back_up()
    id, change = resident.submission(PROCEDURE, FEEDBACK)
    residents = [sent(resident, change)]
    officer.sync()
    act = officer.acknowledgement(id)
    kept = [sent(officer, act)]
    disaster.strike(resident, officer)
    assert refused(officer.exchange(kept)) == [("submission_unknown", True)]
    resident.exchange(residents)
    assert refused(officer.sync(act)) == []
    disaster.strike(resident, officer)
    clock.pass_(minutes=8 * 24 * 60)
    assert refused(officer.exchange(kept)) == [("submission_unknown", False)]


def test_R14_a_co_editor_who_is_back_first_is_heard_and_silences_nobody(
    new_person: NewPerson, disaster: Disaster, clock: Clock
) -> None:
    owner, officer = new_person(), new_person("officer", "1022", name="Trần Thị Bích")
    id, changes = owner.draft(PROCEDURE, {})
    assert refused(owner.sync(*changes, owner.change("draft", id, "share/unit/1022", share()))) == []
    officer.sync()
    hand = f"hand/{officer.device.id.encode().hex()}"
    said = {"person": officer.id, "name": officer.name, "unit": "1022"}
    assert refused(officer.sync(officer.change("draft", id, hand, said))) == []  # type: ignore[arg-type]
    owner.sync()
    disaster.back_up()
    owners = [sent(owner, owner.change("draft", id, "answer/place", "by the owner"))]
    officer.sync()
    officers = [sent(officer, officer.change("draft", id, "answer/place", "by the officer, who saw it"))]
    owner.sync()
    owners.append(sent(owner, owner.change("draft", id, "answer/ward", "the owner goes on")))
    parts = disaster.strike(owner, officer)
    assert refused(officer.exchange(officers)) == []
    (change,) = batches.parse(officers[0]).changes
    assert change.context == {owner.device.id: change.n - 1}
    with parts.store.read() as look:
        register = (look.get("draft", id) or {})["answer/place"]
    assert register.context == {officer.device.id: change.n}  # no more than this server knows itself
    assert refused(owner.exchange(owners)) == []
    place = owner.records["draft", id]["answer/place"]
    assert place.shown == "by the officer, who saw it"
    assert [head.value for head in place.conflicts] == ["by the owner"]  # settled once, and to be settled again
    officer.sync()
    assert record.digest(officer.records["draft", id]) == record.digest(owner.records["draft", id])
    assert refused(owner.sync(owner.change("draft", id, "answer/place", "settled"))) == []
    assert owner.records["draft", id]["answer/place"].conflicts == ()


def share() -> Any:
    return {"name": "1022", "at": 1}


def test_R14_no_more_of_others_is_taken_than_is_known() -> None:
    change = Change(kind="k", id="i", key="k", n=9, replica="a", value=1, at=1, context={"a": 7, "b": 5, "c": 2})
    state = record.apply({}, Change(kind="k", id="i", key="k", n=3, replica="b", value=1, at=1, context={}))
    cut = record.cut(state, change)
    assert cut == replace(change, context={"a": 7, "b": 3})
    assert record.cut({}, change).context == {"a": 7}
    assert record.admit(state, cut)["k"].context == {"a": 9, "b": 3}


def test_B7_a_phone_that_asks_is_told_how_much_is_in_a_backup(resident: Person, disaster: Disaster) -> None:
    def backed_up(device: str) -> int:
        answer = resident.post("/sync", {"device": device})
        return int(answer["backed_up"])

    id = resident.device.id
    kept = [sent(resident, resident.submission(PROCEDURE, FEEDBACK)[1])]
    assert backed_up(id) == 0
    disaster.back_up()
    assert (backed_up(id), backed_up("nobody")) == (1, 0)
    kept.append(sent(resident, resident.submission(PROCEDURE, FEEDBACK)[1]))
    assert backed_up(id) == 1
    disaster.back_up()
    assert backed_up(id) == 2
    disaster.strike(resident)
    assert backed_up(id) == 0  # a restored server has no backup of its own yet
    assert [answer["result"] for answer in resident.exchange(kept)] == ["dup", "dup"]
