"""Sync over HTTP: what B1 to B5, F1 to F6 and R13 promise, with real keys and a real store."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from loadtests.authenticator import Device
from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.errors import Problem
from tests.features.client import post_with
from tests.features.conftest import NewPerson

pytestmark = pytest.mark.both_engines


def drafted(person: Person) -> tuple[str, Any]:
    id, changes = person.draft(PROCEDURE, FEEDBACK)
    return id, person.sync(*changes)


def test_B3_a_batch_is_taken_and_the_same_bytes_again_are_a_duplicate(resident: Person) -> None:
    _, changes = resident.draft(PROCEDURE, FEEDBACK)
    jws = resident.device.batch(changes, at=resident.now())
    assert resident.exchange([jws]) == [{"result": "ok", "seq": 1, "refused": []}]
    heights = resident.last["cursors"]
    assert resident.exchange([jws]) == [{"result": "dup", "seq": 1, "refused": []}]
    assert resident.last["cursors"] == heights


def test_B3_a_batch_that_comes_too_early_is_told_what_is_missing(resident: Person) -> None:
    _, changes = resident.draft(PROCEDURE, FEEDBACK)
    first, second = (resident.device.batch([change], at=resident.now()) for change in changes[:2])
    assert resident.exchange([second]) == [{"result": "gap", "expected": 1}]
    assert [answer["result"] for answer in resident.exchange([first, second])] == ["ok", "ok"]


def test_B3_two_histories_of_one_device_close_its_chain(resident: Person) -> None:
    _, changes = resident.draft(PROCEDURE, FEEDBACK)
    jws = [resident.device.sign({"seq": 1, "prev": "", "at": at, "changes": changes}) for at in (1, 2)]
    assert [answer["result"] for answer in resident.exchange(jws)] == ["ok", "fork"]
    with pytest.raises(Problem) as caught:
        resident.sync(resident.change("draft", resident.new_id(), "owner", resident.id))
    assert caught.value.code == "signed_out"  # the session was bound to the device


def test_B3_a_batch_with_another_past_is_a_fork(resident: Person) -> None:
    drafted(resident)
    resident.device.prev = "A" * 43
    (answer,) = drafted(resident)[1]
    assert answer == {"result": "fork"}


def test_B5_a_refused_change_is_named_and_the_others_of_its_batch_are_taken(resident: Person) -> None:
    id, changes = resident.draft(PROCEDURE, FEEDBACK)
    bad = resident.change("draft", id, "shoe_size", 43)
    (answer,) = resident.sync(*changes, bad)
    assert answer["refused"] == [{"index": len(changes), "code": "key_unknown", "retry": False}]
    seen = Person(resident.post, "localhost", resident.origin, resident.now)
    seen.sync()
    assert "shoe_size" not in seen.records["draft", id]
    assert seen.records["draft", id]["answer/topic"].shown == "flood"


def test_a_session_is_needed_to_send_and_the_public_feed_needs_none(web: Flask, resident: Person) -> None:
    stranger = Person(post_with(web.test_client()), "localhost", resident.origin, resident.now)
    stranger.sync()
    assert {kind for kind, _ in stranger.records} == {"form", "unit", "trust"}
    assert stranger.last["cursors"].keys() == {"public"}
    with pytest.raises(Problem, match="signed_out"):
        stranger.exchange([resident.device.batch([resident.change("draft", "x", "owner", "y")], at=1)])


def test_nobody_reads_a_feed_of_another(resident: Person, new_person: NewPerson) -> None:
    other = new_person(name="Lê Văn Cường")
    drafted(other)
    resident.cursors = {f"person/{other.id}": 0}
    with pytest.raises(Problem, match="feed_forbidden"):
        resident.sync()


def test_nobody_sends_with_the_device_of_another(resident: Person, new_person: NewPerson) -> None:
    other = new_person()
    jws = other.device.batch(other.draft(PROCEDURE, FEEDBACK)[1], at=1)
    assert resident.exchange([jws]) == [{"result": "invalid", "code": "device_foreign", "retry": False}]


def test_a_device_that_nobody_enrolled_is_unknown(resident: Person) -> None:
    resident.device = Device()
    (answer,) = drafted(resident)[1]
    assert answer == {"result": "invalid", "code": "device_unknown", "retry": False}


def test_a_batch_signed_by_another_key_is_refused(resident: Person) -> None:
    forger = Device()
    changes = resident.draft(PROCEDURE, FEEDBACK)[1]
    jws = forger.sign({"seq": 1, "prev": "", "at": 1, "changes": changes}, kid=resident.device.id)
    assert resident.exchange([jws]) == [{"result": "invalid", "code": "batch_signature", "retry": False}]


def test_nobody_writes_the_draft_of_another(resident: Person, new_person: NewPerson) -> None:
    id, _ = drafted(resident)
    other = new_person()
    (answer,) = other.sync(other.change("draft", id, "answer/topic", "power"))
    assert [refused["code"] for refused in answer["refused"]] == ["write_forbidden"]


def test_nobody_writes_a_served_record(resident: Person) -> None:
    (answer,) = resident.sync(resident.change("person", resident.id, "role", "operator"))
    assert [refused["code"] for refused in answer["refused"]] == ["kind_served"]


def test_R13_a_context_that_claims_more_than_the_server_has_is_refused(resident: Person) -> None:
    id, _ = drafted(resident)
    change: Any = resident.change("draft", id, "answer/topic", "power")
    change["context"]["someone-else"] = 7
    change["n"] += 10
    (answer,) = resident.sync(change)
    assert [refused["code"] for refused in answer["refused"]] == ["context_ahead"]


def test_R12_a_stamp_that_leaps_is_refused(resident: Person) -> None:
    id, _ = drafted(resident)
    change: Any = resident.change("draft", id, "answer/topic", "power")
    change["n"] += 2**21
    (answer,) = resident.sync(change)
    assert [refused["code"] for refused in answer["refused"]] == ["stamp_leap"]


def test_F3_pages_join_to_the_whole(resident: Person) -> None:
    for _ in range(5):
        drafted(resident)
    again = Person(resident.post, "localhost", resident.origin, resident.now)
    again.exchange([], limit=2)
    whole = Person(resident.post, "localhost", resident.origin, resident.now)
    whole.exchange([])
    assert again.digests() == whole.digests()
    assert len([kind for kind, _ in whole.records if kind == "draft"]) == 5


def test_F5_cursors_of_another_epoch_start_again(resident: Person) -> None:
    resident.epoch = "another"
    resident.records.clear()
    resident.sync()
    assert any(kind == "form" for kind, _ in resident.records)


def test_two_phones_of_one_person_end_in_equal_states_and_keep_both_answers(resident: Person, web: Flask) -> None:
    id, _ = drafted(resident)
    second = Person(post_with(web.test_client()), "localhost", resident.origin, resident.now)
    second.passkey = resident.passkey
    second.sign_in()
    second.enrol_device()
    second.sync()
    mine = resident.change("draft", id, "answer/place", "Chợ Bến Thành")
    yours = [
        second.change("draft", id, "answer/place", "Ga Sài Gòn"),
        second.change("draft", id, "answer/topic", "road"),
    ]
    resident.sync(mine)
    second.sync(*yours)
    resident.sync()
    assert resident.digests() == second.digests()
    register = resident.records["draft", id]["answer/place"]
    assert {head.value for head in register.heads} == {"Chợ Bến Thành", "Ga Sài Gòn"}
    settled = resident.change("draft", id, "answer/place", "Chợ Bến Thành, cửa Nam")
    resident.sync(settled)
    second.sync()
    assert second.records["draft", id]["answer/place"].conflicts == ()
    assert resident.digests() == second.digests()
