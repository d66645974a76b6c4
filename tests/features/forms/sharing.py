"""What people who share a draft do, with software phones."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from loadtests.person import PROCEDURE, Person

DAY = 86_400_000


def codes(person: Person, *changes: Any) -> list[str]:
    """Send changes in one batch; return the code that refuses each, "" for one that was taken."""
    (answer,) = person.sync(*changes)
    found = {each["index"]: each["code"] for each in answer["refused"]}
    return [found.get(index, "") for index in range(len(changes))]


def begin(owner: Person, **answers: Any) -> str:
    """Begin a draft and send it; return its id."""
    id, changes = owner.draft(PROCEDURE, answers)
    assert set(codes(owner, *changes)) == {""}
    return id


def write(person: Person, id: str, key: str, value: Any) -> Any:
    """Return the change of a draft's key, as this person sees the draft."""
    return person.change("draft", id, key, value)


def hand_key(person: Person) -> str:
    return f"hand/{person.device.id.encode().hex()}"


def hand(person: Person, id: str) -> Any:
    """Return the change that says whose hand this phone is."""
    return write(person, id, hand_key(person), {"person": person.id, "name": person.name})


def invite_key(secret: str) -> str:
    return f"invite/{hashlib.sha256(secret.encode()).hexdigest()}"


def new_secret() -> str:
    return secrets.token_urlsafe(16)


def invite(owner: Person, id: str, secret: str, *, days: float = 7) -> Any:
    """Return the change that opens an invitation."""
    return write(owner, id, invite_key(secret), {"until": owner.now() + int(days * DAY)})


def join(person: Person, id: str, secret: str) -> Any:
    """Return the change by which someone takes an invitation."""
    return person.change("joining", person.new_id(), "joining", {"draft": id, "secret": secret})


def let_in(owner: Person, guest: Person, id: str) -> None:
    """Share a draft with a person, who says whose hand writes."""
    secret = new_secret()
    assert codes(owner, invite(owner, id, secret)) == [""]
    assert codes(guest, join(guest, id, secret)) == [""]
    assert codes(guest, hand(guest, id)) == [""]
    owner.sync()


def take_back(owner: Person, id: str, whom: str) -> Any:
    """Return the change that ends a share, such as `person/<id>` or `unit/<code>`."""
    return write(owner, id, f"share/{whom}", None)


def shown(person: Person, id: str, key: str) -> Any:
    """Return what a person's phone shows for a key of a draft."""
    return person.records["draft", id][key].shown


def has(person: Person, id: str) -> bool:
    """Return whether a person's phone holds a draft."""
    return ("draft", id) in person.records


def everything_pulled(person: Person) -> set[str]:
    """Pull from the first entry of every feed; return the ids of the drafts that came with a state."""
    person.cursors, person.records = {}, {}
    person.sync()
    return {id for kind, id in person.records if kind == "draft"}
