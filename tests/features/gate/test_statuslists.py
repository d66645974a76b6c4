"""Status lists: signed as the draft says, once a transaction, and no older than they say."""

from __future__ import annotations

import itertools
import zlib
from typing import Any

import pytest
from flask import Flask

from loadtests.person import Person
from server import jwk
from server.auth import Parts
from server.issuers import ROOT
from server.statuslists import CLAIMED, INVALID, REISSUED, TYPE, VALID, identities_of, invitations_of
from sync.batch import unbase64url
from tests.conftest import ORIGIN, Clock
from tests.features.gate.conftest import UNIT

LIST = invitations_of(UNIT)


def opened(parts: Parts, id: str = LIST) -> Any:
    """Return header, payload and bytes of a list, whose signature holds."""
    with parts.store.read() as look:
        state, trust = look.get("statuslist", id), look.get("trust", "trust")
    assert state is not None and trust is not None
    jws = jwk.open_jws(str(state["jwt"].shown), typ=TYPE)
    keys = {key["kid"]: key for key in jwk.open_jws(str(trust["jws"].shown), typ="motcua-trust+jws").payload["keys"]}
    key = keys[jws.header["kid"]]
    assert key["unit"] == id.partition("_")[2]
    assert jws.signed_by(key["jwk"])
    return jws.header, jws.payload, zlib.decompress(unbase64url(jws.payload["status_list"]["lst"]))


def allocated(parts: Parts, number: int, id: str = LIST) -> list[int]:
    return parts.store.write(lambda t: [parts.statuslists.allocate(id, t) for _ in range(number)])


def test_a_list_is_a_token_of_the_draft(town: Parts, clock: Clock) -> None:
    allocated(town, 4)
    town.store.write(lambda t: town.statuslists.set(LIST, {0: INVALID, 1: REISSUED, 3: CLAIMED}, t))
    header, payload, values = opened(town)
    assert (header["typ"], header["alg"], len(header["kid"])) == ("statuslist+jwt", "ES256", 22)
    assert payload["sub"] == f"{ORIGIN}/statuslists/{LIST}"
    assert (payload["exp"] - payload["iat"], payload["ttl"]) == (8 * 3600, 900)
    assert clock.at // 1000 - payload["iat"] <= 1
    assert payload["status_list"]["bits"] == 4
    assert values[:2] == bytes([REISSUED << 4 | INVALID, CLAIMED << 4 | VALID])  # the first in the low half
    assert len(values) == 32_768


def test_places_are_handed_out_once_each_and_do_not_tell_what_was_made_together(town: Parts) -> None:
    places = allocated(town, 2_000) + allocated(town, 2_000)
    assert len(set(places)) == 4_000
    assert max(places) < 32_768  # half of the list, which need not grow
    assert all(abs(after - before) > 3 for before, after in itertools.pairwise(places[:20]))
    assert allocated(town, 20, identities_of("1022")) != places[:20]


def test_handing_out_places_signs_nothing_while_there_is_room(town: Parts) -> None:
    allocated(town, 1)
    before = opened(town)
    allocated(town, 500)
    assert opened(town) == before


def test_what_many_changes_of_a_transaction_say_is_signed_once(town: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    allocated(town, 300)
    signed: list[str] = []
    sign = town.issuers.sign_jws

    def counting(unit: str, typ: str, payload: Any, *, look: Any) -> str:
        signed.append(unit)
        return sign(unit, typ, payload, look=look)

    monkeypatch.setattr(town.issuers, "sign_jws", counting)
    town.store.write(lambda t: [town.statuslists.set(LIST, {index: INVALID}, t) for index in range(300)])
    assert signed == [UNIT]
    _, _, values = opened(town)
    assert values[:151] == bytes([0x11] * 150 + [0])
    town.store.write(lambda t: town.statuslists.set(LIST, {7: INVALID}, t))
    assert signed == [UNIT]  # nothing changed


def test_the_last_word_of_a_transaction_counts(town: Parts) -> None:
    allocated(town, 1)

    def job(t: Any) -> None:
        for status in (INVALID, CLAIMED, REISSUED):
            town.statuslists.set(LIST, {0: status}, t)

    town.store.write(job)
    with town.store.read() as look:
        assert town.statuslists.status(LIST, 0, look=look) == REISSUED


def test_a_list_doubles_while_there_still_is_room(town: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.statuslists._LEAST", 8)
    sizes = []
    for index in range(12):
        town.store.write(lambda t, index=index: town.statuslists.set(LIST, {index: index % 4}, t))
        sizes.append(2 * len(opened(town)[2]))
    assert sizes == [8, 8, 8, 8, 16, 16, 16, 16, 32, 32, 32, 32]
    with town.store.read() as look:
        assert [town.statuslists.status(LIST, index, look=look) for index in range(12)] == [0, 1, 2, 3] * 3
        assert town.statuslists.status(LIST, 32, look=look) is None
        assert town.statuslists.status("invitation_nowhere", 0, look=look) is None


def test_lists_older_than_a_quarter_of_an_hour_are_signed_anew_and_younger_ones_are_not(
    town: Parts, clock: Clock
) -> None:
    for id in (LIST, identities_of("1022"), identities_of(UNIT), invitations_of("1022")):
        allocated(town, 1, id)
    before = {id: opened(town, id)[1]["iat"] for id in (LIST, identities_of("1022"), invitations_of("1022"))}
    clock.pass_(minutes=14)
    town.statuslists.freshen(UNIT)
    assert {id: opened(town, id)[1]["iat"] for id in before} == before
    clock.pass_(minutes=2)
    town.statuslists.freshen(UNIT)
    after = {id: opened(town, id)[1]["iat"] for id in before}
    assert [after[id] > before[id] for id in before] == [True, True, False]  # not the other unit's invitations


def test_a_rolled_back_transaction_hands_out_no_place_and_signs_nothing(town: Parts) -> None:
    first: list[int] = []

    def job(t: Any) -> None:
        first.append(town.statuslists.allocate(LIST, t))
        raise ValueError

    with pytest.raises(ValueError):
        town.store.write(job)
    with town.store.read() as look:
        assert look.get("statuslist", LIST) is None
    assert allocated(town, 1) == first


def test_a_unit_without_a_key_gets_one_with_its_first_place(parts: Parts) -> None:
    allocated(parts, 1, identities_of("new-ward"))
    assert opened(parts, identities_of("new-ward"))[1]["status_list"]["bits"] == 4
    with parts.store.read() as look:
        assert look.find("issuer", "unit", ROOT)


def test_a_list_is_signed_by_the_key_that_is_in_force(town: Parts) -> None:
    allocated(town, 1)
    before = opened(town)[0]["kid"]
    town.issuers.rotate(UNIT)
    town.store.write(lambda t: town.statuslists.set(LIST, {0: INVALID}, t))
    assert opened(town)[0]["kid"] != before


def test_everyone_may_read_a_list_and_it_is_fresh(web: Flask, town: Parts, clock: Clock) -> None:
    allocated(town, 1)
    clock.pass_(minutes=60 * 24)
    client = web.test_client()
    answer = client.get(f"/statuslists/{LIST}")
    assert (answer.status_code, answer.content_type) == (200, "application/statuslist+jwt")
    assert answer.get_data(as_text=True).count(".") == 2
    assert clock.at // 1000 - opened(town)[1]["iat"] <= 1
    assert client.get("/statuslists/identity_nowhere").json["code"] == "not_found"  # type: ignore[index]
    assert client.post(f"/statuslists/{LIST}", headers={"Origin": ORIGIN}).status_code == 405


def test_a_list_reaches_the_phones_that_need_it_and_no_others(
    guard: Person, stranger: Person, resident: Person, town: Parts
) -> None:
    for id in (LIST, identities_of(UNIT), identities_of("1022")):
        allocated(town, 1, id)
    for person, feeds in ((guard, (f"gate/{UNIT}", "gates")), (stranger, ("gate/1022", "gates")), (resident, ())):
        person.cursors |= dict.fromkeys(feeds, 0)
        person.sync()
    assert {id for kind, id in guard.records if kind == "statuslist"} == {
        LIST, identities_of(UNIT), identities_of("1022")
    }  # fmt: skip
    assert {id for kind, id in stranger.records if kind == "statuslist"} == {
        identities_of(UNIT), identities_of("1022")
    }  # fmt: skip
    assert "statuslist" not in {kind for kind, _ in resident.records}
