"""The offices of the city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server import feeds
from server.errors import Problem
from server.kinds import Kind, Sort, public
from server.shards import KEY, shards_of
from server.store import Store, Transaction

UNIT: Final = Kind(name="unit", sort=Sort.SERVED, feeds=public)
"""An office, under its code `[a-z0-9-]+`. Keys: `name {vi, en}`, `shards`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An office as it is set up."""

    code: str
    vi: str
    en: str


DEMO: Final = (
    Unit("ben-thanh", "Ủy ban nhân dân phường Bến Thành", "People's Committee of Bến Thành Ward"),
    Unit("ben-thanh-police", "Công an phường Bến Thành", "Police of Bến Thành Ward"),
    Unit("1022", "Cổng thông tin 1022", "Hotline 1022"),
)


def shard(store: Store, code: str, shards: int, *, now: int) -> None:
    """Split a unit's feed into so many shards, or more than before (SPEC.md F9); the service may run meanwhile.

    Raises `ValueError` for a number that can't be, `unit_unknown`.
    """

    def job(transaction: Transaction) -> None:
        if transaction.get("unit", code) is None:
            raise Problem("unit_unknown")
        before = shards_of(transaction, f"{feeds.UNIT}{code}")
        if not max(1, before) <= shards <= feeds.MOST:
            raise ValueError(f"expected {max(1, before)} to {feeds.MOST} shards, never fewer than before, got {shards}")
        UNIT.serve(transaction, code, {KEY: shards}, now=now)

    store.write(job)


def publish(store: Store, units: Sequence[Unit], *, now: int) -> None:
    """Publish units that are not published yet."""

    def job(transaction: Transaction) -> None:
        for unit in units:
            if transaction.get("unit", unit.code) is None:
                UNIT.serve(transaction, unit.code, {"name": {"vi": unit.vi, "en": unit.en}}, now=now)

    store.write(job)
