"""What a hostile co-editor, a stranger and a guesser may not do with a draft, each refused by its code (SPEC.md G5)."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import pytest
from flask import Flask

from loadtests.person import Person
from tests.features.conftest import NewPerson
from tests.features.forms.sharing import (
    begin,
    codes,
    everything_pulled,
    hand,
    hand_key,
    has,
    invite,
    invite_key,
    join,
    let_in,
    new_secret,
    take_back,
    write,
)
from tests.features.test_blobs import DATA, NAME, Sender
from tests.features.test_blobs import other as on_browser
from tests.features.test_hostile_requests import problem

SHARE = {"name": "Cổng 1022", "at": 1}
FILE = {"name": "ảnh.jpg", "type": "image/jpeg", "len": len(DATA), "sha256": NAME}


def test_guesses_tell_nothing_not_even_whether_there_is_such_a_draft(owner: Person, guest: Person) -> None:
    id, secret = begin(owner), new_secret()
    codes(owner, invite(owner, id, secret))
    hashed = invite_key(secret).removeprefix("invite/")
    guesses = [join(guest, id, new_secret()) for _ in range(20)]
    guesses += [join(guest, id, each) for each in (secret[:-1] + "-", secret + "A", hashed)]
    guesses += [join(guest, guest.new_id(), secret)]
    assert codes(guest, *guesses) == ["invite_unknown"] * 24
    assert not everything_pulled(guest)
    assert not everything_pulled(guest)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "secret",
        {},
        {"draft": "x", "secret": "A" * 22},
        {"draft": "01a1ed3e-0e00-7000-8000-000000000000", "secret": "A" * 21},
        {"draft": "01a1ed3e-0e00-7000-8000-000000000000", "secret": "A" * 65},
        {"draft": "01a1ed3e-0e00-7000-8000-000000000000", "secret": "A" * 22, "person": "x"},
        {"draft": "01a1ed3e-0e00-7000-8000-000000000000", "secret": ["A" * 22]},
    ],
)
def test_a_joining_of_another_shape_is_refused(guest: Person, value: Any) -> None:
    change = guest.change("joining", guest.new_id(), "joining", value)
    assert codes(guest, change) == ["value_shape"]


def test_a_joining_has_one_key(guest: Person) -> None:
    change = guest.change("joining", guest.new_id(), "join", {"draft": guest.new_id(), "secret": "A" * 22})
    assert codes(guest, change) == ["key_unknown"]


def test_a_co_editor_writes_none_of_the_owners_keys(owner: Person, guest: Person, new_person: NewPerson) -> None:
    id, third = begin(owner), new_person(name="Phạm Thị Cúc")
    let_in(owner, guest, id)
    let_in(owner, third, id)
    guest.sync()
    before = dict(guest.records["draft", id])
    keys: dict[str, Any] = {
        "procedure": "city-feedback",
        "form_sha256": "0" * 64,
        "language": "en",
        "removed": True,
        "submission": guest.new_id(),
        invite_key(new_secret()): {"until": guest.now() + 1000},
        "share/unit/1022": SHARE,
        f"share/person/{third.id}": None,
        f"share/person/{owner.id}": None,
    }
    assert codes(guest, *(write(guest, id, key, value) for key, value in keys.items())) == ["owner_only"] * len(keys)
    assert codes(guest, write(guest, id, "owner", guest.id)) == ["record_closed"]
    assert codes(guest, write(guest, id, f"share/person/{guest.id}", SHARE)) == ["value_shape"]
    owner.sync()
    assert owner.records["draft", id] == before


def test_not_even_the_owner_puts_a_person_in_without_an_invitation(owner: Person, guest: Person) -> None:
    id = begin(owner)
    key = f"share/person/{guest.id}"
    assert codes(owner, write(owner, id, key, SHARE), write(owner, id, key, None)) == ["value_shape"] * 2
    assert not everything_pulled(guest)


def test_a_hand_is_that_of_its_device_and_its_person(owner: Person, guest: Person, officer: Person) -> None:
    id = begin(owner)
    let_in(owner, guest, id)
    owner.sync()
    mine, owners = {"person": guest.id, "name": guest.name}, {"person": owner.id, "name": owner.name}
    wrong = [
        (hand_key(guest), owners),
        (hand_key(guest), {**mine, "name": owner.name}),
        (hand_key(guest), {**mine, "unit": "1022"}),
        (hand_key(owner), owners),
        (hand_key(owner), mine),
    ]
    assert codes(guest, *(write(guest, id, key, value) for key, value in wrong)) == ["hand_foreign"] * len(wrong)
    shapes: list[Any] = [None, "x", {**mine, "role": "officer"}, {"person": guest.id}, {**mine, "person": "x"}]
    assert codes(guest, *(write(guest, id, hand_key(guest), each) for each in shapes)) == ["value_shape"] * len(shapes)
    assert codes(owner, write(owner, id, "share/unit/1022", SHARE)) == [""]
    officer.sync()
    other_desk = {"person": officer.id, "name": officer.name, "unit": "ben-thanh"}
    assert codes(officer, write(officer, id, hand_key(officer), other_desk)) == ["hand_foreign"]


def test_nobody_answers_in_anothers_draft_without_a_name(owner: Person, guest: Person) -> None:
    id, secret = begin(owner), new_secret()
    codes(owner, invite(owner, id, secret))
    codes(guest, join(guest, id, secret))
    assert codes(guest, write(guest, id, "answer/topic", "flood")) == ["hand_missing"]
    assert codes(guest, hand(guest, id), write(guest, id, "answer/topic", "flood")) == ["", ""]


def test_a_stranger_who_knows_the_id_gets_nothing_in(owner: Person, guest: Person, officer: Person) -> None:
    id = begin(owner)
    for stranger in (guest, officer):
        tries = [hand(stranger, id), write(stranger, id, "answer/topic", "flood")]
        tries.append(write(stranger, id, f"share/person/{stranger.id}", None))
        assert codes(stranger, *tries) == ["write_forbidden"] * 3


def test_what_was_made_offline_before_the_share_ended_is_refused_whenever_it_comes(
    owner: Person, guest: Person
) -> None:
    id = begin(owner)
    let_in(owner, guest, id)
    guest.sync()
    first = guest.device.batch([write(guest, id, "answer/topic", "flood")], at=guest.now())
    second = guest.device.batch([write(guest, id, "answer/place", "x"), hand(guest, id)], at=guest.now())
    owner.sync()
    codes(owner, take_back(owner, id, f"person/{guest.id}"))
    answers = guest.exchange([first]) + guest.exchange([second])
    assert [each["code"] for answer in answers for each in answer["refused"]] == ["share_ended"] * 3
    assert not has(guest, id)
    # In again, the old batches are still what they were: told of once more, not taken.
    let_in(owner, guest, id)
    assert [each["code"] for each in guest.exchange([second])[0]["refused"]] == ["share_ended"] * 2


def test_a_share_with_an_unknown_desk_or_of_another_shape_is_refused(owner: Person) -> None:
    id = begin(owner)
    values: list[tuple[str, Any, str]] = [
        ("share/unit/atlantis", SHARE, "unit_unknown"),
        ("share/unit/1022", {"name": "x"}, "value_shape"),
        ("share/unit/1022", {"name": "a\u202eb", "at": 1}, "value_shape"),
        ("share/unit/1022", True, "value_shape"),
        ("share/unit/1022", None, "value_shape"),
        ("share/unit/-x", SHARE, "key_unknown"),
        ("share/role/officer", SHARE, "key_unknown"),
        ("invite/" + "0" * 63, {"until": 1}, "key_unknown"),
        ("invite/" + "0" * 64, {"until": "soon"}, "value_shape"),
        ("invite/" + "0" * 64, None, "value_shape"),
    ]
    assert codes(owner, *(write(owner, id, key, value) for key, value, _ in values)) == [code for *_, code in values]


def test_a_draft_is_shared_with_ten_at_most_and_has_ten_open_invitations(owner: Person, new_person: NewPerson) -> None:
    id, secrets_ = begin(owner), [new_secret() for _ in range(11)]
    assert codes(owner, *(invite(owner, id, each) for each in secrets_)) == [""] * 10 + ["share_limit"]
    people = [new_person(name=f"Khách {number}") for number in range(10)]
    for person, secret in zip(people, secrets_, strict=False):
        assert codes(person, join(person, id, secret)) == [""]
    owner.sync()
    assert codes(owner, invite(owner, id, secrets_[10])) == [""]
    late = new_person(name="Khách cuối")
    assert codes(late, join(late, id, secrets_[10])) == ["share_limit"]
    assert codes(owner, write(owner, id, "share/unit/1022", SHARE)) == ["share_limit"]
    owner.sync()
    assert codes(owner, take_back(owner, id, f"person/{people[0].id}")) == [""]
    assert codes(late, join(late, id, secrets_[10])) == [""]


def test_R12_an_answer_takes_no_33rd_writer_and_all_else_goes_on(
    owner: Person, guest: Person, new_person: NewPerson
) -> None:
    id = begin(owner)
    let_in(owner, guest, id)
    found = []
    for number in range(33):
        guest.device = type(guest.device)()
        guest.enrol_device()
        guest.sync()
        found += codes(guest, hand(guest, id), write(guest, id, "answer/place", f"Nơi thứ {number}"))
    assert found == [""] * 65 + ["context_size"]
    assert codes(guest, write(guest, id, "answer/ward", "Phường Bến Thành")) == [""]
    assert codes(owner, write(owner, id, "answer/topic", "flood")) == [""]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("answer/1opic", "x", "key_unknown"),
        ("answer/a/b", "x", "key_unknown"),
        ("answer/a/" + "0" * 19 + "/b", "x", "key_unknown"),
        ("row/a", True, "key_unknown"),
        ("row/" + "/".join(["a/" + "0" * 20] * 4), True, "key_unknown"),
        ("answer/" + "a/00000000000000000000/" * 4 + "b", "x", "key_unknown"),
        ("row/a/" + "0" * 20, False, "value_shape"),
        ("row/a/" + "0" * 20, 1, "value_shape"),
        ("from/a", "Anything", "value_shape"),
        ("from/a", ["card/name"], "value_shape"),
        ("answer/a", {"name": "x"}, "value_shape"),
        ("answer/a", {**FILE, "sha256": "0" * 63}, "value_shape"),
        ("answer/a", {**FILE, "type": "text/html; charset=x"}, "value_shape"),
        ("answer/a", {**FILE, "len": 0}, "value_shape"),
        ("answer/a", {**FILE, "url": "http://x"}, "value_shape"),
        ("answer/a", [1], "value_shape"),
        ("answer/a", True, "value_shape"),
        ("answer/a", FILE, "file_missing"),
    ],
)
def test_keys_and_values_of_another_shape_are_refused(owner: Person, key: str, value: Any, code: str) -> None:
    id = begin(owner)
    assert codes(owner, write(owner, id, key, value)) == [code]


def test_A1_a_file_in_a_draft_is_for_its_readers_of_now_and_a_hash_opens_nothing(
    web: Flask, owner: Person, guest: Person, new_person: NewPerson
) -> None:
    id, thief = begin(owner), new_person(name="Kẻ Trộm")
    mine, theirs = on_browser(web, owner), on_browser(web, guest)
    let_in(owner, guest, id)
    assert mine.patch(DATA, offset=0).headers["Upload-Complete"] == "?1"
    # The co-editor knows the hash, and the thief has a draft of their own: neither gets the file by naming it.
    assert codes(guest, write(guest, id, "answer/photo", FILE)) == ["file_missing"]
    assert codes(thief, write(thief, begin(thief), "answer/photo", FILE)) == ["file_missing"]
    assert codes(owner, write(owner, id, "answer/photo", {**FILE, "len": 1})) == ["value_shape"]
    assert problem(theirs.client.get(f"/blobs/{NAME}")) == "not_found"
    assert codes(owner, write(owner, id, "answer/photo", FILE)) == [""]
    assert theirs.client.get(f"/blobs/{NAME}").data == DATA
    assert problem(on_browser(web, thief).client.get(f"/blobs/{NAME}")) == "not_found"
    owner.sync()
    codes(owner, take_back(owner, id, f"person/{guest.id}"))
    assert problem(theirs.client.get(f"/blobs/{NAME}")) == "not_found"
    assert mine.client.get(f"/blobs/{NAME}").data == DATA


def test_a_file_that_a_co_editor_sent_is_the_owners_too(web: Flask, owner: Person, guest: Person) -> None:
    id, data = begin(owner), secrets.token_bytes(100)
    sha256 = hashlib.sha256(data).hexdigest()
    let_in(owner, guest, id)
    sender: Sender = on_browser(web, guest)
    sender.patch(data, offset=0, name=sha256, length=len(data))
    file = {**FILE, "len": len(data), "sha256": sha256}
    assert codes(guest, write(guest, id, "answer/photo", file)) == [""]
    mine = on_browser(web, owner)
    assert mine.client.get(f"/blobs/{sha256}").data == data
    assert mine.there(sha256) == (len(data), "?1")
