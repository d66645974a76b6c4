"""What one submission, check-in and pull cost, and what a city and a country need: `python -m loadtests.capacity`.

Each sort is done many times by people with keys of their own, over kept connections, against a fresh service. Processor
time is that of the web processes and of PostgreSQL alone; bytes on the wire are those of HTTP, counted by the client,
which takes gzip; bytes on the disk are what the database has grown by once its log was folded in; backups are taken
with `motcua backup`.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import json
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from loadtests import crowd
from loadtests.capacity_model import Cost, Habits, needs, text
from loadtests.person import FEEDBACK, PROCEDURE, Person, photographed
from loadtests.processor import shares
from loadtests.stage import ENGINES, Stage, stage
from server.auth import Parts, sessions
from server.kinds import Role
from sync.canonical import Value
from sync.ids import uuid7

PHOTO: Final = 500_000
_ANSWERS: Final = 2_000
"""Bytes of answers in a typical submission."""
_LINES: Final = 16
_GATE: Final = "ben-thanh"
_NAMES: Final = {
    "plain": "submission, 2 kB of answers", "photo": "submission with a photo of 500 kB",
    "checkin": "check-in", "pull": "pull of an idle phone",
}  # fmt: skip

_SYLLABLES: Final = [
    begin + middle + end
    for begin in (
        "",
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "h",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "nh",
        "ph",
        "qu",
        "t",
        "th",
        "tr",
        "v",
    )
    for middle in (
        "a",
        "ă",
        "â",
        "e",
        "ê",
        "i",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "iê",
        "uô",
        "ươ",
        "ạ",
        "ả",
        "ế",
        "ộ",
        "ờ",
        "ữ",
    )
    for end in ("", "c", "m", "n", "ng", "p", "t")
]
"""What words of a language are like to whoever packs them: not the same ones again and again."""

Deed = Sequence[bytes]
"""Requests that one person sends, one after the other."""


@dataclass
class Wire:
    """Bytes that went up and down."""

    up: int = 0
    down: int = 0


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append", help="repeat it; both without it")
    parser.add_argument("--count", type=int, default=600, help="how many of each sort")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    options = parser.parse_args()
    for engine in options.engine or ENGINES:
        with (
            tempfile.TemporaryDirectory(prefix="motcua-capacity-") as folder,
            stage(Path(folder), engine=engine, workers=options.workers) as found,
        ):
            costs = measure(found, options.count)
        print(f"\n### {engine}\n\n{table(costs)}\n")
        habits = Habits()
        print(text([needs(people, costs, habits, photo=PHOTO) for people in (10e6, 100e6)], habits))


def measure(stage: Stage, count: int) -> dict[str, Cost]:
    """Return what one of each sort costs."""
    parts = crowd.parts_of(stage.service)
    crowds = {
        "plain": list(_deeds(parts, count, _plain)),
        "photo": list(_deeds(parts, max(10, count // 10), _photo)),
        "checkin": list(_deeds(parts, count, _checkin, role=Role.GUARD, unit=_GATE)),
        "pull": list(_deeds(parts, count, _pull)) * 3,
    }
    parts.store.close()
    stage.service.start()
    _kept(stage)
    return {name: _cost(stage, deeds) for name, deeds in crowds.items()}


def table(costs: dict[str, Cost]) -> str:
    """Return a Markdown table of costs."""
    lines = [
        "| one | web, CPU ms | database, CPU ms | up, bytes | down, bytes | disk, bytes | log, bytes | backup, bytes |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, cost in costs.items():
        sizes = [cost.up, cost.down, cost.disk, cost.log, cost.backup]
        bytes_ = " | ".join(f"{max(0, round(each)):,}" for each in sizes)
        lines.append(f"| {_NAMES[name]} | {cost.web:.2f} | {cost.database:.2f} | {bytes_} |")
    return "\n".join(lines)


def _cost(stage: Stage, deeds: Sequence[Deed]) -> Cost:
    warm, rest = deeds[: len(deeds) // 10], deeds[len(deeds) // 10 :]
    asyncio.run(_do(stage.service.port, warm))
    _backup(stage)
    before = _kept(stage), _logged(stage), _size(stage.folder / "backup")
    with shares(stage.service, stage.cluster) as used:
        wire = asyncio.run(_do(stage.service.port, rest))
    log = _logged(stage)
    _backup(stage)
    after = _kept(stage), log, _size(stage.folder / "backup")
    disk, log, backup = (new - old for new, old in zip(after, before, strict=True))
    number = len(rest)
    return Cost(
        web=used.service * used.seconds * 1000 / number,
        database=used.database * used.seconds * 1000 / number,
        up=wire.up / number,
        down=wire.down / number,
        disk=disk / number,
        log=log / number,
        backup=backup / number,
    )


def _deeds(
    parts: Parts,
    count: int,
    deed: Callable[[Person, str], Deed],
    *,
    role: Role = Role.RESIDENT,
    unit: str | None = None,
) -> Iterator[Deed]:
    for person, secret in crowd.make(parts, count, role=role, unit=unit):
        yield deed(person, secret)


def _plain(person: Person, secret: str) -> Deed:
    return [_sync(person, secret, [_submission(person, FEEDBACK)])]


def _photo(person: Person, secret: str) -> Deed:
    photo = secrets.token_bytes(PHOTO)
    sha256 = hashlib.sha256(photo).hexdigest()
    sizes = f"Content-Length: {PHOTO}\r\nUpload-Offset: 0\r\nUpload-Length: {PHOTO}\r\n"
    upload = f"PATCH /blobs/{sha256} HTTP/1.1\r\n{_common(person, secret)}{sizes}\r\n".encode() + photo
    return [upload, _sync(person, secret, [_submission(person, photographed((sha256, PHOTO)))])]


def _checkin(person: Person, secret: str) -> Deed:
    at = person.now()
    id = uuid7(at, entropy=secrets.randbits(74))
    value: dict[str, Value] = {
        "unit": _GATE, "place": 1, "gate": 0, "subject": secrets.token_hex(8), "sort": "invitation",
        "meeting": secrets.token_hex(3), "way": "in", "at": at, "max": 1, "word": "ADMIT", "reason": "invitation",
        "override": None, "shown": secrets.token_hex(8),
    }  # fmt: skip
    return [_sync(person, secret, [person.change("checkin", id, "checkin", value)])]


def _pull(person: Person, secret: str) -> Deed:
    return [_sync(person, secret, [])]


def _submission(person: Person, answers: object) -> Value:
    assert isinstance(answers, dict)
    lacking = _ANSWERS - len(json.dumps(FEEDBACK, ensure_ascii=False).encode())
    words = " ".join(secrets.choice(_SYLLABLES) for _ in range(lacking)).encode()[:lacking].decode(errors="ignore")
    return person.submission(PROCEDURE, {**answers, "description": words.strip()})[1]


def _sync(person: Person, secret: str, changes: list[Value]) -> bytes:
    batches: list[str] = [person.device.batch(changes, at=person.now())] if changes else []
    asked = {"epoch": person.epoch, "cursors": person.cursors, "batches": batches, "limit": 200}
    body = json.dumps(asked, separators=(",", ":")).encode()
    head = f"POST /sync HTTP/1.1\r\n{_common(person, secret)}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _common(person: Person, secret: str) -> str:
    host = person.origin.split("//")[1]
    cookie = f"{sessions.COOKIE}={secret}"
    return f"Host: {host}\r\nOrigin: {person.origin}\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\n"


async def _do(port: int, deeds: Sequence[Deed]) -> Wire:
    """Do all of it over a few connections at once; everything must be taken."""
    wire, todo = Wire(), iter(deeds)

    async def converse() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for deed in todo:
            for request in deed:
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode("latin-1").lower().split("\r\n")[1:] if line)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                wire.up += len(request)
                wire.down += len(head) + len(body)
                _check(head, gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)
        writer.close()

    await asyncio.gather(*(converse() for _ in range(_LINES)))
    return wire


def _check(head: bytes, body: bytes) -> None:
    said = json.loads(body) if body else {"answers": []}
    taken = all(each["result"] == "ok" and not each["refused"] for each in said.get("answers", ()))
    if head.split()[1] not in (b"200", b"204") or not taken:
        raise RuntimeError(f"expected all to be taken, got {head.splitlines()[0]!r} {body[:400]!r}")


def _kept(stage: Stage) -> int:
    """Return the bytes of the database once its log is folded in, and of attachments."""
    blobs = _size(stage.service.data / "blobs")
    if stage.cluster is None:
        with sqlite3.connect(stage.service.data / "motcua.db", timeout=30) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in _PAGES)
        return blobs + (int(pages) - int(free)) * int(size)
    with psycopg.connect(stage.service.database, autocommit=True) as connection:
        connection.execute("VACUUM")
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return blobs + int(row[0])


_PAGES: Final = ("page_count", "freelist_count", "page_size")


def _logged(stage: Stage) -> int:
    """Return the bytes that were written so far: PostgreSQL's log, or all that web processes gave to the disk."""
    if stage.cluster is None:
        return sum(_written(pid) for pid in stage.service.workers)
    with psycopg.connect(stage.service.database, autocommit=True) as connection:
        row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    assert row is not None
    return int(row[0])


def _written(pid: int) -> int:
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("write_bytes")))


def _backup(stage: Stage) -> None:
    stage.service.command("backup", str(stage.folder / "backup"))


def _size(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file())


if __name__ == "__main__":
    main()
