"""What replicas that write, meet, push and pull may count on: G1, and that nothing is silently lost."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync import record
from sync.change import Change
from sync.limits import Invalid
from sync.record import State
from tests.sync.histories import ID, KIND, Played, invent, play
from tests.sync.strategies import REPLICAS, changes, histories


@given(histories, st.randoms(use_true_random=False))
def test_G1_replicas_that_have_all_met_are_equal(history: list[Any], random: Random) -> None:
    played = play(history)
    tour = random.sample(REPLICAS, len(REPLICAS)) * 2
    for one, other in pairwise(tour):
        played.states[other] = record.join(played.states[other], played.states[one])
    last = played.states[tour[-1]]
    assert {record.digest(played.states[replica]) for replica in tour[-4:]} == {record.digest(last)}
    assert record.digest(last) == record.digest(of_changes(played.changes))


@given(histories, st.randoms(use_true_random=False))
def test_G1_changes_in_any_order_and_number_give_one_state(history: list[Any], random: Random) -> None:
    made = play(history).changes
    shuffled = made + made
    random.shuffle(shuffled)
    assert record.digest(of_changes(shuffled)) == record.digest(of_changes(made))


@given(histories)
def test_R5_a_value_disappears_exactly_when_a_later_write_had_seen_it(history: list[Any]) -> None:
    knowledge: dict[str, set[int]] = {"server": set()}  # who knows which changes, by number, without any contexts
    seen_by_writer: list[set[int]] = []
    offered: dict[str, list[int]] = {}
    for what, replica, *rest in history:
        known = knowledge.setdefault(replica, set())
        if what == "write":
            seen_by_writer.append(set(known))
            offered.setdefault(replica, []).append(len(seen_by_writer) - 1)
            known.add(len(seen_by_writer) - 1)
        elif what == "meet":
            known |= knowledge.setdefault(rest[0], set())
    played = play([step for step in history if step[0] in ("write", "meet")])
    assert len(played.changes) == len(seen_by_writer)
    lost = {
        number
        for number, change in enumerate(played.changes)
        for later, seen in enumerate(seen_by_writer)
        if number in seen and played.changes[later].key == change.key
    }
    everything = of_changes(played.changes)
    kept = {(key, head.stamp) for key, each in everything.items() for head in each.heads}
    assert kept == {(c.key, (c.n, c.replica)) for number, c in enumerate(played.changes) if number not in lost}


@given(histories)
def test_R13_replicas_that_meet_only_through_the_server_are_never_refused(history: list[Any]) -> None:
    played = play([step for step in history if step[0] != "meet"])
    assert set(played.codes) <= {"ok"}


@given(st.lists(changes()), st.lists(changes()), st.sampled_from(REPLICAS[:3]))
def test_R13_nobody_can_silence_what_an_honest_replica_writes(
    before: list[Change], after: list[Change], other: str
) -> None:
    known = admitted({}, [change for change in before if change.replica != "d"])
    honest = record.write(known, kind=KIND, id=ID, key="language", replica="d", value=other, at=1)
    server = admitted(known, [change for change in after if change.replica != "d"])
    assert (honest.n, "d") in {head.stamp for head in record.admit(server, honest)["language"].heads}


@given(st.lists(changes(), max_size=30))
def test_R13_the_server_never_knows_more_of_a_replica_than_it_admitted(offered: list[Change]) -> None:
    server: State = {}
    greatest: dict[tuple[str, str], int] = {}
    for change in offered:
        try:
            server = record.admit(server, change)
            greatest[change.key, change.replica] = change.n
        except Invalid as error:
            assert error.code in {"context_ahead", "stamp_behind"}
    assert {(key, r): n for key, each in server.items() for r, n in each.context.items()} == greatest


def test_G1_invented_histories_hold_something_of_everything() -> None:
    played: list[Played] = [play(invent(seed)) for seed in range(100)]
    codes = {code for each in played for code in each.codes}
    assert codes >= {"ok", "context_ahead", "stamp_behind", "stamp_leap", "change_shape"}
    assert any(register.conflicts for each in played for register in each.server.values())


def of_changes(made: list[Change]) -> State:
    state: State = {}
    for change in made:
        state = record.apply(state, change)
    return state


def admitted(state: State, offered: list[Change]) -> State:
    """Return what an honest server holds after all `offered`, without those it refuses."""
    for change in offered:
        try:
            state = record.admit(state, change)
        except Invalid:
            continue
    return state
