"""Issuer keys: made once, kept sealed, rotated without losing the old ones, listed under the city's root."""

from __future__ import annotations

from typing import Any

import pytest

from server import jwk
from server.auth import Parts
from server.config import Config, ConfigError
from server.issuers import ROOT, TRUST_TYPE, Issuers
from server.store import Store

UNIT = "1022"


def trust(store: Store) -> jwk.Jws:
    with store.read() as look:
        state = look.get("trust", "trust")
    assert state is not None
    return jwk.open_jws(str(state["jws"].shown), typ=TRUST_TYPE)


def listed(store: Store) -> dict[str, Any]:
    return {key["kid"]: key for key in trust(store).payload["keys"]}


def signed(issuers: Issuers, store: Store) -> jwk.Jws:
    with store.read() as look:
        return jwk.open_jws(issuers.sign_jws(UNIT, "a+jws", {"n": 1}, look=look), typ="a+jws")


def again(config: Config, store: Store, parts: Parts, **changes: Any) -> Issuers:
    """Return what another process would have."""
    return Issuers(config.model_copy(update=changes), store, now=parts.now)


def test_what_a_unit_signs_verifies_by_the_trust_list_and_the_root(city: Parts, store: Store) -> None:
    jws = signed(city.issuers, store)
    issuer = listed(store)[jws.header["kid"]]
    assert issuer["unit"] == UNIT
    assert jws.signed_by(issuer["jwk"])
    root = trust(store).header["jwk"]
    assert trust(store).signed_by(root)
    assert city.issuers.root() == jwk.thumbprint(root)
    assert ROOT not in {key["unit"] for key in listed(store).values()}


def test_another_process_signs_with_the_same_key(city: Parts, config: Config, store: Store) -> None:
    assert signed(again(config, store, city), store).header == signed(city.issuers, store).header


def test_asking_again_for_a_key_makes_none(city: Parts, config: Config, store: Store) -> None:
    before = listed(store)
    city.issuers.ensure(UNIT)
    again(config, store, city).ensure(UNIT)
    assert listed(store) == before


def test_a_rotated_key_signs_no_more_and_stays_listed(city: Parts, config: Config, store: Store) -> None:
    other = again(config, store, city)
    old = signed(other, store)
    new = city.issuers.rotate(UNIT)
    assert signed(city.issuers, store).header["kid"] == new != old.header["kid"]
    assert signed(other, store).header["kid"] == new, "a running process goes over to the new key"
    assert old.signed_by(listed(store)[old.header["kid"]]["jwk"])


def test_private_keys_stand_in_no_feed_and_are_sealed_to_their_unit(city: Parts, config: Config, store: Store) -> None:
    with store.read() as look:
        ((id, state),) = look.find("issuer", "unit", UNIT)
        assert look.feeds_of("issuer", id) == frozenset()
    with pytest.raises(ConfigError):
        again(config, store, city)._unsealed(str(state["sealed"].shown), "another-unit")


def test_another_secret_opens_no_key_and_says_so_in_a_sentence(city: Parts, config: Config, store: Store) -> None:
    with pytest.raises(ConfigError, match="MOTCUA_KEY does not open the issuer key of 1022; expected"):
        signed(again(config, store, city, key="z" * 32), store)


def test_a_unit_without_a_key_signs_nothing(city: Parts, store: Store) -> None:
    with store.read() as look, pytest.raises(LookupError, match="expected a key of unit nowhere"):
        city.issuers.sign_jws("nowhere", "a+jws", {}, look=look)


def test_a_unit_may_rotate_its_key_more_than_a_hundred_times(city: Parts, store: Store) -> None:
    for _ in range(200):
        newest = city.issuers.rotate(UNIT)
    with store.read() as look:
        states = (look.get("issuer", id) for id in listed(store))
        current = [state for state in states if state and state["unit"].shown == UNIT and "retired_at" not in state]
    assert len(current) == 1
    assert signed(city.issuers, store).header["kid"] == newest


def test_the_trust_list_names_every_origin_that_the_service_ever_had(city: Parts, config: Config, store: Store) -> None:
    moved = again(config, store, city, origins=("https://new.example",))
    moved.ensure(UNIT)
    assert trust(store).payload["origins"] == ["https://new.example", *config.origins]


def test_another_secret_stops_the_start(city: Parts, config: Config, store: Store) -> None:
    with pytest.raises(ConfigError):
        again(config, store, city, key="z" * 32).ensure(UNIT)
