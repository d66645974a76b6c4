"""The gate pack: what is in it, who gets it, how big it is and how long it takes."""

from __future__ import annotations

import gzip
import json
import random
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import cbor2
import pytest
from flask.testing import FlaskClient

from loadtests.person import Person
from server import jwk
from server.auth import Parts
from server.features.gate.checkins import CHECKIN
from server.features.gate.columns import columns, varints
from server.features.gate.pack import RECENT, Packs
from server.statuslists import TYPE, identities_of, invitations_of
from server.store import Transaction, schema
from sync import record
from sync.canonical import Value
from sync.ids import uuid7
from tests.conftest import ORIGIN, Clock
from tests.features.conftest import NewPerson
from tests.features.gate.conftest import HOUR, UNIT, checkin, held, invited, refused

AsBrowser = Callable[[Person], FlaskClient]


@pytest.fixture
def pack_of(as_browser: AsBrowser) -> Callable[[Person], Any]:
    """Fetch a person's pack."""

    def fetch(person: Person) -> Any:
        answer = as_browser(person).get("/gate/pack")
        assert answer.status_code == 200, answer.data
        assert answer.content_type == "application/cbor"
        return cbor2.loads(answer.data)

    return fetch


def numbers(data: bytes) -> Iterator[int]:
    """Read LEB128 numbers."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
    assert shift == 0


def events(columns: Any) -> list[dict[str, Any]]:
    """Read the columns of check-ins as a phone does."""
    found, at = [], 0
    for n, (step, place) in enumerate(zip(numbers(columns["at"]), numbers(columns["place"]), strict=True)):
        at += step
        hexed = (at.to_bytes(6, "big") + columns["rest"][10 * n : 10 * n + 10]).hex()
        flags = columns["flags"][n]
        found.append({
            "id": "-".join((hexed[:8], hexed[8:12], hexed[12:16], hexed[16:20], hexed[20:])),
            "at": at,
            "subject": columns["subject"][8 * n : 8 * n + 8].hex(),
            "way": "out" if flags & 1 else "in",
            "override": bool(flags & 2),
            "gate": flags >> 2,
            "max": columns["max"][n],
            "place": place,
            "meeting": columns["meeting"][3 * n : 3 * n + 3].hex(),
        })  # fmt: skip
    assert len(found) == columns["n"] == len(columns["flags"]) == len(columns["max"])
    return found


def records(pack: Any, kind: str) -> dict[str, Any]:
    return {each["id"]: record.from_json(json.loads(each["state"])) for each in pack["records"] if each["kind"] == kind}


def test_a_pack_has_what_a_guard_decides_with_and_nothing_of_residents(
    guard: Person, officer: Person, clock: Clock, pack_of: Callable[[Person], Any], town: Parts
) -> None:
    now = held(officer, clock)
    later = held(officer, clock, starts=clock.at + 20 * 24 * HOUR, ends=clock.at + 20 * 24 * HOUR + HOUR)
    over = held(officer, clock, starts=clock.at - 14 * HOUR, ends=clock.at - 13 * HOUR)
    just_over = held(officer, clock, starts=clock.at - 12 * HOUR, ends=clock.at - 11 * HOUR)
    invited(officer, now)
    town.store.write(lambda t: town.statuslists.allocate(identities_of("1022"), t))
    town.store.write(lambda t: town.statuslists.allocate(invitations_of("1022"), t))
    pack = pack_of(guard)
    assert pack.keys() == {"epoch", "time", "unit", "cursors", "records", "guards", "checkins", "undone"}
    assert (pack["unit"], pack["epoch"]) == (UNIT, town.store.epoch)
    assert clock.at - 100 < pack["time"] <= clock.at
    assert {each["kind"] for each in pack["records"]} == {"trust", "place", "meeting", "statuslist"}
    assert records(pack, "place").keys() == {"1"}
    assert records(pack, "meeting").keys() == {now, later, just_over} and over not in records(pack, "meeting")
    assert records(pack, "statuslist").keys() == {invitations_of(UNIT), identities_of("1022")}
    assert records(pack, "meeting")[now] == officer.records["meeting", now]
    assert set(pack["guards"]) == {guard.device.id, officer.device.id}
    assert (pack["checkins"]["n"], pack["undone"]) == (0, [])


def test_the_check_ins_of_a_pack_are_those_that_were_recorded(
    guard: Person, officer: Person, clock: Clock, pack_of: Callable[[Person], Any]
) -> None:
    changes: list[Any] = [
        checkin(guard, clock, gate=15, max=255, place=1),
        checkin(guard, clock, way="out", word="CHECK", override="quen mặt"),
        checkin(guard, clock, way="in", word="REFUSE", reason="late", override=""),
    ]
    clock.pass_(minutes=60 * 24)
    changes.append(checkin(guard, clock, sort="identity", meeting=None))
    of = changes[1]["id"]
    wrong = {"unit": UNIT, "place": 1, "gate": 0, "way": "undo", "of": of, "at": clock.at + 1, "why": None}
    undo = guard.change("checkin", guard.new_id(), "checkin", wrong)
    assert refused(guard, *changes, undo) == []
    pack = pack_of(officer)
    expected = [
        {"id": change["id"], **{key: change["value"][key] for key in ("at", "subject", "way", "gate", "max", "place")},
         "override": change["value"]["override"] is not None, "meeting": change["value"]["meeting"] or "000000"}
        for change in changes
    ]  # fmt: skip
    assert events(pack["checkins"]) == sorted(expected, key=lambda event: event["id"])
    assert pack["undone"] == [of]


def test_old_check_ins_leave_the_pack(guard: Person, clock: Clock, pack_of: Callable[[Person], Any]) -> None:
    assert refused(guard, checkin(guard, clock)) == []
    for minutes, there in ((0, 1), (35 * 60, 1), (75, 0)):
        clock.pass_(minutes=minutes)
        assert pack_of(guard)["checkins"]["n"] == there


def test_whoever_pulls_from_the_packs_cursors_misses_nothing(
    guard: Person, officer: Person, clock: Clock, pack_of: Callable[[Person], Any], new_person: NewPerson
) -> None:
    assert refused(officer, checkin(officer, clock)) == []
    pack = pack_of(guard)
    meeting, entry = held(officer, clock), checkin(officer, clock)
    assert refused(officer, entry) == []
    guard.cursors |= pack["cursors"]
    guard.sync()
    assert {(kind, id) for kind, id in guard.records if kind in ("meeting", "checkin")} == {
        ("meeting", meeting), ("checkin", entry["id"])  # type: ignore[call-overload,index]
    }  # fmt: skip


def test_a_pack_follows_every_check_in_though_its_columns_are_kept(
    guard: Person, stranger: Person, clock: Clock, town: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs, read = Packs(town), 0

    def counting(passages: Any) -> Any:
        nonlocal read
        read += 1
        return columns(passages)

    monkeypatch.setattr("server.features.gate.pack.columns", counting)
    found = []
    for _ in range(3):
        assert refused(guard, checkin(guard, clock)) == []
        found += [cbor2.loads(packs(UNIT))["checkins"]["n"] for _ in range(3)]
        assert cbor2.loads(packs("1022"))["checkins"]["n"] == 0
    assert found == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert read == 4


def test_a_pack_brings_fresh_lists_and_so_does_a_wish_for_them(
    guard: Person, officer: Person, clock: Clock, pack_of: Callable[[Person], Any], as_browser: AsBrowser
) -> None:
    invited(officer, held(officer, clock))
    clock.pass_(minutes=60)

    def issued(pack: Any) -> int:
        jwt = str(records(pack, "statuslist")[invitations_of(UNIT)]["jwt"].shown)
        return int(jwk.open_jws(jwt, typ=TYPE).payload["iat"])

    pack = pack_of(guard)
    assert clock.at // 1000 - issued(pack) <= 1
    clock.pass_(minutes=20)
    before = issued(pack)
    answer = as_browser(guard).post("/gate/fresh", json={}, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.data) == (204, b"")
    guard.cursors |= pack["cursors"]
    guard.sync()
    jwt = str(guard.records["statuslist", invitations_of(UNIT)]["jwt"].shown)
    assert jwk.open_jws(jwt, typ=TYPE).payload["iat"] > before + 19 * 60


def test_only_the_staff_of_a_unit_get_a_pack_and_only_their_own(
    guard: Person, stranger: Person, resident: Person, new_person: NewPerson, as_browser: AsBrowser
) -> None:
    for person, unit in ((guard, UNIT), (stranger, "1022"), (new_person("operator", UNIT), UNIT)):
        client = as_browser(person)
        answer = client.get("/gate/pack?unit=ben-thanh-police")
        assert cbor2.loads(answer.data)["unit"] == unit
        assert "no-store" in answer.headers["Cache-Control"]
    client = as_browser(resident)
    for answer in (client.get("/gate/pack"), client.post("/gate/fresh", json={}, headers={"Origin": ORIGIN})):
        assert (answer.status_code, answer.json["code"]) == (403, "role_forbidden")


def test_a_guard_whose_phone_is_lost_is_no_guard_to_exchange_with(
    guard: Person, officer: Person, pack_of: Callable[[Person], Any]
) -> None:
    officer.post(f"/auth/devices/{guard.device.id}/revoke", {"reason": "mất máy"})
    assert pack_of(officer)["guards"] == [officer.device.id]


def test_staff_who_were_enrolled_before_are_found_by_their_unit(guard: Person, town: Parts) -> None:
    """The migration that indexes them leaves everything as it would be now; PostgreSQL never lacked it."""
    if town.config.database:
        pytest.skip("a migration of SQLite")
    with sqlite3.connect(town.config.data / "motcua.db") as connection:
        rows = "SELECT id, field, value FROM fields WHERE kind = 'person' ORDER BY id"
        before = connection.execute(rows).fetchall()
        connection.execute("DELETE FROM fields WHERE kind = 'person'")
        connection.execute(schema._PEOPLE_BY_UNIT)
        assert connection.execute(rows).fetchall() == before != []


def filled(town: Parts, clock: Clock, *, passages: int, statuses: int) -> None:
    """Fill the unit with check-ins of a day and a list of states that compresses badly."""
    chance = random.Random(7)
    meetings = [f"{chance.getrandbits(24):06x}" for _ in range(100)]

    def write(transaction: Transaction) -> None:
        for number in range(passages):
            at = clock.at - RECENT // 2 + number * 6000 + chance.randrange(5000)
            value: dict[str, Value] = {
                "unit": UNIT, "place": 1, "gate": number % 2, "subject": secrets.token_hex(8), "sort": "invitation",
                "meeting": chance.choice(meetings), "way": chance.choice(("in", "in", "out")), "at": at, "max": 1,
                "word": "ADMIT", "reason": "invitation", "override": None, "shown": None,
            }  # fmt: skip
            state = record.written({}, {"checkin": value}, replica="A" * 22, at=at)
            CHECKIN.save(transaction, uuid7(at, entropy=chance.getrandbits(74)), state)
        spread = {index: chance.choice((0, 0, 0, 1, 12, 13)) for index in range(statuses)}
        town.statuslists.set(invitations_of(UNIT), spread, transaction)

    town.store.write(write)


def test_a_full_pack_is_small_and_made_quickly(
    guard: Person, town: Parts, clock: Clock, as_browser: AsBrowser, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(town, clock, passages=10_000, statuses=50_000)
    client, took = as_browser(guard), []
    for _ in range(3):
        begun = time.perf_counter()
        answer = client.get("/gate/pack", headers={"Accept-Encoding": "gzip"})
        took.append(time.perf_counter() - begun)
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = gzip.decompress(answer.data)
    pack = cbor2.loads(plain)
    assert pack["checkins"]["n"] == 10_000
    with capsys.disabled():
        print(f"\npack of 10,000 check-ins and 50,000 states: {len(answer.data) / 1000:.0f} kB gzip,", end=" ")
        print(f"{len(plain) / 1000:.0f} kB plain; made in {took[0] * 1000:.0f} ms, again in {took[-1] * 1000:.0f} ms")
        print({key: len(value) for key, value in pack["checkins"].items() if key != "n"})
    assert len(answer.data) < 300_000
    assert took[0] < 5


def test_numbers_are_written_in_LEB128() -> None:
    written = [0, 1, 127, 128, 300, 2**32 - 1, 1_795_000_000_000]
    assert varints([0, 127, 128, 300]) == bytes([0, 0x7F, 0x80, 1, 0xAC, 2])
    assert list(numbers(varints(written))) == written
