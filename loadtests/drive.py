"""Drives the service with requests that were signed before the run: with wrk, or with `replay.py` without it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from loadtests.service import REPOSITORY

_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class Listens(Protocol):
    """A server on this machine: the service, or a peer."""

    @property
    def port(self) -> int: ...

    @property
    def origin(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What the generator saw: answers, those that were no 2xx or never came, its seconds, times in ms."""

    program: str
    answers: int
    failed: int
    seconds: float
    p50: float
    p99: float


def drive(service: Listens, requests: Path, *, connections: int, seconds: int) -> Driven:
    """Send each prepared request at most once for `seconds`."""
    if shutil.which("wrk") is None:
        return _replay(service, requests, connections=connections, seconds=seconds)
    script = REPOSITORY / "loadtests" / "replay.lua"
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", str(script)]
    return read_wrk(_run(["wrk", *options, service.origin, "--", str(requests)]))


def warm_up(service: Listens, requests: Path) -> None:
    """Send requests over many connections, so that every worker has been at work before something is measured."""
    driven = _replay(service, requests, connections=32, seconds=60)
    if driven.failed:
        raise RuntimeError(f"expected success for every request of the warm-up, got {driven.failed} others")


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


def drive_evenly(service: Listens, requests: Path, *, rate: float, connections: int, seconds: int) -> Driven:
    """Send `rate` requests a second, whatever the answers do; times run from the moment when each was due."""
    said = run_python("loadtests.evenly", service.port, rate, seconds, connections, requests)
    return _by_python(said)


def run_python(module: str, *arguments: object) -> dict[str, float]:
    """Run a module in a process of its own; return the JSON that it printed."""
    said: dict[str, float] = json.loads(_run([sys.executable, "-m", module, *map(str, arguments)]))
    return said


def _replay(service: Listens, requests: Path, *, connections: int, seconds: int) -> Driven:
    said = run_python("loadtests.replay", service.port, connections, seconds, requests)
    return _by_python(said)


def _by_python(said: Mapping[str, float]) -> Driven:
    return Driven(
        program="Python",
        answers=int(said["answers"]),
        failed=int(said["failed"]),
        seconds=said["seconds"],
        p50=said["p50"],
        p99=said["p99"],
    )


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()  # type: ignore[union-attr]  # read_wrk found it
    return float(number) * _MILLISECONDS[unit]
