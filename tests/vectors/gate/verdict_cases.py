"""The cases of `verdict.json`: every answer that a guard can get, and what must lead to it."""

from __future__ import annotations

from typing import Any

from tests.vectors.gate import (
    believing_cases,
    chance_cases,
    entries_cases,
    order_cases,
    packs_cases,
    present_cases,
    timely_cases,
)
from tests.vectors.gate.case import OUTCOMES


def made() -> dict[str, Any]:
    cases = [
        *believing_cases.unreadable(),
        *believing_cases.unbelievable(),
        *believing_cases.malformed_claims(),
        *present_cases.out_of_place(),
        *present_cases.presentations(),
        *present_cases.challenges(),
        *timely_cases.times(),
        *timely_cases.statuses(),
        *timely_cases.unsure_lists(),
        *timely_cases.unsure_times(),
        *entries_cases.entries(),
        *entries_cases.exits(),
        *entries_cases.conflicts(),
        *present_cases.admitted(),
        *order_cases.of_two_faults(),
        *chance_cases.damaged(),
    ]
    return {"outcomes": OUTCOMES, "packs": packs_cases.made(), "cases": cases}
