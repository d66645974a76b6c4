"""Whether to let someone through: one pure function, the same in Python and TypeScript (tests/vectors/gate).

The steps are asked in turn; the first that has a reason decides. Nothing here knows a clock, a store or a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from server.codes.base import CodeError
from server.codes.credential import Profile
from server.codes.invitation import Invitation
from server.codes.presentation import ANYWHERE
from server.features.gate.facts import Facts, facts_of
from server.features.gate.packs import OpenPack, StatusList
from server.features.gate.presence import CheckIns, Presence
from server.features.gate.reasons import OUTCOMES, Word
from server.features.gate.shown import Shown, believe, read
from server.statuslists import CLAIMED, REISSUED, VALID, identities_of, invitations_of

FRESH_MS: Final = 30_000
"""How far the time in a presentation may be from trusted time."""
LATE_MS: Final = 12 * 3_600_000
"""How long an invitation that has ended is called late rather than expired."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the guard stands. `bit` is the entrance's; `challenge` (16 hex digits) is set in challenge mode."""

    unit: str
    place: int
    bit: int
    way: Literal["in", "out"] = "in"
    challenge: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard sees: a large word, why, what to do next, and what is known."""

    word: Word
    reason: str
    next: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Case:
    """All that the steps look at. Trusted time is somewhere from `low` to `high`, in ms since 1970."""

    shown: Shown
    pack: OpenPack
    past: Presence
    was_shown: bool
    gate: Gate
    low: int
    high: int


Step: TypeAlias = Callable[[Case], str | None]
"""Returns the reason to stop here, or None."""


def verdict(code: str, pack: OpenPack | None, checkins: CheckIns, gate: Gate, time: tuple[int, int]) -> Verdict:
    """Judge a scanned text, which may hold anything: it never raises. `time` bounds trusted time, in ms since 1970."""
    try:
        parts = read(code)
        shown = believe(parts, pack)
    except CodeError as error:
        return _verdict(error.reason, Facts(), challenge=False)
    assert pack is not None, "nothing is believed without one"
    past = checkins.of(shown.subject)
    case = Case(shown, pack, past, shown.id in checkins.shown, gate, *time)
    steps = _ENTRY if gate.way == "in" else _EXIT
    reason = next(reason for step in steps if (reason := step(case)) is not None)
    return _verdict(reason, facts_of(shown, past), challenge=shown.presented is not None)


def _of_here(case: Case) -> str | None:
    issued, presented = case.shown.issued, case.shown.presented
    is_invitation = isinstance(issued, Invitation)
    if isinstance(issued, Invitation) and (case.shown.unit, issued.place) != (case.gate.unit, case.gate.place):
        return "other_place"
    audiences = {str(case.gate.place)} if is_invitation else {str(case.gate.place), ANYWHERE}
    return "other_place" if presented is not None and presented.audience not in audiences else None


def _of_this_gate(case: Case) -> str | None:
    issued = case.shown.issued
    return "other_gate" if isinstance(issued, Invitation) and not issued.gates >> case.gate.bit & 1 else None


def _bare(case: Case) -> str | None:
    """A claimed invitation is worth nothing as an image: its holder's phone must present it."""
    issued = case.shown.issued
    is_claimed = isinstance(issued, Invitation) and issued.holder is not None
    return "claimed" if is_claimed and case.shown.presented is None else None


def _challenged(case: Case) -> str | None:
    presented, asked = case.shown.presented, case.gate.challenge
    if presented is None:
        return None
    answered = None if presented.challenge is None else presented.challenge.hex()
    if answered == asked:
        return None
    return "challenge_missing" if answered is None else "challenge_wrong"


def _made_now(case: Case) -> str | None:
    """An answer to this guard's challenge is fresh by itself; any other presentation must have been made just now."""
    presented = case.shown.presented
    if presented is None or case.gate.challenge is not None:
        return None
    made = presented.iat * 1000
    if made + FRESH_MS < case.low:
        return "presentation_old"
    return "presentation_ahead" if made - FRESH_MS > case.high else None


def _shown_once(case: Case) -> str | None:
    return "replayed" if case.was_shown else None


def _within_its_time(case: Case) -> str | None:
    issued = case.shown.issued
    since = issued.exp * 1000
    if isinstance(issued, Invitation):
        if issued.nbf * 1000 > case.high:
            return "early"
        if since <= case.low < since + LATE_MS:
            return "late"
    return "expired" if since <= case.low else None


def _not_revoked(case: Case) -> str | None:
    """What even an old list says against a code stands; only what it says for one needs a fresh list."""
    status = _status(case)
    if status is None or status == VALID:
        return None
    return {REISSUED: "reissued", CLAIMED: "claimed"}.get(status, "revoked")


def _entries_left(case: Case) -> str | None:
    issued = case.shown.issued
    if not isinstance(issued, Invitation):
        return None
    if case.past.entries >= issued.entries > 0:
        return "used"
    return "inside" if case.past.inside else None


def _list_is_fresh(case: Case) -> str | None:
    if _status(case) is None:
        return "list_missing"
    found = _list(case)
    return "list_stale" if found is not None and found.exp * 1000 <= case.high else None


def _time_is_sure(case: Case) -> str | None:
    """Whatever was decided by time must hold at both ends of what trusted time may be."""
    issued, presented = case.shown.issued, case.shown.presented
    begun = not isinstance(issued, Invitation) or issued.nbf * 1000 <= case.low
    sure = begun and issued.exp * 1000 > case.high
    if presented is not None and case.gate.challenge is None:
        made = presented.iat * 1000
        sure = sure and made - FRESH_MS <= case.low and case.high <= made + FRESH_MS
    return None if sure else "time_unsure"


def _without_conflict(case: Case) -> str | None:
    return "conflict" if case.past.conflicts else None


def _admit(case: Case) -> str:
    issued = case.shown.issued
    if isinstance(issued, Invitation):
        return "invitation"
    return "age" if issued.profile is Profile.AGE else "identity"


def _let_out(case: Case) -> str:
    return "exit" if case.past.inside else "not_inside"


_ENTRY: Final[tuple[Step, ...]] = (
    _of_here,
    _of_this_gate,
    _bare,
    _challenged,
    _made_now,
    _shown_once,
    _within_its_time,
    _not_revoked,
    _entries_left,
    _list_is_fresh,
    _time_is_sure,
    _without_conflict,
    _admit,
)
_EXIT: Final[tuple[Step, ...]] = (_of_here, _of_this_gate, _let_out)
"""Nobody is kept inside for what a code lacks."""


def _list(case: Case) -> StatusList | None:
    list_id = invitations_of if isinstance(case.shown.issued, Invitation) else identities_of
    return case.pack.lists.get(list_id(case.shown.unit))


def _status(case: Case) -> int | None:
    found = _list(case)
    return None if found is None else found.at(case.shown.issued.index)


def _verdict(reason: str, facts: Facts, *, challenge: bool) -> Verdict:
    word, next_step = OUTCOMES[reason]
    if reason == "time_unsure" and challenge:
        next_step = "challenge"  # which needs no right time
    if reason == "revoked" and facts.sort == "identity":
        next_step = "call_officer"  # an identity has no host
    return Verdict(word, reason, next_step, facts)
