"""Spoilt records of the gate: each is answered with a code of the list, and the store stays whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from loadtests.person import Person
from server.config import Config
from server.errors import PROBLEMS
from server.features.gate.letters.letter import letter
from tests.conftest import Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import (
    checkin,
    claim,
    code_of,
    held,
    invitation,
    invited,
    meeting,
    order,
)
from tests.features.spoiling import ROUNDS, prove_whole, seeded, spoil


def answered(person: Person, change: Any) -> list[str]:
    """Send a change, if it can be signed at all; return the codes that refuse it, or "taken"."""
    device = person.device
    place = device.seq, device.prev
    try:
        jws = device.batch([change], at=1)
    except ValueError:
        device.seq, device.prev = place
        return ["unsignable"]  # canonical JSON has no such value
    (answer,) = person.exchange([jws])
    if answer["result"] == "invalid":
        device.seq, device.prev = place
        codes = [answer["code"]]
    else:
        codes = [each["code"] for each in answer["refused"]]
    assert set(codes) <= PROBLEMS.keys() - {"internal"}, codes
    return codes or ["taken"]


def test_G5_spoilt_records_of_the_gate_are_refused_with_a_code(
    officer: Person, clock: Clock, new_person: NewPerson, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded(capsys)
    resident = new_person()
    known = held(officer, clock)
    guest = invited(officer, known)
    seen: Counter[str] = Counter()
    rounds = max(50, ROUNDS // 10)

    makers: dict[str, Callable[[], tuple[Person, Any]]] = {
        "meeting": lambda: (officer, chance.choice(meeting(officer, clock)[1])),
        "invitation": lambda: (officer, invitation(officer, known)[1]),
        "order": lambda: (officer, order(officer, known, chance.choice(("reissue", "cancel", "resend")), guest)),
        "claim": lambda: (resident, claim(resident, code_of(officer, guest)["code"])),
        "checkin": lambda: (officer, checkin(officer, clock)),
    }
    for _ in range(rounds):
        person, change = makers[chance.choice(sorted(makers))]()
        seen.update(answered(person, {**change, "value": spoil(change["value"], chance)}))
    with capsys.disabled():
        print(f"{rounds} rounds: {dict(seen.most_common())}")
    assert len(seen) > 5
    prove_whole(config)


def test_every_letter_that_was_queued_can_be_written(officer: Person, clock: Clock) -> None:
    """What a meeting and an invitation may hold, a letter can carry."""
    known = held(
        officer,
        clock,
        title="Họp <b>&amp;</b> \"x\" 'y'; 🙂" * 4,
        host="A" * 100,
        room="",
        note="a\n\nb: c\n.\n",
        entries=0,
    )
    for name, email in (
        ("Lê 'Cường' <x@y>", "o'neil+tag@exämple.vn"),
        ("🙂" * 25, "a@b"),
        ('"', "x_y@xn--bcher-kva.vn"),
    ):
        guest = invited(officer, known, name=name, email=email, language="en")
        (id, state) = next(
            (id, state) for (kind, id), state in officer.records.items()
            if kind == "mail" and state["invitation"].shown == guest
        )  # fmt: skip
        message = letter(id, state, sender="gate@example.vn").data
        head = message.partition(b"\r\n\r\n")[0]
        assert head.count(b"\nTo:") == head.count(b"\nSubject:") == 1
        assert b"Bcc" not in head
