"""Codes with two faults at once: which one the guard is told of."""

from __future__ import annotations

from collections.abc import Iterator

from server.codes import credential, invitation
from tests.vectors.gate.case import ASKING, HERE, MINUTE, NONCE, OUT, Case, T, case
from tests.vectors.gate.codes_cases import CLAIMED, FULL, INVITATION, NOW, signed
from tests.vectors.gate.events import event
from tests.vectors.gate.malformed import changed, encoded
from tests.vectors.gate.packs_cases import DISTRICT_UNIT
from tests.vectors.gate.showing import bare, id_of, identified, presented
from tests.vectors.gate.signers import HOLDER, STRANGER, THIEF, WARD


def of_two_faults() -> Iterator[Case]:
    yield from _before_it_is_believed()
    other_gate = {**HERE, "bit": 2}
    yield case("and another gate", bare(), "other_place", gate={**other_gate, "place": 8})
    yield case("and another gate, on the way out", bare(), "other_place", gate={**OUT, "bit": 2, "place": 8})
    yield case("and never came in", bare(), "other_gate", gate={**OUT, "bit": 2})
    yield case("and claimed", bare(CLAIMED), "other_gate", gate=other_gate)
    yield case("and an old presentation", presented(CLAIMED, iat=NOW - 60), "other_gate", gate=other_gate)
    answer = {"challenge": bytes.fromhex(NONCE)}
    yield case("and old", identified(iat=NOW - 60, **answer), "challenge_wrong")
    code = identified(iat=NOW - 60)
    seen = [event("in", -1, subject="00" * 8, shown=id_of(code))]
    yield case("and seen before", code, "presentation_old", checkins=seen)
    code = identified(**answer)
    seen = [event("in", -1, subject="00" * 8, shown=id_of(code))]
    yield case("and seen before", code, "challenge_wrong", gate={**ASKING, "challenge": "ff" * 8}, checkins=seen)
    code = presented(CLAIMED, exp=NOW - 60, index=43)
    seen = [event("in", -1, shown=id_of(code))]
    yield case("and late, revoked and used", code, "replayed", checkins=seen)
    yield case("and revoked", bare(nbf=NOW + 60, index=43), "early")
    yield case("and late", presented(CLAIMED, exp=NOW - 60, iat=NOW - 60), "presentation_old")
    yield case("and used", bare(index=44), "reissued", checkins=[event("in", -1)])
    yield case("and no list", bare(exp=NOW - 60), "late", pack="no lists")
    yield case("and the list is stale", bare(entries=0), "inside", pack="stale", checkins=[event("in", -1, max=0)])
    double = [event("in", -10, max=0), event("in", -9, max=0), event("out", -5, max=0)]
    code = bare(entries=0, exp=NOW + 60)
    yield case("and in conflict", code, "time_unsure", time=(T, T + 2 * MINUTE), checkins=double)
    yield case("and in conflict", code, "list_missing", pack="no lists", checkins=double)
    yield case("and the time unsure", code, "list_stale", pack="stale", time=(T, T + 2 * MINUTE), checkins=double)


def _before_it_is_believed() -> Iterator[Case]:
    good = invitation.encode(INVITATION, WARD.sign)
    yield case("and nobody's key", invitation.text(good + b"\x00"), "trailing_bytes", pack="none")
    yield case("and broken claims", bare(signer=STRANGER, place=-1), "forged")
    yield case("and broken claims, by a stranger", bare(signer=STRANGER, kid=STRANGER.kid, place=-1), "unknown_issuer")
    yield case("and another's signature", identified(signer=STRANGER, by=THIEF), "forged")
    header = encoded({1: -7, 4: WARD.kid, 16: 293})
    broken = signed(header, encoded(changed(credential.to_claims(FULL), (-65537, 1), 9)))
    yield case("and broken claims", presented(broken, by=THIEF), "holder")
    yield case("and for another place", presented(broken, audience="8"), "malformed")
    data = signed(encoded({1: -7, 13: broken, 16: 294}), encoded({3: 7, 6: NOW}), STRANGER)
    yield case("and its own claims broken too", invitation.text(data).replace("MCI1", "MCP1"), "holder")
    theirs = {**HERE, "unit": DISTRICT_UNIT}
    yield case("and another unit's gate", bare(signer=HOLDER), "forged", gate=theirs)
