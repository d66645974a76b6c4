"""The buildings of an office and their entrances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.errors import Problem
from server.features.gate.letters import Words
from server.kinds import Kind, Sort, by_key, public
from server.store import Reader, Transaction
from sync.canonical import Value

MOST_GATES: Final = 16
"""A code names its gates by the bits of a number of 16."""
_MOST: Final = 1000

PLACE: Final = Kind(name="place", sort=Sort.SERVED, feeds=public, index=by_key("unit"))
"""A building, under its citywide number. Keys: `number unit name {vi, en} address gates [{bit, name {vi, en}}]`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A building. `gates` are its entrances by bit."""

    number: int
    unit: str
    name: Words
    address: str
    gates: dict[int, Words]


DEMO: Final = {
    "ben-thanh": (
        Words(vi="Trụ sở UBND phường Bến Thành", en="Bến Thành Ward People's Committee"),
        "92 Nguyễn Trãi, phường Bến Thành, TP. Hồ Chí Minh",
        (Words(vi="Cửa chính", en="Main entrance"), Words(vi="Cửa sau", en="Back entrance")),
    ),
    "ben-thanh-police": (
        Words(vi="Trụ sở Công an phường Bến Thành", en="Bến Thành Ward Police Station"),
        "73 Yersin, phường Bến Thành, TP. Hồ Chí Minh",
        (Words(vi="Cửa chính", en="Main entrance"), Words(vi="Cổng xe", en="Vehicle gate")),
    ),
    "1022": (
        Words(vi="Trung tâm 1022", en="Hotline 1022 Centre"),
        "59 Lý Tự Trọng, phường Sài Gòn, TP. Hồ Chí Minh",
        (
            Words(vi="Sảnh chính", en="Main lobby"),
            Words(vi="Cửa bên", en="Side entrance"),
            Words(vi="Hầm xe", en="Car park"),
        ),
    ),
}
"""The buildings of the demo city, by unit: name, address, entrances."""


def publish(
    unit: str,
    *,
    name: Words,
    address: str,
    gates: Sequence[Words],
    transaction: Transaction,
    now: int,
    number: int | None = None,
) -> int:
    """Publish a building of a unit, or publish number `number` of it anew; return its number.

    A gate's bit is its position: codes that are out name gates by it, so gates are renamed in place, never moved.
    """
    if not 1 <= len(gates) <= MOST_GATES:
        raise ValueError(f"expected 1 to {MOST_GATES} gates, got {len(gates)}")
    if number is None:
        number = transaction.next_number("place")
    else:
        place_of(number, unit=unit, look=transaction)
    values: dict[str, Value] = {
        "number": number,
        "unit": unit,
        "name": name.model_dump(),
        "address": address,
        "gates": [{"bit": bit, "name": gate.model_dump()} for bit, gate in enumerate(gates)],
    }
    PLACE.serve(transaction, str(number), values, now=now)
    return number


def publish_demo(transaction: Transaction, *, now: int) -> None:
    """Give each unit of the demo city its building, unless it has one."""
    for unit, (name, address, gates) in DEMO.items():
        if not transaction.find("place", "unit", unit, limit=1):
            publish(unit, name=name, address=address, gates=gates, transaction=transaction, now=now)


def place_of(number: int, *, unit: str, look: Reader) -> Place:
    """Return a building of a unit, or raise `place_unknown`."""
    state = look.get("place", str(number))
    if state is None or state["unit"].shown != unit:
        raise Problem("place_unknown", f"expected a place of {unit}, got number {number}")
    gates: Any = state["gates"].shown
    name: Any = state["name"].shown
    return Place(
        number=number,
        unit=unit,
        name=Words(**name),
        address=str(state["address"].shown),
        gates={gate["bit"]: Words(**gate["name"]) for gate in gates},
    )


def places_of(unit: str, look: Reader) -> list[str]:
    """Return the ids of a unit's buildings."""
    return [id for id, _ in look.find("place", "unit", unit, limit=_MOST)]
