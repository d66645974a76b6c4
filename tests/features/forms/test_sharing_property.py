"""Any interleaving of offline edits, sharing and taking back converges, and nobody without a share pulls anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loadtests.person import Person
from sync import record
from tests.features.conftest import NewPerson
from tests.features.forms.sharing import (
    begin,
    everything_pulled,
    hand,
    hand_key,
    has,
    invite,
    join,
    new_secret,
    take_back,
    write,
)

ROWS = ("0" * 20, "1" * 20)
KEYS = ("answer/topic", "answer/place", *(f"answer/children/{row}/name" for row in ROWS))
GUESTS = 3
EDITS = st.tuples(st.just("edit"), st.integers(0, GUESTS), st.sampled_from(KEYS), st.integers(0, 2))
REMOVALS = st.tuples(st.just("remove"), st.integers(0, GUESTS), st.sampled_from(ROWS))
SYNCS = st.tuples(st.just("sync"), st.integers(0, GUESTS))
ENTRIES = st.tuples(st.sampled_from(["let_in", "take_back", "leave"]), st.integers(1, GUESTS))
STEPS = st.lists(st.one_of(EDITS, EDITS, REMOVALS, SYNCS, SYNCS, ENTRIES), min_size=4, max_size=40)


@dataclass
class Phone:
    """A person's phone that is offline until it is told to sync: what was written waits in order."""

    person: Person
    unsent: list[Any] = field(default_factory=list)

    def sync(self, *, inside: bool) -> None:
        """Send and pull. What was written in the draft is taken from those who are inside, and from nobody else."""
        answers = self.person.sync(*self.unsent)
        refused = {each["index"]: each["code"] for answer in answers for each in answer["refused"]}
        into = {index for index, change in enumerate(self.unsent) if change["kind"] == "draft"}
        assert refused.keys() == (set() if inside else into)
        assert set(refused.values()) <= {"share_ended"}
        self.unsent.clear()

    def see_anew(self) -> None:
        """Pull all anew: what was refused is out of what a phone shows (SPEC.md B5)."""
        self.person.records, self.person.cursors = {}, {}
        self.person.sync()

    def edit(self, id: str, key: str, value: Any) -> None:
        if not has(self.person, id):
            return
        if hand_key(self.person) not in self.person.records["draft", id]:
            self.unsent.append(hand(self.person, id))
        if key.startswith("answer/children/"):
            row = "row" + key.removeprefix("answer").removesuffix("/name")
            self.unsent.append(write(self.person, id, row, True))
        self.unsent.append(write(self.person, id, key, value))


@pytest.fixture
def phones(resident: Person, new_person: NewPerson) -> list[Phone]:
    return [Phone(resident), *(Phone(new_person(name=f"Khách {number}")) for number in range(GUESTS))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("let_in", 3), ("take_back", 3), ("edit", 3, "answer/topic", 0), ("let_in", 3)])
def test_G1_F4_all_who_share_a_draft_come_to_see_the_same_and_all_others_nothing(
    phones: list[Phone], steps: list[tuple[Any, ...]]
) -> None:
    owner = phones[0].person
    for each in phones:
        each.unsent.clear()
    id = begin(owner)
    inside = {0}
    for step in steps:
        act(phones, inside, id, step)
    for _ in range(2):
        for number, each in enumerate(phones):
            each.sync(inside=number in inside)
    seen = owner.records["draft", id]
    for number, each in enumerate(phones):
        if number in inside:
            assert each.person.digests()[f"draft/{id}"] == record.digest(seen)
        else:
            assert not has(each.person, id)
            assert id not in everything_pulled(each.person)


def act(phones: list[Phone], inside: set[int], id: str, step: tuple[Any, ...]) -> None:
    """Do one step. Who is `inside` is what the server must come to say."""
    what, number, *rest = step
    phone, owner = phones[number], phones[0]
    if what == "edit":
        phone.edit(id, rest[0], f"{rest[1]} {phone.person.name}")
    elif what == "remove" and has(phone.person, id) and number == 0:
        phone.unsent.append(write(phone.person, id, f"row/children/{rest[0]}", None))
    elif what == "sync":
        phone.sync(inside=number in inside)
    elif what == "let_in" and number not in inside:
        secret = new_secret()
        owner.unsent.append(invite(owner.person, id, secret))
        owner.sync(inside=True)
        phone.unsent.append(join(phone.person, id, secret))
        phone.sync(inside=False)  # what was written before comes before
        phone.see_anew()
        inside.add(number)
    elif what == "take_back" and number in inside:
        owner.sync(inside=True)
        owner.unsent.append(take_back(owner.person, id, f"person/{phone.person.id}"))
        owner.sync(inside=True)
        inside.discard(number)
    elif what == "leave" and has(phone.person, id) and number in inside:
        phone.unsent.append(take_back(phone.person, id, f"person/{phone.person.id}"))
        phone.sync(inside=True)
        inside.discard(number)
