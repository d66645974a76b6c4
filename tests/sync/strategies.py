"""Values, registers, changes and histories, as Hypothesis makes them up."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import strategies as st

from sync.canonical import Value
from sync.change import Change
from sync.limits import INTEGER
from sync.record import State
from sync.register import Head, Register

REPLICAS = ("a", "b", "c", "d")
KEYS = ("language", "answer/name", "answer/children")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
integers = st.integers(-INTEGER, INTEGER)
values: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
few_values: st.SearchStrategy[Value] = st.sampled_from([None, True, 1, "x", "y", [], {"z": "\U0001f600"}])
replicas = st.sampled_from(REPLICAS)
keys = st.sampled_from(KEYS)
contexts = st.dictionaries(replicas, st.integers(1, 6), max_size=4)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Any register of R3 and R4: hostile contexts and two values of one stamp among them."""
    context = draw(contexts)
    heads = [
        Head(n=draw(st.integers(max(1, n - 2), n)), replica=replica, value=draw(few_values), at=draw(st.integers(1, 2)))
        for replica, n in context.items()
        if draw(st.booleans())
    ]
    return Register(heads=tuple(sorted(heads, key=lambda head: head.stamp)), context=context)


states: st.SearchStrategy[State] = st.dictionaries(keys, registers(), max_size=3)


@st.composite
def changes(draw: st.DrawFn, *, key: str | None = None) -> Change:
    """Any change that `change.parse` lets through, whatever its writer claims to have seen."""
    context = draw(contexts)
    n = draw(st.integers(1 + max(context.values(), default=0), 8))
    return Change(
        kind="draft",
        id="0193569a-3f00-7000-8000-000000000001",
        key=draw(keys) if key is None else key,
        n=n,
        replica=draw(replicas),
        value=draw(few_values),
        at=draw(st.integers(1, 2)),
        context=context,
    )


steps: st.SearchStrategy[list[Any]] = st.one_of(
    st.tuples(st.just("write"), replicas, keys, few_values).map(list),
    st.tuples(st.just("meet"), replicas, replicas).map(list),
    st.tuples(st.just("push"), replicas).map(list),
    st.tuples(st.just("pull"), replicas).map(list),
)
histories = st.lists(steps, max_size=40)
