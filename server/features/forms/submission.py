"""A submission: a filled form that its person signed, and the receipt that the unit signs for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from server import metrics, shards
from server.auth import Parts, acts
from server.days import VIETNAM, local_day
from server.errors import Problem
from server.exchange import readers
from server.features.forms import rules, sharing
from server.features.forms.answered import answered
from server.features.forms.answers import Answers
from server.features.forms.asking import Moment
from server.features.forms.form import Form, parse
from server.features.forms.summary import summary
from server.kinds import Kind, Proposed, Sort
from server.store import Ahead, Reader, Transaction
from sync.batch import base64url
from sync.canonical import Value
from sync.change import Change
from sync.record import State

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Those that are not mistaken for digits."""
RECEIPT_TYPE: Final = "motcua-receipt+jws"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class File(acts.Document):
    """An attachment: `len` in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    len: Annotated[int, Field(ge=1)]
    sha256: Sha256


class Submission(acts.Recorded):
    """What a resident signs. Answers are those of `rules.cleaned`; times are ms since 1970.

    `seed` is the draft's id, which decides what chance gave; `filled` says of answers that came filled and were left as
    they were, by path, where from.
    """

    typ: Literal["submission/1"]
    procedure: str
    unit: str
    form_sha256: Sha256
    language: Literal["vi", "en"]
    seed: Annotated[str, Field(max_length=64)] = ""
    answers: dict[str, Any]
    filled: dict[Annotated[str, Field(max_length=400)], Annotated[str, Field(max_length=200)]] = Field(default={})
    files: Annotated[list[File], Field(max_length=50)]
    summary_sha256: Sha256
    nonce: Annotated[str, Field(min_length=22, max_length=22)]
    claimed_at: Annotated[int, Field(ge=0, le=2**53 - 1)]


@dataclass(frozen=True, slots=True)
class Examined:
    """A submission whose signature and answers hold: its SHA-256 in hex, the passkey's COSE key in base64url."""

    document: Submission
    sha256: str
    public_key: str


def _with_both(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{state['person'].shown}", f"unit/{state['unit'].shown}"})


RECEIPT: Final = Kind(name="receipt", sort=Sort.SERVED, feeds=_with_both)
"""What the unit answers, under the submission's id. Keys: `jws code received_at procedure unit person`."""


def kind(parts: Parts) -> Kind:
    """Return the kind `submission`: once, one key `act` with `{document, assertion, draft}`."""

    def examine(proposed: Proposed) -> Examined:
        act = acts.of_change(proposed.change, Submission)
        key = acts.verify_act(act, look=proposed.look, rp=parts.config.rp, origins=parts.config.origins)
        document = act.document
        if document.person != proposed.actor.person:
            raise Problem("act_person", "expected the person who sends to be the one who signed")
        form = _form(document.form_sha256, proposed.look)
        if (document.procedure, document.unit) != (form.code, form.unit):
            raise Problem("form_unknown", f"expected procedure {form.code} of unit {form.unit}")
        check_answers(form, document, now=proposed.now)
        return Examined(document, hashlib.sha256(act.text.encode()).hexdigest(), base64url(key))

    def ahead(change: Change, examined: Examined, now: int) -> Ahead:
        act: Any = change.value
        document = examined.document
        drafts = {("draft", each) for each in (act.get("draft"), document.seed) if each and isinstance(each, str)}
        restored_at = parts.store.life.restored_at
        lane = shards.lane_seen(f"unit/{document.unit}")
        series = code_series(document.unit, now=now, restored_at=restored_at, lane=lane)
        return Ahead(
            records=frozenset({("unit", document.unit), *drafts}) | parts.issuers.ahead(document.unit),
            writes=frozenset({("receipt", document.id)}),
            series=frozenset({series}),
        )

    def check(proposed: Proposed) -> None:
        look, own = proposed.look, proposed.actor.feeds
        act: Any = proposed.change.value
        for draft in (act.get("draft"), proposed.examined.document.seed):
            sharing.check_signer(draft, person=proposed.actor.person, look=look)
        for file in proposed.examined.document.files:
            size = look.blob_size(file.sha256) if readers.may_read(look, file.sha256, own) else None
            if size is None:
                raise Problem("file_missing", f"expected the file {file.name} to be there whole, sent by this person")
            if size != file.len:
                raise Problem("act_shape", f"expected {file.name} to have {size} bytes, got {file.len}")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        examined: Examined = proposed.examined
        document = examined.document
        facts: dict[str, Value] = {
            "submission": document.id,
            "document_sha256": examined.sha256,
            "public_key": examined.public_key,
            "unit": document.unit,
            "procedure": document.procedure,
        }
        jws = proposed.receipts.get(f"receipt/{document.id}")
        said = parts.issuers.own(jws, RECEIPT_TYPE, unit=document.unit, facts=facts, look=transaction)
        if jws is None or said is None:
            life = parts.store.life
            code = dossier_code(document.unit, now=proposed.now, restored_at=life.restored_at, transaction=transaction)
            said = {**facts, "code": code, "received_at": proposed.now}
            jws = parts.issuers.sign_jws(document.unit, RECEIPT_TYPE, said, look=transaction)
        values: dict[str, Value] = {
            "jws": jws,
            "code": said["code"],
            "received_at": said["received_at"],
            "procedure": document.procedure,
            "unit": document.unit,
            "person": document.person,
        }
        RECEIPT.serve(transaction, document.id, values, now=said["received_at"])
        if document.files:
            feeds = _feeds_of(document)
            for file in document.files:
                transaction.share_blob(file.sha256, feeds)
        given = answered(_form(document.form_sha256, transaction), document.answers, document.filled)
        metrics.of(metrics.RECEIPTS, document.procedure).inc()
        metrics.of(metrics.ANSWERS, document.procedure, "asked").inc(given.asked)
        metrics.of(metrics.ANSWERS, document.procedure, "filled").inc(given.filled)

    def feeds(id: str, state: State, look: Reader) -> frozenset[str]:
        return _feeds_of(acts.signed_document(state, Submission))

    return Kind(name="submission", sort=Sort.ONCE, examine=examine, check=check, react=react, feeds=feeds, ahead=ahead)


def check_answers(form: Form, document: Submission, *, now: int) -> None:
    """Refuse answers that break the form's rules, and a summary other than the one that these answers make.

    "Now" is when the person says to have signed, but never after `now`: a form that was filled offline
    stays valid when it arrives later.
    """
    findings = rules.check(form, document.answers, Moment(min(document.claimed_at, now)), document.seed)
    if findings:
        raise Problem(findings[0].code, f"expected another answer to {findings[0].name}")
    # A form of the first format cannot ask for files; whoever filled one may have added some.
    exact = [file.model_dump() for file in document.files] == rules.files_of(form, document.answers)
    if not exact and form.form != "motcua-form/1":
        raise Problem("answer_file", "expected exactly the files that the answers name")
    text = summary(form, document.answers, document.language)
    if hashlib.sha256(text.encode()).hexdigest() != document.summary_sha256:
        raise Problem("summary_differs")


def summarise(form: Value, answers: Answers, language: Literal["vi", "en"]) -> str:
    """Return the text that the review page shows for a form in JSON."""
    return summary(parse(form), answers, language)


def dossier_code(unit: str, *, now: int, restored_at: int, transaction: Transaction) -> str:
    """Return the next code of the unit's day, such as `BEN-THANH-261122-0001`.

    On the day on which the service was restored from a backup it is `BEN-THANH-261122-R1405-0001`, with the hour and
    minute of that: codes that were given out since the backup, and come back with their receipts, are not given twice.
    Where the unit's feed has shards each of them counts for itself, as in `BEN-THANH-261122-C-0001`: one series for all
    would be one more thing that every commit waits for.
    """
    lane = shards.lane(transaction, f"unit/{unit}")
    series = code_series(unit, now=now, restored_at=restored_at, lane=lane)
    return f"{series}-{transaction.next_number(series):04d}"


def code_series(unit: str, *, now: int, restored_at: int, lane: int | None) -> str:
    """Return what the codes of a unit's day begin with, in a shard of its feed."""
    series = f"{unit.upper()}-{local_day(now):%y%m%d}"
    if restored_at and local_day(restored_at) == local_day(now):
        series = f"{series}-R{datetime.fromtimestamp(restored_at / 1000, VIETNAM):%H%M}"
    return series if lane is None else f"{series}-{_LETTERS[lane]}"


def _feeds_of(document: Submission) -> frozenset[str]:
    return frozenset({f"person/{document.person}", f"unit/{document.unit}"})


def _form(sha256: str, look: Reader) -> Form:
    """Return a published form. Its record never changes, so each process reads it once."""
    if sha256 not in _forms:
        state = look.get("form", sha256)
        if state is None:
            raise Problem("form_unknown", "expected a published form")
        _forms[sha256] = parse(state["form"].shown)
    return _forms[sha256]


_forms: Final[dict[str, Form]] = {}
