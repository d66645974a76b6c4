"""Runs Locust beside the service, and reads what it measured."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loadtests.service import REPOSITORY, free_port

_GRACE: Final = 60
SCENARIOS: Final = REPOSITORY / "loadtests" / "scenarios"


@dataclass(frozen=True, slots=True)
class Row:
    """What Locust measured of the requests of one name; times in ms."""

    name: str
    requests: int
    failures: int
    per_second: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How it stood at one moment, over the last ten seconds; times in ms, None when nothing was answered.

    `users` are those who are there, `failures` are a second, `away` are requests a second that the server turned away
    (503) or did not answer, which phones send again.
    """

    at: float
    users: int
    per_second: float
    failures: float
    away: float
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rows (the last is the sum of all), failures as (name, error, times), moments, and Locust's processor seconds."""

    rows: tuple[Row, ...]
    failures: tuple[tuple[str, str, int], ...]
    moments: tuple[Moment, ...]
    spent: float


def run(
    scenario: str,
    folder: Path,
    options: Mapping[str, Any],
    *,
    environment: Mapping[str, str],
    longest: float,
    processes: int = 1,
    begun: Callable[[int], None] = lambda _: None,
) -> Measured:
    """Run a scenario; `options` are Locust's and ours without dashes.

    Several `processes` are workers beside a master, and each writes a ledger of its own, `<ledger>-<number>`. `longest`
    is seconds; `begun` is told the id of each process.
    """
    usual = {"csv": folder / "figures", "stop-timeout": 10, "exit-code-on-error": 0}
    before, workers = _used(), list[subprocess.Popen[bytes]]()
    with (folder / "locust.log").open("w+b") as log:

        def start(words: list[str], more: Mapping[str, Any]) -> subprocess.Popen[bytes]:
            named = [str(word) for name, value in {**options, **more}.items() for word in (f"--{name}", value)]
            command = [sys.executable, "-m", "locust", "-f", str(SCENARIOS / f"{scenario}.py"), "--skip-log-setup"]
            process = subprocess.Popen(
                [*command, "--loglevel", "ERROR", *words, *named],
                env=dict(environment),
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            begun(process.pid)
            return process

        words = ["--headless", "--only-summary", "--csv-full-history"]
        if processes > 1:
            port = str(free_port())
            for number in range(processes):
                ledger = {"ledger": f"{options['ledger']}-{number}"} if "ledger" in options else {}
                workers.append(start(["--worker", "--master-port", port], ledger))
            words += ["--master", "--master-bind-port", port, "--expect-workers", str(processes)]
        process = start(words, usual)
        try:
            code = process.wait(timeout=longest + _GRACE)
            for worker in workers:
                worker.wait(timeout=_GRACE)
        finally:
            for each in (process, *workers):
                each.kill()
                each.wait()
        if code:
            raise RuntimeError(f"Locust failed: {(folder / 'locust.log').read_text()[-4000:]}")
    return read(folder / "figures", spent=_used() - before)


def read(prefix: Path, *, spent: float = 0.0) -> Measured:
    """Read what `--csv PREFIX --csv-full-history` wrote."""
    return Measured(
        rows=tuple(_rows(prefix)),
        failures=tuple(_failures(prefix)),
        moments=tuple(_moments(prefix)),
        spent=spent,
    )


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(prefix: Path, what: str) -> Iterator[dict[str, str]]:
    with prefix.with_name(f"{prefix.name}_{what}.csv").open(newline="") as file:
        yield from csv.DictReader(file)


def _rows(prefix: Path) -> Iterator[Row]:
    for each in _table(prefix, "stats"):
        if int(each["Request Count"]):
            yield Row(
                name=each["Name"],
                requests=int(each["Request Count"]),
                failures=int(each["Failure Count"]),
                per_second=float(each["Requests/s"]),
                p50=float(each["50%"]),
                p95=float(each["95%"]),
                p99=float(each["99%"]),
            )


def _failures(prefix: Path) -> Iterator[tuple[str, str, int]]:
    for each in _table(prefix, "failures"):
        yield each["Name"], each["Error"], int(each["Occurrences"])
    for each in _table(prefix, "exceptions"):
        yield "in the simulation", each["Message"], int(each["Count"])


def _moments(prefix: Path) -> Iterator[Moment]:
    """Read the history: a row of each name, then one of all, for each second."""
    away = 0.0
    for each in _table(prefix, "stats_history"):
        if each["Name"].endswith(("turned away (503)", "no answer")):
            away += float(each["Requests/s"])
        if each["Name"] == "Aggregated":
            p50, p95, p99 = (None if each[name] == "N/A" else float(each[name]) for name in ("50%", "95%", "99%"))
            yield Moment(
                at=float(each["Timestamp"]),
                users=int(each["User Count"]),
                per_second=float(each["Requests/s"]),
                failures=float(each["Failures/s"]),
                away=away,
                p50=p50,
                p95=p95,
                p99=p99,
            )
            away = 0.0
