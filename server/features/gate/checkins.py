"""Check-ins: who went in or out at which gate, as the guards' phones saw it; the service merges them by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from server import once
from server.errors import Problem
from server.features.gate.places import MOST_GATES, place_of
from server.kinds import Kind, Proposed, Role, Sort
from server.store import Reader
from sync.record import State

OLDEST: Final = 7 * 86_400_000
"""How long (ms) a guard's phone may have had no network."""
AHEAD: Final = 10 * 60_000
"""How far (ms) a guard's clock may be ahead."""

Time = Annotated[int, Field(ge=0, lt=2**48)]
Gate = Annotated[int, Field(ge=0, lt=MOST_GATES)]
PlaceNumber = Annotated[int, Field(ge=1, lt=2**32)]
Words = Annotated[once.Line, Field(max_length=200)]


class Passage(once.Value):
    """Someone went in or out. `subject` names the invitation (its cti) or the holder of an identity.

    `max` is how often the subject may come in (0: no bound), `word` and `reason` the verdict, `override` why the guard
    let them in all the same, `shown` the id of the presentation.
    """

    unit: str
    place: PlaceNumber
    gate: Gate
    subject: once.Hex16
    sort: Literal["invitation", "identity"]
    meeting: Annotated[str, Field(pattern=r"^[0-9a-f]{6}$")] | None
    way: Literal["in", "out"]
    at: Time
    max: Annotated[int, Field(ge=0, le=255)]
    word: Literal["ADMIT", "CHECK", "REFUSE"]
    reason: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    override: Words | None
    shown: once.Hex16 | None


class Undo(once.Value):
    """A check-in that was a mistake; `of` is its id."""

    unit: str
    place: PlaceNumber
    gate: Gate
    way: Literal["undo"]
    of: once.Id
    at: Time
    why: Words | None


Value: TypeAlias = Passage | Undo
_VALUE: Final[TypeAdapter[Value]] = TypeAdapter(Annotated[Value, Field(discriminator="way")])


def made_at(id: str) -> int:
    """Return the time (ms) that stands in a UUIDv7 (RFC 9562 5.7)."""
    return int(id[:8] + id[9:13], 16)


def _examine(proposed: Proposed) -> Value:
    change = proposed.change
    if change.key != change.kind:
        raise Problem("key_unknown", f"expected the one key {change.kind}")
    try:
        value = _VALUE.validate_python(change.value)
    except ValidationError as error:
        raise Problem("value_shape", str(error.errors(include_url=False, include_input=False)[0]["msg"])) from error
    if value.at != made_at(change.id):
        raise Problem("checkin_time", "expected the time of the check-in to be that of its id")
    return value


def _check(proposed: Proposed) -> None:
    value: Value = proposed.examined
    actor, now = proposed.actor, proposed.now
    if actor.role not in (Role.GUARD, Role.OFFICER) or value.unit != actor.unit:
        raise Problem("write_forbidden", "expected a guard or an officer of the unit")
    if not now - OLDEST <= value.at <= now + AHEAD:
        raise Problem("checkin_time", f"expected a time from {now - OLDEST} to {now + AHEAD}, got {value.at}")
    place_of(value.place, unit=value.unit, look=proposed.look)


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    return frozenset({f"gate/{_shown(state)['unit']}"})


def _index(state: State) -> Mapping[str, str]:
    return {"unit": str(_shown(state)["unit"])}


def _shown(state: State) -> Any:
    return once.value("checkin", state)


CHECKIN: Final = Kind(
    name="checkin", sort=Sort.ONCE, feeds=_feeds, index=_index, examine=_examine, check=_check
)  # fmt: skip
"""Key `checkin`: a `Passage` or an `Undo`. They are merged as a set: nothing of one depends on another."""
