"""Pushing: one signed batch at a time becomes records, in one transaction (SPEC.md B1 to B5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog

from server import jwk, metrics
from server.auth import acts, devices
from server.credentials import Credentials
from server.errors import PROBLEMS, Problem
from server.exchange.taking import Sender, Taking
from server.kinds import Kind
from server.store import Expected, Logged, Reader, Store, Transaction
from sync import batch as batches
from sync.batch import Batch
from sync.change import Change
from sync.limits import Invalid
from sync.record import State

Answer: TypeAlias = Mapping[str, Any]
Opened: TypeAlias = Batch | Invalid
"""What stands in a batch, or why nothing does."""
Examined: TypeAlias = Taking | Answer
"""A batch that may be taken, or what refuses it."""
_log = structlog.get_logger(__name__)
_RETURN: Final = 7 * 86_400_000
"""How long (ms) after a restore phones are awaited that bring back what others' changes rest on."""
_RESTS_ON_OTHERS: Final = frozenset(
    {
        *("write_forbidden", "hand_missing", "invite_unknown", "submission_unknown", "form_unknown", "unit_unknown"),
        *("meeting_unknown", "meeting_unsound", "invitation_unknown", "code_unknown", "place_unknown"),
        "identity_needed",
    }
)


@dataclass(frozen=True, slots=True)
class Push:
    """Takes batches into `store`; `kinds` says what each record's feature allows, `credentials` closes devices."""

    store: Store
    kinds: Mapping[str, Kind]
    credentials: Credentials

    def open(self, jws: str) -> Opened:
        """Read what stands in a batch."""
        try:
            return batches.parse(jws)
        except Invalid as error:
            return error

    def looks_at(self, opened: Opened) -> Iterator[tuple[str, str]]:
        """Yield the records that examining a batch will look at."""
        if isinstance(opened, Batch):
            yield "device", opened.device
            for change in opened.changes:
                yield from acts.looked_at(change)

    def examine(self, opened: Opened, sender: Sender, look: Reader) -> Examined:
        """Do what needs no lock: verify the signatures of a batch and of the acts in it."""
        try:
            if isinstance(opened, Invalid):
                raise opened
            device = _device(look.get("device", opened.device), sender)
            if not jwk.verify(device["jwk"].shown, opened.signature, opened.signing_input):
                raise Problem("batch_signature")
            taking = Taking(kinds=self.kinds, batch=opened, sender=sender)
            taking.examine(look)
            return taking
        except (Invalid, Problem) as error:
            return _invalid(error)

    def take(self, examined: Examined) -> Answer:
        """Take one batch and answer as B3 says. Nothing is raised for what a client may have done wrong."""
        answer = self._write(examined) if isinstance(examined, Taking) else examined
        metrics.of(metrics.BATCHES, answer["result"]).inc()
        for refused in answer.get("refused", ()):
            metrics.REFUSED.labels(refused["code"]).inc()
        return answer

    def __call__(self, jws: str, sender: Sender) -> Answer:
        """Open a batch, examine it and take it."""
        opened = self.open(jws)
        with self.store.read() as look:
            look.expect(Expected(records=self.looks_at(opened)))
            examined = self.examine(opened, sender, look)
        return self.take(examined)

    def _write(self, taking: Taking) -> Answer:
        try:
            return self.store.write(lambda transaction: self._take(transaction, taking), ahead=taking.ahead)
        except (Invalid, Problem) as error:
            return _invalid(error)

    def _take(self, transaction: Transaction, taking: Taking) -> Answer:
        batch = taking.batch
        _device(transaction.get("device", batch.device), taking.sender)
        last = transaction.last_batch(batch.device)
        seq, prev = (0, "") if last is None else (last.seq, last.hash)
        if batch.seq <= seq:
            before = transaction.batch(batch.device, batch.seq)
            if before is not None and before.hash == batch.hash:
                return {**json.loads(before.answer), "result": "dup"}
            return self._fork(transaction, batch, taking.sender)
        if batch.seq > seq + 1:
            return {"result": "gap", "expected": seq + 1}
        if batch.prev != prev:
            return self._fork(transaction, batch, taking.sender)
        refused = [
            {"index": index, "code": code, "retry": _may_retry(code, batch.changes[index], taking.sender)}
            for index, code in sorted(taking.apply(transaction).items())
        ]
        answer = {"result": "ok", "seq": batch.seq, "refused": refused}
        transaction.log_batch(batch.device, Logged(batch.seq, batch.hash, batch.jws, json.dumps(answer)))
        return answer

    def _fork(self, transaction: Transaction, batch: Batch, sender: Sender) -> Answer:
        """Close the chain: two histories of one device mean that its key or its memory was copied."""
        _log.warning("device_fork", device=batch.device, seq=batch.seq, person=sender.actor.person)
        by, now = sender.actor, sender.now
        devices.close(batch.device, self.credentials, by=by, reason="fork", transaction=transaction, now=now)
        return {"result": "fork"}


def _invalid(error: Invalid | Problem) -> Answer:
    """Answer that a batch can't be taken; raise what says nothing of the batch."""
    if error.code == "unavailable":
        raise error
    return {"result": "invalid", "code": error.code, "retry": PROBLEMS[error.code].retry}


def _may_retry(code: str, change: Change, sender: Sender) -> bool:
    """Return whether a change may be allowed later: also what rests on others' changes that a restore took (B9)."""
    restored_at = sender.life.restored_at
    brought_back = change.at < restored_at and sender.now < restored_at + _RETURN
    return PROBLEMS[code].retry or (brought_back and code in _RESTS_ON_OTHERS)


def _device(state: State | None, sender: Sender) -> State:
    """Return the device when `sender` may send with it."""
    if state is None:
        raise Problem("device_unknown")
    if state["person"].shown != sender.actor.person:
        raise Problem("device_foreign")
    if "revoked_at" in state and state["revoked_at"].shown is not None:
        raise Problem("device_revoked")
    expires_at = state["expires_at"].shown
    if not isinstance(expires_at, int) or expires_at <= sender.now:
        raise Problem("device_revoked", "expected a device key that has not expired")
    return state
