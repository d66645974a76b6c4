"""Spoilt checks, holdings, withdrawals and profiles: each gets its code, and nobody what they should not have."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from typing import Any

import pytest

from loadtests import identity
from loadtests.person import Person
from server.config import Config
from server.errors import PROBLEMS
from sync import canonical
from sync.batch import base64url
from tests.conftest import Clock
from tests.features.identity.conftest import PHOTO
from tests.features.spoiling import ROUNDS, prove_whole, seeded, spoil, spoil_text


@pytest.mark.parametrize("kind", ["identity", "credential", "statuslist"])
def test_nobody_writes_what_the_server_says_of_identity(citizen: Person, officer: Person, kind: str) -> None:
    for person in (citizen, officer):
        change = person.change(kind, person.new_id(), "level", 2)
        (answer,) = person.sync(change)
        assert [each["code"] for each in answer["refused"]] == ["kind_served"]


def _verification(resident: Person, officer: Person, chance: random.Random) -> Any:
    """Return a check whose document or code is spoilt, yet truly signed by the officer."""
    code = identity.desk_code(resident)
    document: Any = identity.verification_document(officer, resident.id, code, PHOTO)
    if chance.random() < 0.6:
        member = chance.choice(sorted(set(document) - {"name", "person"}))
        document = {**document, member: spoil(document[member], chance)}
    else:
        code = spoil_text(code, chance)
        document["desk_sha256"] = hashlib.sha256(code.encode()).hexdigest()
    return identity.verification(officer, document, code, PHOTO)


def _spoilt(person: Person, change: Any, chance: random.Random) -> Any:
    return person.change(change["kind"], person.new_id(), change["key"], spoil(change["value"], chance))


def _any_change(resident: Person, officer: Person, chance: random.Random) -> tuple[Person, Any]:
    what = chance.randrange(4)
    if what == 0:
        return officer, _verification(resident, officer, chance)
    if what == 1:
        return officer, _spoilt(officer, identity.withdrawal(officer, resident.id, "Nhầm"), chance)
    if what == 2:
        return resident, _spoilt(resident, identity.holding(resident, "gate")[1], chance)
    return resident, _spoilt(resident, resident.change("profile", resident.id, "card/name", "An"), chance)


def test_spoilt_identity_records_are_refused_with_a_code(
    resident: Person, officer: Person, clock: Clock, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, seen = seeded(capsys), Counter[str]()
    for _ in range(ROUNDS // 10):
        clock.pass_(minutes=1)
        try:
            person, change = _any_change(resident, officer, chance)
            canonical.check(change)
        except ValueError:  # what a phone can't even write down
            continue
        place = person.device.seq, person.device.prev
        (answer,) = person.sync(change)
        assert answer["result"] in ("ok", "invalid")
        if answer["result"] == "invalid":
            person.device.seq, person.device.prev = place
        for each in [*answer.get("refused", []), *([answer] if "code" in answer else [])]:
            assert each["code"] in PROBLEMS
            seen[each["code"]] += 1
    assert len(seen) > 5, seen
    for person in (resident, officer):
        person.sync()
        assert not [id for kind, id in person.records if kind == "credential"]
    state = resident.records.get(("identity", resident.id))  # some spoilt documents are sound ones of someone else
    assert state is None or (len(str(state["number"].shown)), state["photo"].shown) == (12, base64url(PHOTO))
    assert ("identity", officer.id) not in officer.records
    prove_whole(config)
