"""A change: one key of one record written once (SPEC.md R7, R13)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync import canonical, limits
from sync.canonical import Value
from sync.limits import Invalid
from sync.register import Context, Head, Register

KIND: Final = re.compile(r"[a-z][a-z_]{0,31}")
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
KEY: Final = re.compile(r"[a-z0-9_./-]{1,200}")
REPLICA: Final = re.compile(r"[A-Za-z0-9_-]{1,43}")
_FIELDS: Final = frozenset({"kind", "id", "key", "n", "value", "at", "context"})


@dataclass(frozen=True, slots=True)
class Change:
    """`replica` writes `value` to `key`, having seen `context` of that register. `at` is its claimed time in ms."""

    kind: str
    id: str
    key: str
    n: int
    replica: str
    value: Value
    at: int
    context: Context

    def register(self) -> Register:
        """Return the smallest register that holds this change; applying it is joining this (R7)."""
        head = Head(n=self.n, replica=self.replica, value=self.value, at=self.at)
        return Register(heads=(head,), context={**self.context, self.replica: self.n})

    def to_json(self) -> dict[str, Value]:
        """Return what stands for this change in a batch; the batch's device is its replica."""
        return {
            "kind": self.kind,
            "id": self.id,
            "key": self.key,
            "n": self.n,
            "value": self.value,
            "at": self.at,
            "context": dict(self.context),
        }


def parse(data: Value, *, replica: str, small: bool = False) -> Change:
    """Read one change of a batch that `replica` signed. What the rules do not admit raises `Invalid`.

    `small` says of the text that it was read from what `canonical.check` says.
    """
    if not isinstance(data, dict) or data.keys() != _FIELDS:
        raise Invalid("change_shape", f"expected an object with exactly {sorted(_FIELDS)}")
    change = Change(
        kind=_text(data["kind"], KIND, "kind"),
        id=_text(data["id"], ID, "id"),
        key=_text(data["key"], KEY, "key"),
        n=_count(data["n"], "n"),
        replica=replica,
        value=data["value"],
        at=_count(data["at"], "at"),
        context=_context(data["context"]),
    )
    canonical.check(change.value, small=small)
    if any(change.n <= n for n in change.context.values()):
        raise Invalid("stamp_behind", "expected n greater than every n of the change's context")
    return change


def _text(value: Value, pattern: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Invalid("change_shape", f"expected {name} to match {pattern.pattern}")
    return value


def _count(value: Value, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= limits.INTEGER:
        raise Invalid("change_shape", f"expected {name} to be a whole number from 1 to {limits.INTEGER}")
    return value


def _context(value: Value) -> dict[str, int]:
    if not isinstance(value, dict):
        raise Invalid("change_shape", "expected context to be an object of replica: n")
    if len(value) > limits.REPLICAS:
        raise Invalid("context_size", f"expected at most {limits.REPLICAS} replicas in a context, got {len(value)}")
    return {_text(replica, REPLICA, "replica"): _count(n, "n") for replica, n in value.items()}
