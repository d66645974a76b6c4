"""An acknowledgement: an officer's signed word that the office has a submission in hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from server import shards
from server.auth import Parts, acts
from server.errors import Problem
from server.kinds import Kind, Proposed, Role, Sort
from server.store import Reader, Transaction
from sync.batch import base64url
from sync.canonical import Value
from sync.record import State


class Acknowledgement(acts.Recorded):
    """What an officer signs. `document_sha256` is of the submission's document; times are ms since 1970."""

    typ: Literal["acknowledgement/1"]
    name: Annotated[str, Field(max_length=200)]
    submission: str
    document_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    unit: str
    message: Annotated[str, Field(max_length=2000)]
    nonce: Annotated[str, Field(min_length=22, max_length=22)]
    claimed_at: Annotated[int, Field(ge=0, le=2**53 - 1)]


@dataclass(frozen=True, slots=True)
class Examined:
    """An acknowledgement whose signature holds: its SHA-256 in hex, the passkey's COSE key in base64url."""

    document: Acknowledgement
    sha256: str
    public_key: str


def _beside(id: str, state: State, look: Reader) -> frozenset[str]:
    return shards.readers_of(look, "acknowledgement", id)


COUNTERSIGNED_TYPE: Final = "motcua-acknowledged+jws"
COUNTERSIGNATURE: Final = Kind(name="countersignature", sort=Sort.SERVED, feeds=_beside)
"""The unit's word, under the acknowledgement's id, that its officer's passkey signed it. Key: `jws`."""


def kinds(parts: Parts) -> tuple[Kind, ...]:
    """Return the kind `acknowledgement`: once, one key `act` with `{document, assertion}`."""

    def examine(proposed: Proposed) -> Examined:
        act = acts.of_change(proposed.change, Acknowledgement)
        key = acts.verify_act(act, look=proposed.look, rp=parts.config.rp, origins=parts.config.origins)
        return Examined(act.document, hashlib.sha256(act.text.encode()).hexdigest(), base64url(key))

    def check(proposed: Proposed) -> None:
        document: Acknowledgement = proposed.examined.document
        actor = proposed.actor
        officer = proposed.look.get("person", actor.person) or {}
        if actor.role is not Role.OFFICER or document.unit != actor.unit:
            raise Problem("write_forbidden", "expected an officer of the submission's unit")
        if (document.person, document.name) != (actor.person, officer["name"].shown):
            raise Problem("act_person", "expected the document to name the officer who sends it")
        submitted = submitted_document(document.submission, proposed.look)
        if submitted is None or acts.members(submitted)["unit"] != document.unit:
            raise Problem("submission_unknown")
        if hashlib.sha256(submitted.encode()).hexdigest() != document.document_sha256:
            raise Problem("submission_unknown", "expected the SHA-256 of the document as it was submitted")
        if proposed.look.find("acknowledgement", "submission", document.submission, limit=1):
            raise Problem("already_acknowledged")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        examined: Examined = proposed.examined
        facts: dict[str, Value] = {
            "acknowledgement": examined.document.id,
            "submission": examined.document.submission,
            "document_sha256": examined.sha256,
            "public_key": examined.public_key,
        }
        unit = examined.document.unit
        jws = proposed.receipts.get(f"countersignature/{examined.document.id}")
        said = parts.issuers.own(jws, COUNTERSIGNED_TYPE, unit=unit, facts=facts, look=transaction)
        if jws is None or said is None:
            said = {**facts, "received_at": proposed.now}
            jws = parts.issuers.sign_jws(unit, COUNTERSIGNED_TYPE, said, look=transaction)
        COUNTERSIGNATURE.serve(transaction, examined.document.id, {"jws": jws}, now=said["received_at"])

    acknowledgement = Kind(
        name="acknowledgement",
        sort=Sort.ONCE,
        examine=examine,
        check=check,
        react=react,
        feeds=_feeds,
        index=_index,
    )
    return (acknowledgement, COUNTERSIGNATURE)


def submitted_document(id: str, look: Reader) -> str | None:
    """Return the text that a submission's person signed, or None when there is no such submission."""
    state = look.get("submission", id)
    if state is None:
        return None
    act: Any = state["act"].shown
    return str(act["document"])


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    document = acts.signed_document(state, Acknowledgement)
    submitted = submitted_document(document.submission, look)
    assert submitted is not None  # check() saw it in this transaction
    submitter = acts.members(submitted)["person"]
    return frozenset({f"person/{submitter}", f"unit/{document.unit}"})


def _index(state: State) -> dict[str, str]:
    return {"submission": acts.signed_document(state, Acknowledgement).submission}
