"""Codes whose time or status is wrong, and what can't be told for sure."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.gate import packs_cases
from tests.vectors.gate.case import ASKING, DAY, HOUR, MINUTE, NONCE, SECOND, Case, T, case
from tests.vectors.gate.codes_cases import CLAIMED, INVITATION, NOW
from tests.vectors.gate.events import SUBJECT, event
from tests.vectors.gate.showing import bare, identified, presented


def times() -> Iterator[Case]:
    starts, ends = INVITATION.nbf * 1000, INVITATION.exp * 1000
    window = {"from": starts, "until": ends}
    yield case("one millisecond early", bare(), "early", time=(starts - 1, starts - 1), facts=window)
    yield case("a day early", bare(), "early", time=(T - DAY, T - DAY))
    yield case("claimed invitation", presented(CLAIMED, nbf=NOW + 60), "early")
    yield case("on its first millisecond", bare(), "invitation", time=(starts, starts))
    yield case("on its last millisecond", bare(exp=NOW), "invitation", time=(T - 1, T - 1))
    yield case("on its end", bare(exp=NOW), "late", facts={"until": T})
    yield case("nearly 12 hours after its end", bare(exp=NOW - 12 * 3600 + 1), "late")
    yield case("claimed invitation", presented(CLAIMED, exp=NOW - 60), "late")
    yield case("12 hours after its end", bare(exp=NOW - 12 * 3600), "expired")
    yield case("a day after its end", bare(), "expired", time=(ends + DAY, ends + DAY))
    yield case("identity on its end", identified(exp=NOW), "expired", facts={"until": T})
    yield case("ended, and revoked as well", bare(exp=NOW, index=43), "late")


def statuses() -> Iterator[Case]:
    subject = {"name": INVITATION.name, "subject": SUBJECT}
    yield case("cancelled", bare(index=43), "revoked", facts=subject)
    yield case("a newer one was issued", bare(index=44), "reissued")
    yield case("the image from before it was claimed", bare(index=45), "claimed")
    yield case("a status that nobody knows", bare(index=46), "revoked")
    yield case("claimed, then cancelled", presented(CLAIMED, index=43), "revoked")
    yield case("claimed, then re-issued", presented(CLAIMED, index=44), "reissued")
    yield case("claimed again on another phone", presented(CLAIMED, index=45), "claimed")
    yield case("identity", identified(index=8), "revoked", next="call_officer")
    yield case("by a list that is stale", bare(index=43), "revoked", pack="stale")
    yield case("identity by a list that is stale", identified(index=8), "revoked", pack="stale", next="call_officer")
    yield case("of an invitation that is inside", bare(index=43), "revoked", checkins=[event("in", -1)])
    yield case("the newer list comes first", bare(), "revoked", pack="the newer list first")
    yield case("the newer list comes last", bare(), "revoked", pack="the newer list last")
    yield case("a list of one bit", bare(), "revoked", pack="a list of one bit")
    yield case("beside it in a list of one bit", bare(index=40), "invitation", pack="a list of one bit")
    yield case("a list of eight bits", bare(), "reissued", pack="a list of eight bits")


def unsure_lists() -> Iterator[Case]:
    for pack in packs_cases.made():
        if pack == "no lists" or pack.startswith(("lists", "a list a", "a list c", "a list th", "a list w", "text")):
            yield case(f"pack with {pack}", bare(), "list_missing", pack=pack, facts={"name": INVITATION.name})
    yield case("pack with a list of 3 bits", bare(), "list_missing", pack="a list of 3 bits")
    yield case("identity, pack with no lists", identified(), "list_missing", pack="no lists")
    yield case("identity, pack with the district's lists", identified(), "list_missing", pack="lists by the district")
    yield case("claimed invitation, no lists", presented(CLAIMED), "list_missing", pack="no lists")
    yield case("index past the end", bare(index=64), "list_missing")
    yield case("the greatest index", bare(index=2**32 - 1), "list_missing")
    yield case("the last index", bare(index=63), "invitation")
    yield case("invitation", bare(), "list_stale", pack="stale")
    yield case("identity", identified(), "list_stale", pack="stale")
    yield case("claimed invitation", presented(CLAIMED), "list_stale", pack="stale")
    yield case("on the second", bare(), "list_stale", pack="stale this second")
    yield case("perhaps", bare(), "list_stale", pack="stale in a minute", time=(T, T + MINUTE))
    yield case("not yet", bare(), "invitation", pack="stale in a minute", time=(T, T + MINUTE - 1))
    yield case("used, whatever the list says", bare(), "used", pack="no lists", checkins=[event("in", -1)])


def unsure_times() -> Iterator[Case]:
    later, day_ahead = (T, T + 2 * HOUR), (T, T + DAY)
    yield case("perhaps it has ended", bare(), "time_unsure", time=later)
    yield case("perhaps it has not begun", bare(nbf=NOW + 1), "time_unsure", time=(T, T + 2 * SECOND))
    yield case(
        "perhaps an identity has ended", identified(exp=NOW + 1), "time_unsure", time=(T, T + 2000), next="challenge"
    )
    yield case("perhaps it is a screenshot", identified(), "time_unsure", time=(T, T + MINUTE), next="challenge")
    yield case(
        "perhaps it is from ahead", identified(iat=NOW + 60), "time_unsure", time=(T, T + MINUTE), next="challenge"
    )
    yield case(
        "perhaps neither", presented(CLAIMED, iat=NOW + 45), "time_unsure", time=(T, T + 90_000), next="challenge"
    )
    yield case(
        "a wide interval, with a challenge",
        identified(challenge=bytes.fromhex(NONCE)),
        "identity",
        gate=ASKING,
        time=(T, T + HOUR),
    )
    yield case("30 s at both ends", identified(iat=NOW + 30), "identity", time=(T, T + MINUTE))
    yield case("ended at either end", bare(exp=NOW), "late", time=later)
    yield case("early at either end", bare(nbf=NOW + 7201), "early", time=later)
    yield case("the guard's clock a day ahead, a fresh list", bare(), "list_stale", time=day_ahead)
    yield case(
        "the guard's clock a day ahead, an old screenshot", identified(iat=NOW - 60), "presentation_old", time=day_ahead
    )
    yield case("the guard's clock a day ahead, an invitation that had ended", bare(exp=NOW), "late", time=day_ahead)
    yield case(
        "the guard's clock a day ahead, one of tomorrow",
        bare(nbf=NOW + 43_200, exp=NOW + 50_000),
        "list_stale",
        time=day_ahead,
    )
    yield case("a day behind never lowers trusted time", bare(exp=NOW), "late", time=(T, T))
    yield case(
        "the whole window within the interval", bare(nbf=NOW + 10, exp=NOW + 20), "time_unsure", time=(T, T + MINUTE)
    )
