"""The record of one letter, and how it comes to stand in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.kinds import Kind, Sort
from server.store import Reader, Transaction
from sync.canonical import Value
from sync.record import State


def _of_unit(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"unit/{state['unit'].shown}"})


def _index(state: State) -> Mapping[str, str]:
    """Find letters by invitation and by state; one that was tried in vain is `waiting`, so that it hides no new one."""
    shown = str(state["state"].shown)
    again = shown == "queued" and state["attempts"].shown != 0
    return {"state": "waiting" if again else shown, "invitation": str(state["invitation"].shown)}


MAIL: Final = Kind(name="mail", sort=Sort.SERVED, feeds=_of_unit, index=_index)
"""A letter, under `<invitation>-<version>[r<n>]`.

Keys: `unit`, `invitation`, `to`, `sort` ("invite", "update", "cancel"), `content` (all that the letter says),
`queued_at`; then `state` ("queued", "sent", "failed", "superseded"), `attempts`, `next_at` (ms), `error` (words for the
officer), `sent_at`, `message_id`.
"""


def queue(
    transaction: Transaction,
    *,
    id: str,
    unit: str,
    invitation: str,
    to: str,
    sort: str,
    content: Value,
    now: int,
) -> str:
    """Queue a letter; return its id, which is `id` or, where that letter exists, `id` with `r2`, `r3`, ...

    Letters of the same invitation that still wait are superseded: one that came after this one would bring a dead code.
    """
    for other, state in transaction.find("mail", "invitation", invitation, limit=1000):
        if state["state"].shown == "queued":
            MAIL.serve(transaction, other, {"state": "superseded"}, now=now)
    free, number = id, 1
    while transaction.get("mail", free) is not None:
        number += 1
        free = f"{id}r{number}"
    values: dict[str, Value] = {
        "unit": unit, "invitation": invitation, "to": to, "sort": sort, "content": content, "queued_at": now,
        "state": "queued", "attempts": 0, "next_at": now,
    }  # fmt: skip
    MAIL.serve(transaction, free, values, now=now)
    return free
