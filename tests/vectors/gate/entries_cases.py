"""Codes that were used before, on the way in and on the way out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.gate import showing
from tests.vectors.gate.case import ELSEWHERE, MINUTE, OUT, Case, T, case
from tests.vectors.gate.codes_cases import CLAIMED, INVITATION, NOW
from tests.vectors.gate.events import event, undo
from tests.vectors.gate.showing import bare, id_of, identified, presented
from tests.vectors.gate.signers import STRANGER


def entries() -> Iterator[Case]:
    went_in, went_out = event("in", -10), event("out", -5)
    first = {"at": went_in["at"], "gate": 0}
    yield case("once", bare(), "used", checkins=[went_in], facts={"entries": 1, "max": 1, "first": first})
    yield case("once, and out again", bare(), "used", checkins=[went_out, went_in])
    yield case(
        "at another gate",
        bare(),
        "used",
        checkins=[event("in", -10, gate=1)],
        facts={"first": {"at": T - 10 * MINUTE, "gate": 1}},
    )
    yield case("as a bare image, then claimed", presented(CLAIMED), "used", checkins=[went_in])
    twice = [event("in", -10, max=2), event("out", -5, max=2)]
    yield case("both of two entries", bare(entries=2), "used", checkins=[*twice, event("in", -4, max=2)])
    yield case("one of two entries", bare(entries=2), "inside", checkins=twice[:1], facts={"entries": 1, "max": 2})
    yield case("no bound", bare(entries=0), "inside", checkins=[event("in", -10, max=0)], facts={"max": 0})
    yield case("one of two entries, and out", bare(entries=2), "invitation", checkins=twice, facts={"entries": 1})
    freely = [event("in", -10, max=0), event("out", -9, max=0), event("in", -8, max=0), event("out", -7, max=0)]
    yield case("no bound, and out", bare(entries=0), "invitation", checkins=freely, facts={"entries": 2, "max": 0})
    yield case(
        "an entry that was undone",
        bare(),
        "invitation",
        checkins=[went_in, undo(went_in, -9)],
        facts={"entries": 0, "first": None},
    )
    yield case("an entry of another invitation", bare(), "invitation", checkins=[event("in", -10, subject="00" * 8)])
    yield case("admitted by override", bare(), "used", checkins=[event("in", -10, override=True)])
    yield case(
        "identity may come in again",
        identified(),
        "identity",
        checkins=[event("in", -10, max=0, subject=showing.SUBJECT)],
        facts={"entries": 1},
    )


def exits() -> Iterator[Case]:
    went_in, went_out = [event("in", -10)], event("out", -5)
    yield case("invitation", bare(), "exit", gate=OUT, checkins=went_in, facts={"name": INVITATION.name})
    yield case("ended meanwhile", bare(exp=NOW - 60), "exit", gate=OUT, checkins=went_in)
    yield case("revoked meanwhile", bare(index=43), "exit", gate=OUT, checkins=went_in)
    yield case("with no list", bare(), "exit", gate=OUT, pack="no lists", checkins=went_in)
    yield case("claimed meanwhile, shown bare", bare(CLAIMED), "exit", gate=OUT, checkins=went_in)
    shown = [event("in", -10, shown=id_of(presented(CLAIMED)))]
    yield case("the same presentation as on the way in", presented(CLAIMED), "exit", gate=OUT, checkins=shown)
    yield case("an old presentation", presented(CLAIMED, iat=NOW - 3600), "exit", gate=OUT, checkins=went_in)
    yield case("in conflict", bare(), "exit", gate=OUT, checkins=[*went_in, event("in", -9)])
    who = showing.SUBJECT
    yield case("identity", identified(), "exit", gate=OUT, checkins=[event("in", -10, max=0, subject=who)])
    yield case("never came in", bare(), "not_inside", gate=OUT)
    yield case("went out before", bare(), "not_inside", gate=OUT, checkins=[*went_in, went_out])
    yield case("identity that never came in", identified(), "not_inside", gate=OUT)
    yield case("through a gate that is not its own", bare(), "other_gate", gate={**OUT, "bit": 2}, checkins=went_in)
    yield case("at another place", bare(), "other_place", gate={**ELSEWHERE, "way": "out"}, checkins=went_in)
    yield case("forged, on the way out", bare(signer=STRANGER), "forged", gate=OUT, checkins=went_in)
    yield case("no pack, on the way out", bare(), "no_pack", gate=OUT, pack="none", checkins=went_in)


def conflicts() -> Iterator[Case]:
    double = [event("in", -10, max=3), event("in", -10, max=3, entropy=2, gate=1), event("out", -5, max=3)]
    yield case("two guards admitted it at once", bare(entries=3), "conflict", checkins=double, facts={"entries": 2})
    over = [event("in", -10, max=1), event("out", -9, max=1), event("in", -8, max=1), event("out", -7, max=1)]
    yield case("once more than it had entries", bare(entries=3), "conflict", checkins=over)
    yield case("undone", bare(entries=3), "invitation", checkins=[*double, undo(double[1], -9)])
    by_override = [event("in", -10, max=3), event("in", -9, max=3, override=True), event("out", -5, max=3)]
    yield case("admitted by override", bare(entries=3), "invitation", checkins=by_override)
    yield case("used up, in conflict", bare(), "used", checkins=[event("in", -10), event("in", -9, gate=1)])
    twice = [event("in", minute, max=0, subject=showing.SUBJECT) for minute in (-10, -5)]
    yield case("identity that came in twice has none", identified(), "identity", checkins=twice)
