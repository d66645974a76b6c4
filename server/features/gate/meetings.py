"""Meetings: what people are invited to, at which place and gates, and from when to when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from server.errors import Problem
from server.features.gate.places import MOST_GATES, Place, place_of
from server.kinds import Actor, Kind, Proposed, Role, Sort
from server.once import is_line, is_paragraphs
from server.store import Reader
from sync.canonical import Value
from sync.record import State

LONGEST: Final = 24 * 3_600_000
"""How long (ms) a meeting may last."""
WEEK: Final = 7 * 86_400_000
_LATEST: Final = 2**32 * 1000
"""Until 2106 a time fits the codes' seconds in 4 bytes."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that people can be invited to. Times are ms since 1970, `opens` minutes; `entries` 0 means no bound."""

    id: str
    unit: str
    title: str
    place: Place
    gates: tuple[int, ...]
    starts: int
    ends: int
    opens: int
    host: str
    room: str
    note: str
    entries: int

    @property
    def opens_at(self) -> int:
        """When entry opens (ms)."""
        return self.starts - self.opens * 60_000


def _text(most: int, *, least: int = 0, fits: Callable[[str], bool] = is_line) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and least <= len(value.strip()) and len(value) <= most and fits(value)


def _number(most: int, *, least: int = 0) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _gates(value: Value) -> bool:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_GATES:
        return False
    return all(map(_number(MOST_GATES - 1), value)) and len(set(map(str, value))) == len(value)


_SHAPES: Final[Mapping[str, Callable[[Value], bool]]] = {
    "title": _text(200, least=1),
    "host": _text(100),
    "room": _text(100),
    "note": _text(1000, fits=is_paragraphs),
    "place": _number(2**32 - 1, least=1),
    "gates": _gates,
    "starts": _number(_LATEST, least=1),
    "ends": _number(_LATEST, least=1),
    "opens": _number(24 * 60),
    "entries": _number(255),
    "cancelled": lambda value: isinstance(value, bool),
}


def check_officer(actor: Actor, unit: Value) -> None:
    """Refuse anyone but an officer of the unit."""
    if actor.role is not Role.OFFICER or unit != actor.unit:
        raise Problem("write_forbidden", "expected an officer of the unit")


def _check(proposed: Proposed) -> None:
    """A meeting begins with its unit; the unit's officers write the rest, in any order, also while it is not sound."""
    change = proposed.change
    if "unit" not in proposed.state:
        if change.key != "unit":
            raise Problem("write_forbidden", "expected a meeting's first change to name its unit")
        check_officer(proposed.actor, change.value)
        return
    check_officer(proposed.actor, proposed.state["unit"].shown)
    if change.key == "unit":
        raise Problem("record_closed", "expected a meeting to keep its unit")
    if change.key not in _SHAPES:
        raise Problem("key_unknown", f"expected one of {sorted(_SHAPES)}")
    if not _SHAPES[change.key](change.value):
        raise Problem("value_shape", f"expected another value for {change.key}")
    if change.key == "place" and isinstance(change.value, int):
        place_of(change.value, unit=str(proposed.actor.unit), look=proposed.look)


def _feeds(id: str, state: State, look: Reader) -> frozenset[str]:
    unit = state["unit"].shown
    return frozenset({f"unit/{unit}", f"gate/{unit}"})


def _index(state: State) -> Mapping[str, str]:
    """Find meetings by the unit and the week in which they end."""
    if "ends" not in state:
        return {}
    return {"ending": f"{state['unit'].shown}/{int(str(state['ends'].shown)) // WEEK}"}


MEETING: Final = Kind(name="meeting", sort=Sort.SHARED, feeds=_feeds, check=_check, index=_index)
"""Keys: `unit title place gates starts ends opens host room note entries cancelled`."""


def sound_meeting(id: str, *, unit: str, now: int, look: Reader) -> Meeting:
    """Return a meeting that people can be invited to, or raise a problem that says why they can't.

    Officers write a meeting key by key, and two of them at once, so that only now all of it must fit together.
    """
    state = known_meeting(id, unit=unit, look=look)
    known: Any = {key: register.shown for key, register in state.items()}
    if known.get("cancelled"):
        raise Problem("meeting_cancelled")
    if not all(key in known for key in ("title", "place", "gates", "starts", "ends")):
        raise Problem("meeting_unsound", "expected title, place, gates, starts and ends")
    place = place_of(known["place"], unit=unit, look=look)
    if not set(known["gates"]) <= place.gates.keys():
        raise Problem("meeting_unsound", f"expected gates of place {place.number}")
    if not 0 < known["ends"] - known["starts"] <= LONGEST:
        raise Problem("meeting_unsound", "expected the end after the start, within 24 hours")
    if known["ends"] <= now:
        raise Problem("meeting_over")
    return Meeting(
        id=id,
        unit=unit,
        title=known["title"],
        place=place,
        gates=tuple(sorted(known["gates"])),
        starts=known["starts"],
        ends=known["ends"],
        opens=known.get("opens", 0),
        host=known.get("host", ""),
        room=known.get("room", ""),
        note=known.get("note", ""),
        entries=known.get("entries", 1),
    )


def known_meeting(id: str, *, unit: str, look: Reader) -> State:
    """Return the state of a unit's meeting, sound or not, or raise `meeting_unknown`."""
    state = look.get("meeting", id)
    if state is None or state["unit"].shown != unit:
        raise Problem("meeting_unknown")
    return state
