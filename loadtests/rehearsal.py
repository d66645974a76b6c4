"""One rehearsal: a fresh service, Locust's people for a bounded time, and what came of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from loadtests import ledger
from loadtests.audit import audit
from loadtests.findings import Findings
from loadtests.generator import Measured, Row, run
from loadtests.person import PROCEDURE, UNIT
from loadtests.service import Service
from loadtests.stage import stage
from server.kinds import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many people, for how long (s), with how much thought (mean s), through how many processes of the service."""

    users: int = 40
    seconds: int = 30
    think: float = 1.0
    officers: int = 2
    sockets: float = 0.25
    workers: int = 2


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
        with stage(folder, engine="sqlite", workers=plan.workers) as here:
            here.invite({(Role.OFFICER, UNIT): plan.officers})
            here.service.start()
            measured = _locust(here.service, plan, folder)
            here.service.stop()
        noted = ledger.read(folder / "ledger")
        found = audit(here.service.data, noted)
        found.expect(bool(noted.submissions), f"expected at least one submission to {PROCEDURE}")
        return Outcome(
            plan=plan,
            rows=measured.rows,
            failures=measured.failures,
            generator=measured.spent / plan.seconds,
            audit=found,
        )


def _locust(service: Service, plan: Plan, folder: Path) -> Measured:
    options = {
        "host": service.origin,
        "users": plan.users,
        "spawn-rate": max(1, plan.users // 4),
        "run-time": f"{plan.seconds}s",
        "think": plan.think,
        "sockets": plan.sockets,
        "links": folder / "links",
        "ledger": folder / "ledger",
    }
    return run("everyday", folder, options, environment=service.environment, longest=plan.seconds)
