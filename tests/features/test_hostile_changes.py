"""Changes that a person may not make, in batches that are sound: each is refused by its code (SPEC.md R12, R13, B5)."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from flask import Flask

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.auth import Parts, links
from server.auth.links import Link
from server.kinds import Role
from tests.features.client import post_with
from tests.features.conftest import NewPerson


def codes(person: Person, *changes: Any) -> list[str]:
    """Send changes in one batch; return the code that refuses each, "" for one that was taken."""
    (answer,) = person.sync(*changes)
    found = {each["index"]: each["code"] for each in answer["refused"]}
    return [found.get(index, "") for index in range(len(changes))]


def a_change(person: Person, id: str, key: str, value: Any, **more: Any) -> dict[str, Any]:
    change = {"kind": "draft", "id": id, "key": key, "n": 1, "value": value, "at": 1, "context": {}}
    return change | more


def test_G5_R13_forged_stamps_are_refused_one_by_one(resident: Person) -> None:
    id, me = resident.new_id(), resident.device.id
    topic = "answer/topic"
    assert codes(
        resident,
        a_change(resident, id, "owner", resident.id, n=5),
        a_change(resident, id, topic, "flood", n=9),
        a_change(resident, id, topic, "power", n=9),
        a_change(resident, id, topic, "power", n=8),
        a_change(resident, id, topic, "power", n=20, context={"server": 1}),
        a_change(resident, id, topic, "power", n=20, context={"__proto__": 1}),
        a_change(resident, id, topic, "power", n=2**53 - 1),
        a_change(resident, id, topic, "power", n=9 + 2**20 + 1),
        a_change(resident, id, topic, "power", n=20, context={me: 19}),  # of itself a writer may claim more
    ) == ["", "", "stamp_behind", "stamp_behind", "context_ahead", "context_ahead", "stamp_leap", "stamp_leap", ""]


@pytest.mark.parametrize("kind", ["person", "passkey", "device", "unit", "issuer", "trust", "form", "receipt"])
def test_G5_nobody_writes_any_served_kind(resident: Person, kind: str) -> None:
    change = a_change(resident, resident.new_id(), "role", "operator", kind=kind)
    assert codes(resident, change) == ["kind_served"]


def test_G5_a_draft_is_neither_taken_over_nor_begun_for_another(resident: Person, new_person: NewPerson) -> None:
    other, id = new_person(), resident.new_id()
    assert codes(
        resident,
        a_change(resident, id, "answer/topic", "flood"),
        a_change(resident, id, "owner", other.id),
        a_change(resident, id, "owner", resident.id),
        a_change(resident, id, "owner", other.id, n=2),
        a_change(resident, id, "removed", "yes", n=3),
        a_change(resident, id, "answer/topic", {"a": 1}, n=4),
        a_change(resident, id, "submission", "x", n=5),
        a_change(resident, id, "__proto__", 1, n=6),
        a_change(resident, "server", "owner", resident.id),
        a_change(resident, resident.new_id(), "owner", resident.id, kind="dossier"),
    ) == [
        "write_forbidden",
        "write_forbidden",
        "",
        "record_closed",
        "value_shape",
        "value_shape",
        "value_shape",
        "key_unknown",
        "id_shape",
        "kind_unknown",
    ]
    assert codes(other, a_change(other, id, "owner", other.id, n=9)) == ["write_forbidden"]


def test_R12_a_register_takes_no_writer_past_the_32nd(resident: Person, web: Flask) -> None:
    id, changes = resident.draft(PROCEDURE, {})
    resident.sync(*changes)
    found = []
    for number in range(33):
        phone = Person(post_with(web.test_client()), "localhost", resident.origin, resident.now)
        phone.passkey = resident.passkey
        phone.sign_in()
        phone.enrol_device()
        phone.sync()
        found += codes(phone, phone.change("draft", id, "answer/place", f"Nơi thứ {number}"))
    assert found == [""] * 32 + ["context_size"]
    resident.sync()
    assert len(resident.records["draft", id]["answer/place"].context) == 32


def test_R10_a_name_in_another_normal_form_does_not_stop_an_officer(city: Parts, web: Flask, resident: Person) -> None:
    name = unicodedata.normalize("NFD", "Trần Thị Bích")
    link = links.create(city, Link(role=Role.OFFICER, unit="1022", name=name)).split("#")[1]
    officer = Person(post_with(web.test_client()), "localhost", resident.origin, resident.now, name=name)
    officer.register(link)
    officer.enrol_device()
    submission, change = resident.submission(PROCEDURE, FEEDBACK)
    resident.sync(change)
    officer.sync()
    assert codes(officer, officer.acknowledgement(submission)) == [""]
