"""Reads the shared vectors of the gate."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from server.features.gate import packs, presence
from server.features.gate.facts import Facts
from server.features.gate.packs import OpenPack
from server.features.gate.verdict import Gate, Verdict, verdict
from tests.vectors.gate import events
from tests.vectors.gate.make import HERE


@cache
def vectors(name: str) -> Any:
    """Return what a file holds."""
    return json.loads((HERE / f"{name}.json").read_text())


@cache
def pack(name: str) -> OpenPack | None:
    """Return a pack of `verdict.json`, opened."""
    found = vectors("verdict")["packs"][name]
    return None if found is None else packs.open_pack(found["trust"], found["root"], found["lists"])


def judge(case: dict[str, Any], *, code: str | None = None) -> Verdict:
    """Return the verdict on a case, or on another code in its place."""
    checkins = presence.index(events.read(case["checkins"]))
    low, high = case["time"]
    return verdict(
        case["code"] if code is None else code, pack(case["pack"]), checkins, Gate(**case["gate"]), (low, high)
    )


def facts(found: Facts) -> dict[str, Any]:
    """Return facts as the vectors write them."""
    shown = {name.rstrip("_"): getattr(found, name) for name in Facts.__dataclass_fields__}
    first = found.first
    return {**shown, "first": None if first is None else {"at": first.at, "gate": first.gate}}
