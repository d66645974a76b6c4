"""Plays a history of one record among several replicas and a server; `pwa/src/sync/testing/history.ts` is its twin.

A history is a list of steps, plain JSON so that both languages can play it:
`["write", replica, key, value]`; `["forge", replica, key, n, value, context]` is a write that claims what it likes;
`["meet", replica, other]` joins the other's state; `["push", replica]` offers the replica's unsent changes to the
server, which admits or refuses each (R13); `["pull", replica]` joins the server's state.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sync import canonical, change, record
from sync.change import Change
from sync.limits import Invalid
from sync.record import State

KIND, ID = "draft", "0193569a-3f00-7000-8000-000000000001"


@dataclass
class Played:
    """What came of a history. `changes` are all that were made, `codes` what the server answered to each push."""

    states: defaultdict[str, State] = field(default_factory=lambda: defaultdict(dict))
    unsent: defaultdict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    server: State = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def take(self, made: Change) -> None:
        self.states[made.replica] = record.apply(self.states[made.replica], made)
        self.unsent[made.replica].append(made)
        self.changes.append(made)

    def push(self, replica: str) -> None:
        for each in self.unsent.pop(replica, []):
            try:
                self.server = record.admit(self.server, each)
                self.codes.append("ok")
            except Invalid as error:
                self.codes.append(error.code)

    def summary(self) -> dict[str, Any]:
        """Return what both languages must have in common, byte for byte."""
        return {
            "states": {replica: record.digest(state) for replica, state in self.states.items()},
            "server": record.digest(self.server),
            "shown": canonical.encode(record.shown(self.server)).decode(),
            "changes": [canonical.encode(each.to_json()).decode() for each in self.changes],
            "codes": self.codes,
        }


def play(history: list[list[Any]]) -> Played:
    """Play `history` from nothing; the time of each step is its number."""
    played = Played()
    for at, (what, replica, *rest) in enumerate(history, start=1):
        state = played.states[replica]
        if what == "write":
            key, value = rest
            played.take(record.write(state, kind=KIND, id=ID, key=key, replica=replica, value=value, at=at))
        elif what == "forge":
            key, n, value, context = rest
            data = {"kind": KIND, "id": ID, "key": key, "n": n, "value": value, "at": at, "context": context}
            try:
                played.take(change.parse(data, replica=replica))
            except Invalid as error:
                played.codes.append(error.code)
        elif what == "meet":
            played.states[replica] = record.join(state, played.states[rest[0]])
        elif what == "push":
            played.push(replica)
        else:
            played.states[replica] = record.join(state, played.server)
    return played


def invent(seed: int) -> list[list[Any]]:
    """Return the history of `seed`: a few replicas, some of them hostile, mostly syncing through the server."""
    random = Random(seed)
    replicas = random.sample(["a", "b", "Z", "_0", "-", "toString", "__proto__"], random.randint(2, 5))
    keys = random.sample(["language", "answer/name", "answer/child", "__proto__", "constructor", "9", "10"], 3)
    hostile = random.random() < 0.4

    def step() -> list[Any]:
        replica = random.choice(replicas)
        what = random.choices(["write", "push", "pull", "meet", "forge"], [5, 3, 3, 1, int(hostile)])[0]
        if what == "write":
            return [what, replica, random.choice(keys), _value(random, 3)]
        if what == "forge":
            context = {other: random.randint(0, 12) for other in replicas if random.random() < 0.5}
            n = random.choice([random.randint(0, 14), 2**20, 2**40])
            return [what, replica, random.choice(keys), n, _value(random, 3), context]
        return [what, replica, random.choice(replicas)] if what == "meet" else [what, replica]

    return [step() for _ in range(random.randint(5, 60))]


def _value(random: Random, depth: int) -> Any:
    plain = [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        "",
        "x",
        "Nguyễn",
        "Nguye\u0302\u0303n",
        "\ue000",
        "\U0001f600",
        '"\\\n\x01',
    ]
    if depth == 0 or random.random() < 0.6:
        return random.choice([*plain, random.randint(-(2**53) + 1, 2**53 - 1)])
    items = [_value(random, depth - 1) for _ in range(random.randint(0, 3))]
    names = ["a", "B", "10", "9", "é", "\ue000", "\U0001f600", "__proto__", ""]
    return items if random.random() < 0.5 else dict(zip(random.sample(names, len(items)), items, strict=True))
