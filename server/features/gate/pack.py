"""The gate pack: all that a guard's phone needs to decide with no network, in one download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cbor2
import structlog

from server import once
from server.auth import Parts
from server.features.gate.columns import columns
from server.features.gate.meetings import WEEK
from server.features.gate.places import places_of
from server.kinds import Role
from server.statuslists import invitations_of
from server.store import Reader
from sync import record
from sync.ids import uuid7

RECENT: Final = 36 * 3_600_000
"""How far back (ms) the check-ins of a pack reach."""
_ENDED: Final = 12 * 3_600_000
"""For how long (ms) a meeting that has ended stays in packs."""
_WEEKS: Final = 4
"""How many weeks ahead the meetings of a pack reach; later ones come by sync, or with a later pack."""
_MOST: Final = 50_000
"""Check-ins in a pack; what a unit has beyond that in a day and a half is an attack, and the oldest ones are sent."""
_MOST_OTHERS: Final = 1000
_MOST_CACHED: Final = 32
_STEP: Final = 600_000
"""How long (ms) the columns of a pack may serve while nothing is checked in: check-ins leave it that much later."""

_log = structlog.get_logger(__name__)
Key: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recent:
    """A unit's check-ins as they stand in packs."""

    key: Key
    checkins: dict[str, int | bytes]
    undone: list[str]


class Packs:
    """Makes packs. The columns of check-ins, which cost most, are kept as long as the unit's feed stands still."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._recent: dict[str, Recent] = {}

    def __call__(self, unit: str) -> bytes:
        """Return a unit's pack as CBOR, with status lists that are fresh.

        `{epoch, time, unit, cursors, records [{kind, id, state}], guards, checkins, undone}`: `state` is canonical
        JSON, `guards` names the devices of those who may check people in, `checkins` is what `columns` gives, `undone`
        names check-ins that were a mistake. Whoever pulls from `cursors` misses nothing that came after the pack.
        """
        self._parts.statuslists.freshen(unit)
        now = self._parts.now()
        with self._parts.store.read() as look:
            cursors = dict(look.heights([f"gate/{unit}", "gates"]))  # first: what comes meanwhile comes again
            recent = self._recent_of(unit, cursors[f"gate/{unit}"], now=now, look=look)
            pack = {
                "epoch": self._parts.store.epoch,
                "time": now,
                "unit": unit,
                "cursors": cursors,
                "records": list(_records(unit, now=now, look=look)),
                "guards": list(_guards(unit, now=now, look=look)),
                "checkins": recent.checkins,
                "undone": recent.undone,
            }
        return cbor2.dumps(pack)

    def _recent_of(self, unit: str, height: int, *, now: int, look: Reader) -> Recent:
        key = (height, now // _STEP)
        known = self._recent.pop(unit, None)
        recent = known if known is not None and known.key == key else _read(unit, key, look)
        self._recent[unit] = recent
        while len(self._recent) > _MOST_CACHED:
            self._recent.pop(next(iter(self._recent)))
        return recent


def _read(unit: str, key: Key, look: Reader) -> Recent:
    since = uuid7(max(0, key[1] * _STEP - RECENT), entropy=0)
    found = look.find("checkin", "unit", unit, after=since, limit=_MOST)
    if len(found) == _MOST:
        _log.warning("pack_full", unit=unit, expected=f"fewer than {_MOST} check-ins in 36 hours")
    events: list[tuple[str, Any]] = [(id, once.value("checkin", state)) for id, state in found]
    passages = [(id, value) for id, value in events if value["way"] != "undo"]
    return Recent(key, columns(passages), [value["of"] for _, value in events if value["way"] == "undo"])


def _records(unit: str, *, now: int, look: Reader) -> Iterator[dict[str, str]]:
    names = [("trust", "trust"), *(("place", id) for id in places_of(unit, look))]
    names += [("meeting", id) for id in _meetings(unit, now=now, look=look)]
    names += [("statuslist", invitations_of(unit))]
    for kind, id in names:
        state = look.get(kind, id)
        if state is not None:
            yield {"kind": kind, "id": id, "state": record.encode(state).decode()}
    for id, state in look.find("statuslist", "sort", "identity", limit=_MOST_OTHERS):
        yield {"kind": "statuslist", "id": id, "state": record.encode(state).decode()}


def _meetings(unit: str, *, now: int, look: Reader) -> Iterator[str]:
    first = (now - _ENDED) // WEEK
    for week in range(first, first + _WEEKS + 1):
        for id, state in look.find("meeting", "ending", f"{unit}/{week}", limit=_MOST_OTHERS):
            if int(str(state["ends"].shown)) > now - _ENDED:
                yield id


def _guards(unit: str, *, now: int, look: Reader) -> Iterator[str]:
    for person, state in look.find("person", "unit", unit, limit=_MOST_OTHERS):
        if state["role"].shown in (Role.GUARD, Role.OFFICER):
            for id, device in look.find("device", "person", person):
                if "revoked_at" not in device and int(str(device["expires_at"].shown)) > now:
                    yield id
