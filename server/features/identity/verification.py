"""A verification: an officer's signed word that they saw the card and the face of the person before them."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from server.auth import Parts, acts
from server.days import local_day
from server.errors import Problem
from server.features.identity import desk
from server.features.identity.identity import IDENTITY, withdraw
from server.features.identity.photo import LONGEST, check_jpeg, photo_hash
from server.kinds import Actor, Kind, Proposed, Role, Sort
from server.store import Reader, Transaction
from sync.batch import unbase64url
from sync.canonical import Value
from sync.limits import Invalid
from sync.record import State

_LATE: Final = 7 * 86_400_000
"""How long (ms) an officer's phone may be without a network before what it signed is no longer taken."""
_MEMBERS: Final = {"document", "assertion", "desk", "photo"}
_FIRST_YEAR: Final = 1900


def _is_name(text: str) -> str:
    if text != unicodedata.normalize("NFC", text.strip()) or not text.isprintable() or not text[:1].isalpha():
        raise ValueError("expected a name in normal form C, of visible characters, a letter first, no space around it")
    return text


def _is_day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text or int(text[:4]) < _FIRST_YEAR:
        raise ValueError(f"expected yyyy-mm-dd of {_FIRST_YEAR} or later")
    return text


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Verification(acts.Recorded):
    """What an officer signs. `person` and `name` are the officer, `subject` is who was checked, `full_name`, `number`,
    `born` and `sex` are what the card says; the hashes are of the desk code's text and of the JPEG; times are ms."""

    typ: Literal["verification/1"]
    name: Annotated[str, Field(max_length=200)]
    subject: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    unit: str
    desk_sha256: Sha256
    number: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    full_name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_is_name)]
    born: Annotated[str, AfterValidator(_is_day)]
    sex: Literal["male", "female"]
    photo_sha256: Sha256
    checks: list[str]
    nonce: Annotated[str, Field(min_length=22, max_length=22)]
    claimed_at: Annotated[int, Field(ge=0, le=2**53 - 1)]


@dataclass(frozen=True, slots=True)
class Examined:
    """A verification whose signatures hold: `photo` is base64url, `device` the one that made the desk code."""

    document: Verification
    photo: str
    photo_hash: str
    device: str
    desk: str


def kind(parts: Parts) -> Kind:
    """Return the kind `verification`: once, one key `act` with `{document, assertion, desk, photo}`."""

    def examine(proposed: Proposed) -> Examined:
        act = acts.of_change(proposed.change, Verification)
        code, photo = _attached(proposed.change.value)
        acts.verify_act(act, look=proposed.look, rp=parts.config.rp, origins=parts.config.origins)
        document, now = act.document, proposed.now
        _check_document(document, now=now)
        jpeg = _jpeg(photo, sha256=document.photo_sha256)
        if hashlib.sha256(code.encode()).hexdigest() != document.desk_sha256:
            raise Problem("act_shape", "expected the SHA-256 of the desk code")
        subject, claimed_at = document.subject, document.claimed_at
        device = desk.check(code, subject=subject, claimed_at=claimed_at, look=proposed.look, now=now)
        return Examined(document, photo, photo_hash(jpeg), device, desk.what_was_signed(code))

    def check(proposed: Proposed) -> None:
        examined: Examined = proposed.examined
        _check_officer(examined.document, proposed.actor, proposed.look)
        desk.check_device(examined.device, look=proposed.look, now=proposed.now)
        if proposed.look.find("verification", "desk", examined.desk, limit=1):
            raise Problem("desk_used")

    def react(proposed: Proposed, transaction: Transaction) -> None:
        examined: Examined = proposed.examined
        document, now = examined.document, proposed.now
        for person, _ in transaction.find("identity", "number", document.number):
            if person != document.subject:
                withdraw(person, parts.credentials, transaction, now=now)
        parts.credentials.revoke_of_person(document.subject, transaction, now=now)
        IDENTITY.serve(transaction, document.subject, _identity(examined, now=now), now=now)

    return Kind(
        name="verification", sort=Sort.ONCE, examine=examine, check=check, react=react, feeds=_feeds, index=_index
    )


def _attached(value: Any) -> tuple[str, str]:
    """Return the texts of the desk code and the photo, which stand beside the document."""
    if value.keys() != _MEMBERS or not isinstance(value["desk"], str) or not isinstance(value["photo"], str):
        raise Problem("act_shape", f"expected exactly {sorted(_MEMBERS)}, desk and photo as text")
    return value["desk"], value["photo"]


def _check_document(document: Verification, *, now: int) -> None:
    if document.checks != ["card", "face"]:
        raise Problem("act_shape", "expected that card and face were checked")
    if date.fromisoformat(document.born) >= local_day(now):
        raise Problem("act_shape", f"expected a date of birth in the past, got {document.born}")
    if now - document.claimed_at > _LATE:
        raise Problem("act_expired", "expected a check of the last 7 days")


def _jpeg(photo: str, *, sha256: str) -> bytes:
    try:
        if len(photo) > LONGEST:
            raise ValueError(f"expected at most {LONGEST} characters, got {len(photo)}")
        jpeg = unbase64url(photo)
        check_jpeg(jpeg)
    except (ValueError, Invalid) as error:
        raise Problem("photo_shape", str(error)) from error
    if hashlib.sha256(jpeg).hexdigest() != sha256:
        raise Problem("act_shape", "expected the SHA-256 of the photo")
    return jpeg


def _check_officer(document: Verification, actor: Actor, look: Reader) -> None:
    if actor.role is not Role.OFFICER or document.unit != actor.unit or document.subject == actor.person:
        raise Problem("write_forbidden", "expected an officer, in the name of their unit, about someone else")
    officer = look.get("person", actor.person) or {}
    if (document.person, document.name) != (actor.person, officer["name"].shown):
        raise Problem("act_person", "expected the document to name the officer who sends it")


def _identity(examined: Examined, *, now: int) -> dict[str, Value]:
    document = examined.document
    return {
        "level": 2,
        "name": document.full_name,
        "born": document.born,
        "sex": document.sex,
        "number": document.number,
        "photo": examined.photo,
        "photo_hash": examined.photo_hash,
        "unit": document.unit,
        "verified_at": now,
        "verification": document.id,
        "withdrawn_at": None,
    }


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"person/{acts.signed_document(state, Verification).subject}"})


def _index(state: State) -> dict[str, str]:
    act: Any = state["act"].shown
    return {"desk": desk.what_was_signed(act["desk"])}
