"""Drives the service with requests that were signed before the run: with wrk, or with `replay.py` without it."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtests.service import REPOSITORY, Service

_TICKS = os.sysconf("SC_CLK_TCK")
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What the generator saw: answers, those that were no 2xx or never came, its seconds, times in ms."""

    program: str
    answers: int
    failed: int
    seconds: float
    p50: float
    p99: float


@dataclass
class Shares:
    """How much of one core was used: by the generator (a child that ended), the service's workers, and others."""

    generator: float = 0.0
    service: float = 0.0
    others: float = 0.0
    seconds: float = 0.0


def drive(service: Service, requests: Path, *, connections: int, seconds: int) -> Driven:
    """Send each prepared request at most once for `seconds`."""
    if shutil.which("wrk") is None:
        return _replay(service, requests, connections=connections, seconds=seconds)
    script = REPOSITORY / "loadtests" / "replay.lua"
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", str(script)]
    return read_wrk(_run(["wrk", *options, service.origin, "--", str(requests)]))


def warm_up(service: Service, requests: Path) -> None:
    """Send requests over many connections, so that every worker has been at work before something is measured."""
    driven = _replay(service, requests, connections=32, seconds=60)
    if driven.failed:
        raise RuntimeError(f"expected 200 to every request of the warm-up, got {driven.failed} others")


def read_wrk(said: str) -> Driven:
    """Read what wrk 4 prints."""
    total = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m),", said)
    times = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+(?:us|ms|s|m))\s*$", said, re.MULTILINE))
    if total is None or times.keys() != {"50", "99"}:
        raise RuntimeError(f"expected wrk's summary, got {said!r}")
    failed = sum(int(number) for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", said))
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    failed += 0 if errors is None else sum(map(int, errors.groups()))
    return Driven(
        program="wrk",
        answers=int(total[1]),
        failed=failed,
        seconds=_milliseconds(total[2] + total[3]) / 1000,
        p50=_milliseconds(times["50"]),
        p99=_milliseconds(times["99"]),
    )


@contextmanager
def shares(service: Service) -> Iterator[Shares]:
    """Measure who uses the processor while the block runs (Linux)."""
    pids = service.workers
    found = Shares()
    before = _generator(), _service(pids), *_machine()
    yield found
    after = _generator(), _service(pids), *_machine()
    generator, workers, busy, whole = (new - old for new, old in zip(after, before, strict=True))
    found.seconds = seconds = whole / (os.cpu_count() or 1)
    found.generator, found.service = generator / seconds, workers / seconds
    found.others = max(0.0, busy / seconds - found.generator - found.service)


def _replay(service: Service, requests: Path, *, connections: int, seconds: int) -> Driven:
    arguments = [str(service.port), str(connections), str(seconds), str(requests)]
    said = json.loads(_run([sys.executable, "-m", "loadtests.replay", *arguments]))
    return Driven(program="Python", **said)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]  # read_wrk found it
    return float(number) * _MILLISECONDS[unit]


def _generator() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _service(pids: tuple[int, ...]) -> float:
    return sum(_ticks(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]) for pid in pids)


def _machine() -> tuple[float, float]:
    """Return the busy and the whole time (s) of all cores together."""
    times = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    return _ticks(times[:3] + times[5:8]), _ticks(times)


def _ticks(texts: list[str]) -> float:
    return sum(map(int, texts)) / _TICKS
