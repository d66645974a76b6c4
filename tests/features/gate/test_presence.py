"""Check-ins are a set: whatever order, repetition or partition they arrive in, all phones arrive at the same."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.gate.presence import Event, index
from sync.ids import uuid7
from tests.features.gate.cases import vectors
from tests.vectors.gate import events

SUBJECTS = ["00" * 8, "11" * 8]


@pytest.mark.parametrize("case", vectors("presence")["cases"], ids=lambda case: case["name"])
def test_check_ins_say_what_the_shared_vector_says(case: dict[str, Any]) -> None:
    assert events.shown(index(events.read(case["events"]))) == case["expect"]


def test_check_ins_by_chance_say_what_the_shared_vector_says() -> None:
    for case in vectors("presence")["random"]:
        assert events.shown(index(events.read(case["events"]))) == case["expect"]


@pytest.mark.parametrize("case", vectors("presence")["cases"], ids=lambda case: case["name"])
def test_every_order_says_the_same(case: dict[str, Any]) -> None:
    expected = index(events.read(case["events"]))
    for order in itertools.islice(itertools.permutations(events.read(case["events"])), 120):
        assert index(order) == expected


@st.composite
def some_events(draw: st.DrawFn) -> list[Event]:
    """Check-ins of two subjects within a few milliseconds, so that ties are frequent, and undos of any of them."""
    made: list[Event] = []
    for entropy in range(draw(st.integers(0, 12))):
        at = 1_795_000_000_000 + draw(st.integers(0, 4))
        id = uuid7(at, entropy=draw(st.integers(0, 3)) << 62 | entropy)
        way = draw(st.sampled_from(["in", "in", "out", "undo"]))
        if way == "undo":
            of = draw(st.sampled_from([*(event.id for event in made), "unknown"]))
            made.append(Event(id, at, "undo", 0, 7, of=of))
            continue
        made.append(
            Event(
                id,
                at,
                "in" if way == "in" else "out",
                gate=draw(st.integers(0, 15)),
                place=7,
                subject=draw(st.sampled_from(SUBJECTS)),
                max=draw(st.integers(0, 3)),
                override=draw(st.booleans()),
                shown=draw(st.sampled_from([None, "aa" * 8, "bb" * 8])),
            )
        )
    return made


@given(some_events(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(made: list[Event], chance: random.Random) -> None:
    again = made + chance.choices(made, k=len(made)) if made else made
    chance.shuffle(again)
    assert index(again) == index(made)


@given(some_events(), st.lists(st.sets(st.integers(0, 11)), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_phones_that_were_apart_agree_once_they_have_met(
    made: list[Event], shares: list[set[int]], chance: random.Random
) -> None:
    """Each phone has a part of the check-ins, some in several parts; pairs meet by chance until all know of all."""
    phones = [{made[at] for at in share if at < len(made)} for share in shares]
    phones[0] |= set(made) - set().union(*phones)
    by_chance = [chance.sample(range(len(phones)), 2) for _ in range(4)]
    along = list(itertools.pairwise(range(len(phones))))
    for one, other in [*by_chance, *along, *reversed(along)]:
        phones[one] = phones[other] = phones[one] | phones[other]
        assert index(phones[one]) == index([*phones[other], *phones[one]])
    for phone in phones:
        assert index(phone) == index(made)


@given(some_events(), st.randoms(use_true_random=False))
def test_adding_one_check_in_after_another_ends_the_same(made: list[Event], chance: random.Random) -> None:
    known: set[Event] = set()
    for event in chance.sample(made, len(made)):
        known.add(event)
        index(known)
    assert index(known) == index(made)


@given(some_events())
def test_of_two_in_conflict_the_earlier_wins(made: list[Event]) -> None:
    by_id = {event.id: event for event in made}
    for found in index(made).subjects.values():
        for conflict in found.conflicts:
            winner, loser = by_id[conflict.winner], by_id[conflict.loser]
            assert (winner.at, winner.id) < (loser.at, loser.id)
            assert winner.way == loser.way == "in"
            assert not loser.override


@given(some_events())
def test_what_is_undone_never_counts(made: list[Event]) -> None:
    undone = {event.of for event in made if event.way == "undo"}
    without = [event for event in made if event.id not in undone or event.way == "undo"]
    assert index(made).subjects == index(without).subjects
