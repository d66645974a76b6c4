"""The algebra of registers and states: R3 to R8."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from sync import record, register
from sync.change import Change
from sync.register import Head, Register
from tests.sync.strategies import changes, registers, states


@given(registers())
def test_R6_join_is_idempotent(a: Register) -> None:
    assert register.join(a, a) == a


@given(registers(), registers())
def test_R6_join_is_commutative(a: Register, b: Register) -> None:
    assert register.join(a, b) == register.join(b, a)


def one(n: int, replica: str, value: str, **context: int) -> Register:
    return Register(heads=(Head(n=n, replica=replica, value=value, at=1),), context={**context, replica: n})


@given(registers(), registers(), registers())
@example(one(1, "a", "1"), one(2, "b", "2", a=1), one(3, "c", "3", b=2))  # breaks contexts of single heads: SPEC.md R4
@example(one(1, "a", "x"), one(1, "a", "y"), one(2, "b", "z", a=1))  # two values of one stamp, and one who covers it
def test_R6_join_is_associative(a: Register, b: Register, c: Register) -> None:
    assert register.join(register.join(a, b), c) == register.join(a, register.join(b, c))


@given(registers(), registers())
def test_R6_join_is_the_least_state_that_has_seen_both(a: Register, b: Register) -> None:
    joined = register.join(a, b)
    assert register.join(joined, a) == joined
    assert register.join(joined, b) == joined
    assert joined.context.keys() == a.context.keys() | b.context.keys()


@given(registers(), registers())
def test_R3_a_join_keeps_heads_in_stamp_order_one_a_replica_within_the_context(a: Register, b: Register) -> None:
    joined = register.join(a, b)
    stamps = [head.stamp for head in joined.heads]
    assert stamps == sorted(stamps)
    assert len({head.replica for head in joined.heads}) == len(stamps) <= len(joined.context)
    assert all(head.n <= joined.context[head.replica] for head in joined.heads)


@given(states, states, states)
def test_R6_states_obey_the_same_laws_and_equal_states_have_equal_digests(
    a: record.State, b: record.State, c: record.State
) -> None:
    left, right = record.join(record.join(a, b), c), record.join(a, record.join(c, b))
    assert left == right
    assert record.digest(left) == record.digest(right)


@given(st.lists(changes(key="k"), max_size=6), st.randoms(use_true_random=False))
def test_R5_the_heads_are_the_changes_that_no_other_change_covers(made: list[Change], random: Random) -> None:
    shuffled = made + made
    random.shuffle(shuffled)
    joined = in_groups([each.register() for each in shuffled], random)
    assert {head.stamp for head in joined.heads} == {
        (each.n, each.replica) for each in made if not any(covers(other, each) for other in made)
    }
    assert in_groups([each.register() for each in made], random) == joined


@given(st.lists(changes(key="k"), min_size=1))
def test_R8_the_greatest_stamp_of_all_is_never_covered(made: list[Change]) -> None:
    shown = reduce(register.join, [each.register() for each in made]).heads[-1]
    assert shown.stamp == max((each.n, each.replica) for each in made)


def test_R9_a_removed_key_is_not_shown_and_its_conflict_is_kept() -> None:
    removed = register.join(
        one(1, "a", "x"), Register(heads=(Head(n=1, replica="b", value=None, at=1),), context={"b": 1})
    )
    assert record.shown({"k": removed, "l": one(1, "a", "y")}) == {"l": "y"}
    assert [head.value for head in removed.conflicts] == ["x"]


def covers(b: Change, a: Change) -> bool:
    """Say R5 in other words than the code does."""
    return a.n <= b.context.get(a.replica, 0) or (a.replica == b.replica and a.n < b.n)


def in_groups(parts: Iterable[Register], random: Random) -> Register:
    """Join `parts` pair by pair, in an order that `random` chooses."""
    left = list(parts)
    while len(left) > 1:
        left.append(register.join(left.pop(random.randrange(len(left))), left.pop(random.randrange(len(left)))))
    return left[0] if left else Register(heads=(), context={})
