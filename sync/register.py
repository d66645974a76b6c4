"""A multi-value register: what SPEC.md R3 to R8 say of one key of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from sync import canonical
from sync.canonical import Value

Context: TypeAlias = Mapping[str, int]
"""Replica id -> the greatest `n` of that replica that was seen in this register."""


class Head(NamedTuple):
    """One written value. `n` and `replica` are its stamp, `at` the writer's claimed time in ms since 1970."""

    n: int
    replica: str
    value: Value
    at: int

    @property
    def stamp(self) -> tuple[int, str]:
        return (self.n, self.replica)


@dataclass(frozen=True)
class Register:
    """Heads in ascending stamp order, and the context: every stamp this register has seen, the heads' own included.

    A replica has at most one head, because its later write covers its earlier one (R5).
    """

    heads: tuple[Head, ...]
    context: Context

    @property
    def shown(self) -> Value:
        """The value of the greatest stamp (R8)."""
        return self.heads[-1].value

    @property
    def conflicts(self) -> tuple[Head, ...]:
        """The other heads, which wait for a person to choose (R8)."""
        return self.heads[:-1]

    @cached_property
    def encoded(self) -> bytes:
        """The RFC 8785 bytes of `to_json`; kept, because a record is measured and encoded register by register."""
        if len(self.heads) != 1:
            return canonical.encode(self.to_json())
        # What nearly every register is, written without making what it is written from.
        (head,) = self.heads
        context = ",".join(f'"{replica}":{self.context[replica]}' for replica in sorted(self.context))
        start = f'{{"context":{{{context}}},"heads":[{{"at":{head.at},"n":{head.n},"replica":"{head.replica}","value":'
        return start.encode() + canonical.encode(head.value) + b"}]}"

    def to_json(self) -> Value:
        """Return `{"heads": [{"n", "replica", "value", "at"}...], "context": {replica: n}}`."""
        return {
            "heads": [{"n": h.n, "replica": h.replica, "value": h.value, "at": h.at} for h in self.heads],
            "context": dict(self.context),
        }


def join(a: Register, b: Register) -> Register:
    """Return the least register that has seen all that `a` and `b` have (R6).

    The causal join of delta-state CRDTs (Almeida, Shoker, Baquero 2018, "DotFun"): a head stays when both sides have
    it, or when the other side has never seen its stamp.
    """
    context = dict(a.context)
    for replica, n in b.context.items():
        if n > context.get(replica, 0):
            context[replica] = n
    heads = _surviving(a, b) | _surviving(b, a)
    return Register(heads=tuple(heads[stamp] for stamp in sorted(heads)), context=context)


def _surviving(mine: Register, other: Register) -> dict[tuple[int, str], Head]:
    theirs = {head.stamp: head for head in other.heads}
    kept = {}
    for head in mine.heads:
        twin = theirs.get(head.stamp)
        if twin is not None:
            kept[head.stamp] = max(head, twin, key=_rank)
        elif head.n > other.context.get(head.replica, 0):
            kept[head.stamp] = head
    return kept


def _rank(head: Head) -> tuple[bytes, int]:
    """Order two heads of one stamp, which only a faulty replica can write, so that all sides keep the same (R6)."""
    return (canonical.encode(head.value), head.at)
