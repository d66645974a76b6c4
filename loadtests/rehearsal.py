"""One rehearsal: a fresh service, Locust's people for a bounded time, and what came of it."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from loadtests import ledger
from loadtests.audit import audit
from loadtests.findings import Findings
from loadtests.person import PROCEDURE
from loadtests.service import REPOSITORY, Service

_UNIT = "1022"
_GRACE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many people, for how long (s), with how much thought (mean s), through how many processes of the service."""

    users: int = 40
    seconds: int = 30
    think: float = 1.0
    officers: int = 2
    sockets: float = 0.25
    workers: int = 2


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
class Outcome:
    """Rows (the last is the sum of all), failures as (name, error, times), Locust's share of a core, and the audit."""

    plan: Plan
    rows: tuple[Row, ...]
    failures: tuple[tuple[str, str, int], ...]
    generator: float
    audit: Findings

    @property
    def total(self) -> Row:
        """All requests together."""
        return self.rows[-1]

    @property
    def error_rate(self) -> float:
        """Failed requests among all."""
        return self.total.failures / max(1, self.total.requests)


def rehearse(plan: Plan) -> Outcome:
    """Run Locust against a fresh service in a temporary folder, stop it, and audit its store."""
    with tempfile.TemporaryDirectory(prefix="motcua-rehearsal-") as name:
        folder = Path(name)
        service = Service(folder / "data", workers=plan.workers)
        service.command("demo")
        links = [service.command("enrol", "officer", "--unit", _UNIT) for _ in range(plan.officers)]
        (folder / "links").write_text("".join(links))
        service.start()
        try:
            used = _locust(service, plan, folder)
        finally:
            service.stop()
        noted = ledger.read(folder / "ledger")
        found = audit(service.data, noted)
        found.expect(bool(noted.submissions), f"expected at least one submission to {PROCEDURE}")
        return Outcome(
            plan=plan,
            rows=tuple(_rows(folder / "figures_stats.csv")),
            failures=tuple(_failures(folder)),
            generator=used / plan.seconds,
            audit=found,
        )


def _locust(service: Service, plan: Plan, folder: Path) -> float:
    """Run Locust; return the CPU seconds that it used."""
    command = [sys.executable, "-m", "locust", "-f", str(REPOSITORY / "loadtests" / "locustfile.py")]
    options = {
        "--host": service.origin,
        "--users": plan.users,
        "--spawn-rate": max(1, plan.users // 4),
        "--run-time": f"{plan.seconds}s",
        "--stop-timeout": 10,
        "--csv": folder / "figures",
        "--exit-code-on-error": 0,
        "--loglevel": "ERROR",
        "--think": plan.think,
        "--sockets": plan.sockets,
        "--officers": folder / "links",
        "--ledger": folder / "ledger",
    }
    words = [str(word) for pair in options.items() for word in pair]
    before = _used()
    done = subprocess.run(
        [*command, "--headless", "--only-summary", "--skip-log-setup", *words],
        env=service.environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=plan.seconds + _GRACE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Locust failed: {done.stdout[-2000:]}{done.stderr[-4000:]}")
    return _used() - before


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _rows(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return [
            Row(
                name=each["Name"],
                requests=int(each["Request Count"]),
                failures=int(each["Failure Count"]),
                per_second=float(each["Requests/s"]),
                p50=float(each["50%"]),
                p95=float(each["95%"]),
                p99=float(each["99%"]),
            )
            for each in csv.DictReader(file)
            if int(each["Request Count"])
        ]


def _failures(folder: Path) -> list[tuple[str, str, int]]:
    failures: list[tuple[str, str, int]] = []
    with (folder / "figures_failures.csv").open(newline="") as file:
        failures += [(each["Name"], each["Error"], int(each["Occurrences"])) for each in csv.DictReader(file)]
    with (folder / "figures_exceptions.csv").open(newline="") as file:
        failures += [("in the simulation", each["Message"], int(each["Count"])) for each in csv.DictReader(file)]
    return failures
