"""Applying the changes of one batch, each by the rules of its kind (SPEC.md B5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from server.errors import Problem
from server.kinds import Actor, Kind, Proposed, Sort
from server.store import Ahead, Life, Reader, Transaction
from sync import record
from sync.batch import Batch
from sync.change import Change
from sync.ids import UUID7
from sync.limits import Invalid
from sync.record import State

Name: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends, and when (ms); what they had from this server before (`Proposed.receipts`), and what life it leads."""

    actor: Actor
    now: int
    receipts: Mapping[str, str] = field(default_factory=dict)
    life: Life = field(default_factory=lambda: Life(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One batch on its way into the store. `refused` maps the index of a change to the code that refuses it."""

    kinds: Mapping[str, Kind]
    batch: Batch
    sender: Sender
    refused: dict[int, str] = field(default_factory=dict)
    examined: dict[int, object] = field(default_factory=dict)

    def examine(self, look: Reader) -> None:
        """Do what is costly and needs no lock: verify the signatures that stand inside changes."""
        for index, change in enumerate(self.batch.changes):
            try:
                self.examined[index] = self._kind(change).examine(self._proposed(change, {}, look))
            except (Invalid, Problem) as error:
                self.refused[index] = error.code

    def ahead(self) -> Ahead:
        """Return what taking the batch looks at: its device, the end of that one's chain, and records."""
        records, writes, series = {("device", self.batch.device)}, set[tuple[str, str]](), set[str]()
        for index, examined in self.examined.items():
            change = self.batch.changes[index]
            writes.add((change.kind, change.id))
            kind = self._kind(change)
            if kind.sort is Sort.ONCE:
                more = kind.ahead(change, examined, self.sender.now)
                records |= more.records
                writes |= more.writes
                series |= more.series
        chains = frozenset({self.batch.device})
        return Ahead(records=frozenset(records), writes=frozenset(writes), chains=chains, series=frozenset(series))

    def apply(self, transaction: Transaction) -> Mapping[int, str]:
        """Apply what the kinds allow; return the code for each change that they refuse."""
        refused = dict(self.refused)
        merged: dict[Name, State] = {}  # a shared record is stored once, after the last of its changes in a row
        for index, change in enumerate(self.batch.changes):
            if index in refused:
                continue
            try:
                if self._kind(change).sort is Sort.ONCE:
                    self._save(merged, transaction)  # what was written before may be what this one is about
                    self._write_once(change, transaction, self.examined.get(index))
                else:
                    self._merge(change, merged, transaction)
            except (Invalid, Problem) as error:
                refused[index] = error.code
        self._save(merged, transaction)
        return refused

    def _save(self, merged: dict[Name, State], transaction: Transaction) -> None:
        for (kind, id), state in merged.items():
            self.kinds[kind].save(transaction, id, state)
        merged.clear()

    def _write_once(self, change: Change, transaction: Transaction, examined: object) -> None:
        if transaction.get(change.kind, change.id) is not None:
            raise Problem("record_closed")
        kind = self._kind(change)
        proposed = self._proposed(change, {}, transaction, examined)
        kind.check(proposed)
        kind.save(transaction, change.id, self._admitted({}, change))
        kind.react(proposed, transaction)

    def _merge(self, change: Change, merged: dict[Name, State], transaction: Transaction) -> None:
        name = (change.kind, change.id)
        state = merged[name] if name in merged else transaction.get(*name) or {}
        kind, proposed = self._kind(change), self._proposed(change, state, transaction)
        kind.check(proposed)
        merged[name] = self._admitted(state, change)
        kind.react(proposed, transaction)

    def _admitted(self, state: State, change: Change) -> State:
        """Admit a change; one that has seen what a restore took from this server counts as not having seen it (R14)."""
        return record.admit(state, record.cut(state, change) if self.sender.life.restored_at else change)

    def _kind(self, change: Change) -> Kind:
        kind = self.kinds.get(change.kind)
        if kind is None:
            raise Problem("kind_unknown")
        if kind.sort is Sort.SERVED:
            raise Problem("kind_served")
        if not UUID7.fullmatch(change.id):
            raise Problem("id_shape")
        return kind

    def _proposed(self, change: Change, state: State, look: Reader, examined: object = None) -> Proposed:
        sender = self.sender
        return Proposed(
            change=change,
            actor=sender.actor,
            state=state,
            now=sender.now,
            look=look,
            examined=examined,
            receipts=sender.receipts,
        )
