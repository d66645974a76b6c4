"""The cases of `presence.json`: sets of check-ins, some by hand and some by chance, and what they say."""

from __future__ import annotations

import random
from typing import Any

from server.features.gate import presence
from tests.vectors.gate.events import SUBJECT, event, read, shown, undo

OTHER = "ffeeddccbbaa9988"
SEED = 20261118


def made() -> dict[str, Any]:
    chance = random.Random(SEED)
    return {
        "cases": [
            {"name": name, "events": events, "expect": {"subjects": subjects, "shown": seen}}
            for name, events, subjects, seen in by_hand()
        ],
        "random": [_random_case(chance) for _ in range(60)],
    }


def _says(
    first: dict[str, Any] | None, entries: int, *conflicts: tuple[str, Any, Any], inside: bool = True
) -> dict[str, Any]:
    return {
        "inside": inside,
        "entries": entries,
        "first": None if first is None else first["id"],
        "conflicts": [
            {"kind": kind, "winner": winner["id"], "loser": loser["id"]} for kind, winner, loser in conflicts
        ],
    }


def by_hand() -> list[tuple[str, list[dict[str, Any]], dict[str, Any], list[str]]]:
    went_in, again, third = event("in", 0), event("in", 2), event("in", 4)
    went_out, later_out = event("out", 1), event("out", 3)
    same_ms = event("in", 0, entropy=2, gate=1)
    twice = [event("in", 0, max=2), event("out", 1, max=2), event("in", 2, max=2)]
    thrice = [*twice, event("out", 3, max=2), event("in", 4, max=2)]
    freely = [event("in", 0, max=0), event("out", 1, max=0), event("in", 2, max=0)]
    overridden = event("in", 2, override=True)
    first_shown, shown_out = event("in", 0, shown="00112233aabbccdd"), event("out", 1, shown="8899aabbccddeeff")
    of_other = event("in", 1, entropy=9, subject=OTHER, max=0)
    return [
        ("nothing", [], {}, []),
        ("in", [went_in], {SUBJECT: _says(went_in, 1)}, []),
        ("in and out", [went_in, went_out], {SUBJECT: _says(went_in, 1, inside=False)}, []),
        ("out before in, as they arrive", [went_out, went_in], {SUBJECT: _says(went_in, 1, inside=False)}, []),
        ("the same twice", [went_in, went_in], {SUBJECT: _says(went_in, 1)}, []),
        ("out without in", [went_out], {SUBJECT: _says(None, 0, inside=False)}, []),
        ("in twice", [again, went_in], {SUBJECT: _says(went_in, 2, ("double", went_in, again))}, []),
        (
            "in at two gates in the same millisecond: the lesser id wins",
            [same_ms, went_in],
            {SUBJECT: _says(went_in, 2, ("double", went_in, same_ms))},
            [],
        ),
        (
            "three times in: each loses against the one before",
            [third, again, went_in],
            {SUBJECT: _says(went_in, 3, ("double", went_in, again), ("double", again, third))},
            [],
        ),
        (
            "in again after out, past the bound",
            [went_in, went_out, again],
            {SUBJECT: _says(went_in, 2, ("over", went_in, again))},
            [],
        ),
        ("in again within the bound", twice, {SUBJECT: _says(twice[0], 2)}, []),
        (
            "in once more than the bound",
            thrice,
            {SUBJECT: _says(twice[0], 3, ("over", thrice[2], thrice[4]))},
            [],
        ),
        ("in again without a bound", freely, {SUBJECT: _says(freely[0], 2)}, []),
        ("in twice, the second by override", [went_in, overridden], {SUBJECT: _says(went_in, 2)}, []),
        (
            "an override makes no later entry right",
            [went_in, overridden, third],
            {SUBJECT: _says(went_in, 3, ("double", overridden, third))},
            [],
        ),
        ("in, undone", [went_in, undo(went_in, 1)], {}, []),
        ("undone before it arrives", [undo(went_in, 1), went_in], {}, []),
        (
            "in twice, the second undone",
            [went_in, again, undo(again, 3)],
            {SUBJECT: _says(went_in, 1)},
            [],
        ),
        ("in twice, the first undone", [went_in, again, undo(went_in, 3)], {SUBJECT: _says(again, 1)}, []),
        ("out, undone", [went_in, went_out, undo(went_out, 2)], {SUBJECT: _says(went_in, 1)}, []),
        ("undone twice", [went_in, undo(went_in, 1), undo(went_in, 2)], {}, []),
        (
            "an undo of an undo is none",
            [went_in, undo(went_in, 1), undo(undo(went_in, 1), 2)],
            {},
            [],
        ),
        ("an undo of what is not there", [went_in, undo(again, 1)], {SUBJECT: _says(went_in, 1)}, []),
        (
            "out twice and in again",
            [event("in", 0, max=0), went_out, later_out, event("in", 4, max=0)],
            {SUBJECT: _says(went_in, 2)},
            [],
        ),
        (
            "two subjects",
            [went_in, of_other, went_out],
            {SUBJECT: _says(went_in, 1, inside=False), OTHER: _says(of_other, 1)},
            [],
        ),
        (
            "presentations that were shown, also the one whose check-in was undone",
            [first_shown, shown_out, undo(first_shown, 2)],
            {SUBJECT: _says(None, 0, inside=False)},
            ["00112233aabbccdd", "8899aabbccddeeff"],
        ),
    ]


def _random_case(chance: random.Random) -> dict[str, Any]:
    events: list[dict[str, Any]] = []
    for at in range(chance.randrange(1, 14)):
        minute, entropy = chance.randrange(6), chance.randrange(1, 50) * 100 + at
        if events and chance.random() < 0.2:
            events.append(undo(chance.choice(events), minute, entropy=entropy))
            continue
        way = chance.choice(["in", "in", "out"])
        more = {"subject": chance.choice([SUBJECT, OTHER]), "max": chance.randrange(3), "gate": chance.randrange(16)}
        if way == "in" and chance.random() < 0.2:
            more["override"] = True
        events.append(event(way, minute, entropy=entropy, **more))
    chance.shuffle(events)
    return {"events": events, "expect": shown(presence.index(read(events)))}
