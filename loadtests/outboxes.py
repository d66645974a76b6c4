"""Phones with full outboxes, made and signed beforehand: each with keys of its own, its batches as it will send them.

A folder of them may be kept and used again for a day, on either engine: it holds what phones hold, and the server's
side is written into a store by `crowd.seat`.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import multiprocessing
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from loadtests.crowd import Seat, seated
from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.features.forms.publishing import catalogue
from sync import canonical, record
from sync.canonical import Value
from sync.record import State

_VERSION: Final = 1
_DAY: Final = 86_400
_CHUNK: Final = 250
_FULLER: Final = 10
"""Every so manieth phone has a second draft in its outbox, and so more batches than one request carries."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that comes back: its batches in their order, and the submission that the last of them carries."""

    seat: Seat
    batches: tuple[str, ...]
    submission: str


class Outboxes:
    """A folder of prepared phones; one is read when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.origin: str = json.loads((folder / "about.json").read_text())["origin"]
        with (folder / "phones").open("rb") as file:
            self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._starts = [0]
        while (end := self._lines.find(b"\n", self._starts[-1])) >= 0:
            self._starts.append(end + 1)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> Phone:
        said = json.loads(self._lines[self._starts[number] : self._starts[number + 1]])
        return Phone(Seat(**said["seat"]), tuple(said["batches"]), said["submission"])

    def __iter__(self) -> Iterator[Phone]:
        return (self[number] for number in range(len(self)))


def prepare(folder: Path, count: int, *, origin: str) -> Outboxes:
    """Return `count` phones: those in the folder if they are still good, or new ones, made by all cores."""
    about = folder / "about.json"
    wanted = {"version": _VERSION, "count": count, "form": _form()[0]}
    if about.exists():
        said = json.loads(about.read_text())
        if wanted.items() <= said.items() and time.time() - said["made_at"] < _DAY / 2:
            return Outboxes(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    jobs = [(start, min(start + _CHUNK, count), origin) for start in range(0, count, _CHUNK)]
    with (folder / "phones").open("wb") as file, ExitStack() as ending:
        # Processes of one's own are worth their start only when there is much to do.
        several = len(jobs) > 1
        pool = ending.enter_context(multiprocessing.get_context("spawn").Pool(os.cpu_count())) if several else None
        for lines in map(_lines, jobs) if pool is None else pool.imap(_lines, jobs):
            file.write(lines)
    about.write_text(json.dumps({**wanted, "origin": origin, "made_at": time.time()}))
    return Outboxes(folder)


def _lines(job: tuple[int, int, str]) -> bytes:
    start, end, origin = job
    return b"".join(json.dumps(asdict(_phone(number, origin))).encode() + b"\n" for number in range(start, end))


def _phone(number: int, origin: str) -> Phone:
    """Fill an outbox as a phone does that is offline: page after page of a draft, then what its passkey signed."""
    person = Person(_never, "localhost", origin, lambda: time.time_ns() // 1_000_000, name=f"Người dân {number}")
    person.id = person.new_id()
    person.records.update(_published())
    batches = [*_filled(person, number)[1]] if number % _FULLER == 0 else []
    draft, pages = _filled(person, number)
    batches += pages
    submission, change = person.submission(PROCEDURE, _answers(number), draft=draft)
    sent = person.change("draft", draft, "submission", submission)
    batches.append(person.device.batch([change, sent], at=person.now()))
    return Phone(seated(person), tuple(batches), submission)


def _filled(person: Person, number: int) -> tuple[str, list[str]]:
    """Return a draft's id and the batches that fill it, of which each is a page."""
    answers = list(_answers(number).items())
    draft, begun = person.draft(PROCEDURE, dict(answers[:3]))
    rest = [person.change("draft", draft, f"answer/{name}", value) for name, value in answers[3:]]
    begun.append(person.change("draft", draft, "language", "vi"))
    pages = [begun, rest[:4], rest[4:]] if number % _FULLER == 0 else [begun, rest]
    return draft, [person.device.batch(page, at=person.now()) for page in pages]


def _answers(number: int) -> dict[str, Value]:
    return {**FEEDBACK, "description": f"{FEEDBACK['description']} Đây là lần thứ {number}."}


@cache
def _published() -> dict[tuple[str, str], State]:
    """Return the one form that these phones need, as they have pulled it."""
    sha256, form = _form()
    values: dict[str, Value] = {"code": PROCEDURE, "form": form}
    return {("form", sha256): record.written({}, values, replica="server", at=1)}


@cache
def _form() -> tuple[str, Value]:
    data = catalogue()[f"{PROCEDURE}.xlsx"]
    return hashlib.sha256(canonical.encode(data)).hexdigest(), data


def _never(path: str, body: object) -> None:
    raise NotImplementedError("what these phones send was signed before")
