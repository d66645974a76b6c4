"""Who is inside and what was used, from a set of check-ins: a union of any phones' check-ins gives all the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Way: TypeAlias = Literal["in", "out", "undo"]


@dataclass(frozen=True, slots=True)
class Event:
    """A check-in. `id` is a UUIDv7 made at `at` (ms since 1970); `max` 0 means that entries have no bound.

    `override` says that a guard admitted against the verdict; an undo has only `of`, the id that it takes back.
    `shown` is the id of the presentation that was shown, if it was one.
    """

    id: str
    at: int
    way: Way
    gate: int
    place: int
    subject: str | None = None
    max: int = 0
    override: bool = False
    shown: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that should not have been: `loser` while `winner` had it inside (double), or past the bound (over)."""

    kind: Literal["double", "over"]
    winner: str
    loser: str


@dataclass(frozen=True, slots=True)
class Presence:
    """What the set says of one subject. `first` is the earliest entry, by time and then by id."""

    inside: bool = False
    entries: int = 0
    first: Event | None = None
    conflicts: tuple[Conflict, ...] = ()


NOBODY: Final = Presence()


@dataclass(frozen=True, slots=True)
class CheckIns:
    """A set of check-ins, by subject, and the presentations that were shown, those of undone check-ins too."""

    subjects: Mapping[str, Presence] = field(default_factory=lambda: MappingProxyType({}))
    shown: frozenset[str] = frozenset()

    def of(self, subject: str) -> Presence:
        """Return what is known of a subject."""
        return self.subjects.get(subject, NOBODY)


def index(events: Iterable[Event]) -> CheckIns:
    """Return what a set of events says; order and repetition do not matter."""
    every = {event.id: event for event in events}.values()
    undone = {event.of for event in every if event.way == "undo"}
    subjects: defaultdict[str, list[Event]] = defaultdict(list)
    for event in every:
        if event.way != "undo" and event.id not in undone and event.subject is not None:
            subjects[event.subject].append(event)
    return CheckIns(
        subjects=MappingProxyType({subject: presence(those) for subject, those in subjects.items()}),
        shown=frozenset(event.shown for event in every if event.shown is not None),
    )


def presence(events: Iterable[Event]) -> Presence:
    """Return what one subject's entries and exits say. In a conflict the earlier entry wins, by time and then by id.

    Where entries have no bound, as for an identity, there is none: people forget to show their code when they leave.
    """
    inside = False
    entries: list[Event] = []
    conflicts: list[Conflict] = []
    for event in sorted(events, key=lambda event: (event.at, event.id)):
        if event.way == "in":
            over = len(entries) >= event.max
            if event.max > 0 and (inside or over) and not event.override:
                conflicts.append(Conflict("double" if inside else "over", winner=entries[-1].id, loser=event.id))
            entries.append(event)
        inside = event.way == "in"
    return Presence(inside, len(entries), entries[0] if entries else None, tuple(conflicts))
