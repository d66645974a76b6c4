"""A record's state: registers by key (SPEC.md R2), its JSON form, and its digest (R11)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from sync import canonical, limits, register
from sync.canonical import Value
from sync.change import Change
from sync.limits import Invalid
from sync.register import Head, Register

State: TypeAlias = Mapping[str, Register]


def join(a: State, b: State) -> State:
    """Return the state that has seen all that `a` and `b` have (R6)."""
    joined = dict(a)
    for key, theirs in b.items():
        mine = joined.get(key)
        joined[key] = theirs if mine is None else register.join(mine, theirs)
    return joined


def apply(state: State, change: Change) -> State:
    """Return `state` with `change` joined in (R7)."""
    return join(state, {change.key: change.register()})


def greatest(state: State) -> int:
    """Return the greatest `n` that this state has seen; 0 when it is empty (R3)."""
    return max((n for each in state.values() for n in each.context.values()), default=0)


def write(state: State, *, kind: str, id: str, key: str, replica: str, value: Value, at: int) -> Change:
    """Return the change by which `replica`, who sees `state`, writes `value` to `key` (R3, R4).

    Texts are brought to normal form C; a value that R10 or R12 does not admit raises `Invalid`, so that a replica
    never signs what others must refuse.
    """
    value = canonical.nfc(value)
    canonical.check(value)
    seen = state.get(key)
    return Change(
        kind=kind,
        id=id,
        key=key,
        n=greatest(state) + 1,
        replica=replica,
        value=value,
        at=at,
        context={} if seen is None else seen.context,
    )


def written(state: State, values: Mapping[str, Value], *, replica: str, at: int) -> State:
    """Return `state` after `replica` has written `values` (in normal form C), one by one, having seen all of it."""
    joined, n = dict(state), greatest(state)
    for key, value in values.items():
        n += 1
        seen: Mapping[str, int] = joined[key].context if key in joined else {}
        head = Head(n=n, replica=replica, value=canonical.nfc(value), at=at)
        joined[key] = Register(heads=(head,), context={**seen, replica: n})
    return joined


def admit(state: State, change: Change) -> State:
    """Apply a change that came from outside, or raise `Invalid` when R12 or R13 refuse it."""
    seen = state[change.key].context if change.key in state else {}
    for replica, n in change.context.items():
        if replica != change.replica and n > seen.get(replica, 0):
            raise Invalid("context_ahead", f"expected at most {seen.get(replica, 0)} of {replica}, got {n}")
    if change.n <= seen.get(change.replica, 0):
        raise Invalid("stamp_behind", f"expected n past {seen[change.replica]}, got {change.n}")
    if change.n > limits.LEAP and change.n > greatest(state) + limits.LEAP:
        raise Invalid("stamp_leap", f"expected n within {limits.LEAP} of {greatest(state)}, got {change.n}")
    applied = apply(state, change)
    if len(applied) > limits.REGISTERS:
        raise Invalid("record_registers", f"expected at most {limits.REGISTERS} keys in a record")
    if len(applied[change.key].context) > limits.REPLICAS:
        raise Invalid("context_size", f"expected at most {limits.REPLICAS} replicas in a register")
    if (bytes_ := size(applied)) > limits.RECORD_BYTES:
        raise Invalid("record_size", f"expected a record of at most {limits.RECORD_BYTES} bytes, got {bytes_}")
    return applied


def cut(state: State, change: Change) -> Change:
    """Return `change` with no more in its context, of each other replica, than the state's own context has (R14)."""
    seen = state[change.key].context if change.key in state else {}
    context = {
        replica: n if replica == change.replica else min(n, seen.get(replica, 0))
        for replica, n in change.context.items()
    }
    return replace(change, context={replica: n for replica, n in context.items() if n > 0})


def shown(state: State) -> dict[str, Value]:
    """Return the value that each key shows, without the removed ones (R8, R9)."""
    return {key: each.shown for key, each in state.items() if each.shown is not None}


def to_json(state: State) -> dict[str, Value]:
    """Return `{key: {"heads": [{"n", "replica", "value", "at"}...], "context": {replica: n}}}`."""
    return {key: each.to_json() for key, each in state.items()}


def from_json(data: Any) -> State:
    """Read what `to_json` wrote. It trusts its input: states come from our own store, never from a client."""
    return {
        key: Register(heads=tuple(Head(**head) for head in each["heads"]), context=each["context"])
        for key, each in data.items()
    }


def encode(state: State) -> bytes:
    """Return the RFC 8785 bytes of the state. Keys are ASCII (R2), so plain order is the order of RFC 8785."""
    return b"{" + b",".join(b'"%s":%s' % (key.encode(), state[key].encoded) for key in sorted(state)) + b"}"


def size(state: State) -> int:
    """Return the length of `encode` in bytes, at the cost of what changed only."""
    return max(2, 1 + sum(len(key) + 4 + len(each.encoded) for key, each in state.items()))


def digest(state: State) -> str:
    """Return the lower-case hex SHA-256 of the state's canonical bytes: equal digests mean equal states (R11)."""
    return hashlib.sha256(encode(state)).hexdigest()
