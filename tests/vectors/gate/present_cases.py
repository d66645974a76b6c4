"""Codes at the wrong place, and presentations that were not made now, here, by this phone."""

from __future__ import annotations

from collections.abc import Iterator

from tests.vectors.gate import showing
from tests.vectors.gate.case import ASKING, ELSEWHERE, HERE, HOUR, NONCE, Case, T, case
from tests.vectors.gate.codes_cases import AGE, CLAIMED, FULL, GATE, INVITATION, NOW, PHOTO
from tests.vectors.gate.events import SUBJECT, event, undo
from tests.vectors.gate.packs_cases import DISTRICT_UNIT
from tests.vectors.gate.showing import bare, id_of, identified, presented
from tests.vectors.gate.signers import DISTRICT


def out_of_place() -> Iterator[Case]:
    facts = {"sort": "invitation", "place": 7, "gates": 3, "name": INVITATION.name}
    yield case("invitation", bare(), "other_place", gate=ELSEWHERE, facts=facts)
    yield case("another place of the same unit", bare(), "other_place", gate={**HERE, "place": 6})
    yield case("the same number, of another unit", bare(), "other_place", gate={**HERE, "unit": DISTRICT_UNIT})
    theirs = bare(kid=DISTRICT.kid, signer=DISTRICT)
    yield case("signed by another unit for this place", theirs, "other_place")
    yield case("claimed invitation", presented(CLAIMED), "other_place", gate=ELSEWHERE)
    yield case("presented for another place", presented(CLAIMED, audience="8"), "other_place")
    yield case("claimed invitation for any place", presented(CLAIMED, audience="*"), "other_place")
    yield case("identity for another place", identified(audience="8"), "other_place", facts={"sort": "identity"})
    yield case("identity for a place written otherwise", identified(audience="07"), "other_place")
    yield case("before anything else about it", bare(index=43), "other_place", gate=ELSEWHERE)
    yield case("invitation", bare(), "other_gate", gate={**HERE, "bit": 2}, facts=facts)
    yield case("for no gate at all", bare(gates=0), "other_gate")
    yield case("the last gate", bare(gates=0x7FFF), "other_gate", gate={**HERE, "bit": 15})
    yield case("claimed invitation", presented(CLAIMED), "other_gate", gate={**HERE, "bit": 2})


def presentations() -> Iterator[Case]:
    yield case("a claimed invitation as a bare image", bare(CLAIMED), "claimed", facts={"name": INVITATION.name})
    yield case("one that has ended", bare(CLAIMED, exp=NOW - 60), "claimed")
    ago = {"31 s": 31, "60 s, a screenshot": 60, "a day, by a phone whose clock is behind": 86_400}
    for name, seconds in ago.items():
        yield case(f"identity of {name}", identified(iat=NOW - seconds), "presentation_old")
        yield case(f"claimed invitation of {name}", presented(CLAIMED, iat=NOW - seconds), "presentation_old")
    yield case("one millisecond too old", identified(), "presentation_old", time=(T + 30_001, T + 30_001))
    yield case("from 31 s ahead", identified(iat=NOW + 31), "presentation_ahead")
    yield case("by a phone a day ahead", identified(iat=NOW + 86_400), "presentation_ahead")
    yield case("one millisecond ahead", identified(), "presentation_ahead", time=(T - 30_001, T - 30_001))
    code, id = presented(CLAIMED), id_of(presented(CLAIMED))
    seen = [event("in", -1, subject="00" * 8, shown=id)]
    yield case("claimed invitation, seen at any gate", code, "replayed", checkins=seen, facts={"presentation": id})
    gone = [event("in", -1, shown=id), undo(event("in", -1), 0)]
    yield case("seen, and undone", code, "replayed", checkins=gone)
    yield case("the other signature of the same", presented(CLAIMED, malleated=True), "replayed", checkins=seen)
    same = [event("in", -1, subject="00" * 8, shown=id_of(identified()))]
    yield case("identity", identified(), "replayed", checkins=same)
    yield case("identity, the other signature of the same", identified(malleated=True), "replayed", checkins=same)
    yield case("identity after a minute is old", identified(iat=NOW - 60), "presentation_old", checkins=same)


def challenges() -> Iterator[Case]:
    answer = {"challenge": bytes.fromhex(NONCE)}
    wrong = {"challenge": bytes(8)}
    yield case("a quick identity", identified(), "challenge_missing", gate=ASKING)
    yield case("a quick claimed invitation", presented(CLAIMED), "challenge_missing", gate=ASKING)
    yield case("answer to another", identified(**wrong), "challenge_wrong", gate=ASKING)
    yield case("claimed, answer to another", presented(CLAIMED, **wrong), "challenge_wrong", gate=ASKING)
    yield case("an answer that nobody asked for", identified(**answer), "challenge_wrong")
    yield case("answered for another place", identified(audience="8", **answer), "other_place", gate=ASKING)
    yield case("answered", identified(**answer), "identity", gate=ASKING)
    yield case("answered by a claimed invitation", presented(CLAIMED, **answer), "invitation", gate=ASKING)
    yield case("answered by a phone a day behind", identified(iat=NOW - 86_400, **answer), "identity", gate=ASKING)
    yield case("answered by a phone a day ahead", identified(iat=NOW + 86_400, **answer), "identity", gate=ASKING)
    seen = [event("in", -1, subject="00" * 8, shown=id_of(identified(**answer)))]
    yield case("the answer twice", identified(**answer), "replayed", gate=ASKING, checkins=seen)
    yield case("a bare invitation in challenge mode", bare(), "invitation", gate=ASKING)


def admitted() -> Iterator[Case]:
    known = {
        "sort": "invitation",
        "profile": None,
        "name": "Nguyễn T. M. Khai",
        "subject": "0102030405060708",
        "meeting": "a0b1c2",
        "place": 7,
        "gates": 3,
        "from": T - HOUR,
        "until": T + HOUR,
        "entries": 0,
        "max": 1,
        "presentation": None,
        "first": None,
        "born": None,
        "ages": None,
        "photo": None,
    }
    yield case("as mailed", bare(), "invitation", facts=known)
    yield case("at its other gate", bare(), "invitation", gate={**HERE, "bit": 1})
    yield case("with the other signature of the same", bare(malleated=True), "invitation", facts={"subject": SUBJECT})
    claimed = {**known, "presentation": id_of(presented(CLAIMED))}
    yield case("claimed, presented by its holder", presented(CLAIMED), "invitation", facts=claimed)
    identity = {
        "sort": "identity",
        "profile": "gate",
        "name": "Nguyễn Thị Minh Khai",
        "subject": showing.SUBJECT,
        "photo": PHOTO.hex(),
        "born": None,
        "ages": None,
        "until": GATE.exp * 1000,
        "entries": 0,
        "max": None,
        "meeting": None,
        "place": None,
        "from": None,
        "presentation": id_of(identified()),
        "first": None,
    }
    yield case("gate profile", identified(), "identity", facts=identity)
    full = {"profile": "full", "born": "1990-09-01", "ages": 7, "photo": PHOTO.hex(), "name": "Nguyễn Thị Minh Khai"}
    yield case("full profile", presented(FULL, audience="7"), "identity", facts=full)
    ages = {"profile": "age", "ages": 7, "name": None, "born": None, "photo": None}
    yield case("age profile", presented(AGE, audience="*"), "age", facts=ages)
    for seconds in (-30, 30):
        yield case(f"{seconds} s from trusted time", identified(iat=NOW + seconds), "identity")
    theirs = identified(kid=DISTRICT.kid, signer=DISTRICT)
    yield case("identity from another unit", theirs, "identity")
    yield case("identity at another unit's gate", identified(), "identity", gate=ELSEWHERE)
