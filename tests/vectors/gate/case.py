"""What a case of `verdict.json` is made of."""

from __future__ import annotations

from typing import Any

from tests.vectors.gate.codes_cases import NOW
from tests.vectors.gate.packs_cases import DISTRICT_UNIT, WARD_UNIT

T = NOW * 1000
DAY, HOUR, MINUTE, SECOND = 86_400_000, 3_600_000, 60_000, 1000
HERE = {"unit": WARD_UNIT, "place": 7, "bit": 0, "way": "in", "challenge": None}
NONCE = "0001020304050607"
ASKING = {**HERE, "challenge": NONCE}
OUT = {**HERE, "way": "out"}
ELSEWHERE = {**HERE, "unit": DISTRICT_UNIT, "place": 8}

NEXT = {
    "REFUSE": {
        "ask_code": "not_a_code card malformed",
        "call_officer": "trailing_bytes duplicate_keys algorithm unknown_issuer forged holder expired",
        "show_place": "other_place",
        "show_gate": "other_gate",
        "wait": "early",
        "call_host": "late revoked used",
        "newest_code": "reissued",
        "open_app": "claimed",
        "exit_first": "inside",
        "ask_again": "presentation_old replayed",
        "challenge": "presentation_ahead challenge_wrong challenge_missing",
    },
    "CHECK": {
        "refresh": "list_missing list_stale no_pack time_unsure",
        "call_officer": "conflict",
        "let_out": "not_inside",
    },
    "ADMIT": {"go_in": "invitation age", "compare_photo": "identity", "go_out": "exit"},
}
"""What each reason means for the guard, by word and next step, written down apart from the code."""

OUTCOMES = {
    reason: {"word": word, "next": step}
    for word, steps in NEXT.items()
    for step, reasons in steps.items()
    for reason in reasons.split()
}

Case = dict[str, Any]

UNKNOWN = {"sort": None, "name": None, "subject": None, "photo": None, "first": None}
"""What is known of a code that is not believed."""


def case(
    name: str,
    code: str,
    reason: str,
    *,
    pack: str = "usual",
    checkins: list[dict[str, Any]] | None = None,
    gate: dict[str, Any] = HERE,
    time: tuple[int, int] = (T, T),
    next: str | None = None,
    facts: dict[str, Any] | None = None,
) -> Case:
    """Return one case. `facts` are those that must be so; others may be anything."""
    outcome = OUTCOMES[reason]
    return {
        "name": f"{reason}: {name}",
        "code": code,
        "pack": pack,
        "checkins": checkins or [],
        "gate": gate,
        "time": list(time),
        "expect": {"word": outcome["word"], "reason": reason, "next": next or outcome["next"], "facts": facts or {}},
    }


UNKNOWN = {"sort": None, "name": None, "subject": None, "photo": None, "first": None}
"""What is known of a code that is not believed."""
