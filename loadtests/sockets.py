"""`python -m loadtests.sockets`: thousands of idle live sockets: what each costs, and how soon a poke comes.

The service is the real one, with two processes; each socket is another resident's, with a session. Commits are those
of one more process on the same store and bus, whose own clock says when each was durable.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loadtests import crowd
from loadtests.processor import shares
from loadtests.service import REPOSITORY, Service
from loadtests.stage import ENGINES, Stage, stage
from loadtests.watching import pss_of
from server.config import Config
from server.opening import open_bus, open_store
from sync import record

_GENERATORS: Final = 2
_AT_ONCE: Final = 64
_PUBLIC: Final = 2.0
"""Seconds between commits to the feed that everybody follows."""

Commits = Mapping[tuple[str, int], float]


@dataclass(frozen=True, slots=True)
class Holder:
    """A generator process and the file of what it heard."""

    process: subprocess.Popen[str]
    heard: Path

    def say(self, line: str) -> None:
        """Write a line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """Read a line from it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@contextmanager
def holders(folder: Path) -> Iterator[list[Holder]]:
    """Start the generators; they end with the block."""
    command = [sys.executable, "-m", "loadtests.sockets_worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = [
        Holder(subprocess.Popen(command, cwd=REPOSITORY, text=True, **pipes), folder / f"heard-{number}")  # type: ignore[call-overload]
        for number in range(_GENERATORS)
    ]
    try:
        yield started
    finally:
        for each in started:
            each.process.kill()
            each.process.wait()


def open_all(service: Service, cookies: list[str], generators: list[Holder]) -> tuple[float, int]:
    """Open a socket for each cookie; return how long that took (s), and how many failed."""
    for number, each in enumerate(generators):
        task = {
            "port": service.port,
            "origin": service.origin,
            "source": f"127.0.0.{number + 2}",
            "cookies": cookies[number::_GENERATORS],
            "at_once": _AT_ONCE,
            "heard": str(each.heard),
        }
        each.say(json.dumps(task))
    said = [json.loads(each.answer()) for each in generators]
    return max(each["seconds"] for each in said), sum(each["failed"] for each in said)


def commit(service: Service, people: list[str], *, rate: float, seconds: float) -> Commits:
    """Commit to one person's feed after another, and to everybody's now and then; return when each was durable."""
    durable: dict[tuple[str, int], float] = {}
    settings = Config(data=service.data, key=service.environment["MOTCUA_KEY"], database=service.database)
    bus = open_bus(settings)

    def moved(feeds: Mapping[str, int]) -> None:
        now = time.monotonic()
        durable.update(((feed, seq), now) for feed, seq in feeds.items())
        bus.publish(feeds)

    store = open_store(settings, moved=moved)
    state = record.apply({}, record.write({}, kind="note", id="x", key="x", replica="server", value="x", at=1))
    time.sleep(1)  # so that the bus is heard
    began, number, public = time.monotonic(), 0, 0
    while (now := time.monotonic() - began) < seconds:
        feed = f"person/{random.choice(people)}"
        if now >= public * _PUBLIC:
            feed, public = "public", public + 1
        store.write(lambda t, id=f"n{number}", feed=feed: t.put("note", id, state, feeds=frozenset({feed})))  # type: ignore[misc]
        number += 1
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
    time.sleep(2)
    store.close()
    bus.close()
    return durable


def latencies(commits: Commits, said: list[Any]) -> dict[str, list[float]]:
    """Return, for commits to one follower and to all, the seconds until each socket heard a number as great."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for feed, seq in sorted(commits):
        numbers[feed].append(seq)
    found: dict[str, list[float]] = {"one": [], "all": []}
    for socket in (pokes for each in said for pokes in each["pokes"]):
        heard: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for feed, seq, at in socket:
            heard[feed].append((seq, at))
        for feed, pokes in heard.items():
            pokes.sort()
            for seq in numbers.get(feed, ()):
                place = bisect_left(pokes, (seq, 0.0))
                took = pokes[place][1] - commits[feed, seq] if place < len(pokes) else float("inf")
                found["all" if feed == "public" else "one"].append(took)
    return found


def _memory(service: Service) -> int:
    return sum(map(pss_of, service.workers))


def _slab() -> int:
    (line,) = (line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("Slab:"))
    return int(line.split()[1]) * 1024


def _part(values: list[float], part: float) -> str:
    values = sorted(values)
    return f"{values[min(len(values) - 1, int(part * len(values)))] * 1000:.0f} ms" if values else "-"


def rehearse(at: Stage, folder: Path, *, sockets: int, idle: float, rate: float, seconds: float) -> None:
    """Hold the sockets, commit, stop the service; print a Markdown table."""
    parts = crowd.parts_of(at.service)
    people = [(person.id, secret) for person, secret in crowd.make(parts, sockets)]
    parts.store.close()
    cookies = [secret for _, secret in people]
    at.service.start()
    with holders(folder) as first:
        open_all(at.service, cookies[:20], first)  # so that what is loaded once does not count as a socket's
    time.sleep(1)
    memory, slab = _memory(at.service), _slab()
    with holders(folder) as generators:
        opened, failed = open_all(at.service, cookies, generators)
        time.sleep(2)
        each, kernel = (_memory(at.service) - memory) / sockets, (_slab() - slab) / sockets
        with shares(at.service, at.cluster) as used:
            time.sleep(idle)
        commits = commit(at.service, [id for id, _ in people], rate=rate, seconds=seconds)
        stopped = time.monotonic()
        at.service.stop()
        for generator in generators:
            assert generator.answer() == "written\n"
        said = [json.loads(generator.heard.read_text()) for generator in generators]
    took = latencies(commits, said)
    codes = {code: sum(each["codes"].get(code, 0) for each in said) for each in said for code in each["codes"]}
    public = [seq for feed, seq in commits if feed == "public"]
    rows = [
        ("sockets; that failed", f"{sockets}; {failed}"),
        ("opened in; a second", f"{opened:.1f} s; {sockets / opened:.0f}"),
        ("memory of the service for each (PSS)", f"{each / 1024:.1f} KiB"),
        ("memory of the kernel for each, both ends (slab)", f"{kernel / 1024:.1f} KiB"),
        ("memory of both processes with all", f"{(memory + each * sockets) / 2**20:.0f} MiB"),
        ("processor while idle, pings in it", f"{used.service:.1%} of a core"),
        (f"commits to one follower each, {rate:.0f} a second: to poke, p50", _part(took["one"], 0.5)),
        ("p99; longest", f"{_part(took['one'], 0.99)}; {_part(took['one'], 1)}"),
        (f"{len(public)} commits to all {sockets}: to poke, p50", _part(took["all"], 0.5)),
        ("p99; longest", f"{_part(took['all'], 0.99)}; {_part(took['all'], 1)}"),
        ("pulls after these are spread over", f"{max(each['within'] for each in said) / 1000:.1f} s"),
        ("all closed after SIGTERM in", f"{max(each['ended'] for each in said) - stopped:.1f} s"),
        ("with code", ", ".join(f"{code}: {times}" for code, times in codes.items())),
    ]
    print(f"| {at.engine} | |\n|---|--:|")
    print("\n".join(f"| {name} | {value} |" for name, value in rows), flush=True)


def main() -> None:
    """Measure, print, and leave nothing behind."""
    options = argparse.ArgumentParser(prog="sockets", description="Thousands of idle live sockets.")
    options.add_argument("--engine", choices=ENGINES, default="sqlite")
    options.add_argument("--sockets", type=int, default=5_000)
    options.add_argument("--idle", type=float, default=50.0, help="seconds without a commit; each is pinged once in 45")
    options.add_argument("--rate", type=float, default=100.0, help="commits a second")
    options.add_argument("--seconds", type=float, default=20.0, help="how long commits come")
    said = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-sockets-") as name:
        folder = Path(name)
        with stage(folder, engine=said.engine, workers=2) as at:
            rehearse(at, folder, sockets=said.sockets, idle=said.idle, rate=said.rate, seconds=said.seconds)


if __name__ == "__main__":
    main()
