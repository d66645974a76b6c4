"""`make loadtest`: a rehearsal with Locust, an audit of the store, and a report in `loadtests/reports/`.

Overridden by LOADTEST_USERS, LOADTEST_SECONDS, LOADTEST_THINK (mean s), LOADTEST_OFFICERS, LOADTEST_SOCKETS (0 to 1),
LOADTEST_WORKERS and LOADTEST_ERRORS (the share of failed requests that is still fine).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from loadtests.rehearsal import Outcome, Plan, rehearse
from loadtests.service import REPOSITORY

REPORTS = REPOSITORY / "loadtests" / "reports"


def plan_of(environment: Mapping[str, str]) -> Plan:
    """Read the plan from `LOADTEST_*` variables."""
    usual = Plan()

    def number(name: str, fallback: float) -> float:
        return float(environment.get(f"LOADTEST_{name}", fallback))

    return Plan(
        users=int(number("USERS", usual.users)),
        seconds=int(number("SECONDS", usual.seconds)),
        think=number("THINK", usual.think),
        officers=int(number("OFFICERS", usual.officers)),
        sockets=number("SOCKETS", usual.sockets),
        workers=int(number("WORKERS", usual.workers)),
    )


def report(outcome: Outcome, *, bound: float, at: datetime) -> str:
    """Return the report as Markdown."""
    plan = outcome.plan
    lines = [
        f"# Load test, {at:%Y-%m-%d %H:%M} UTC",
        "",
        f"{plan.users} people, {plan.officers} of them officers, for {plan.seconds} s; they think for {plan.think} s"
        f" on average; {plan.sockets:.0%} have a live socket. The service ran {plan.workers} processes;"
        f" Locust used {outcome.generator:.0%} of one core. What was under way at the end is in the audit only.",
        "",
        "| request | requests | failed | a second | p50 ms | p95 ms | p99 ms |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| `{row.name}` | {row.requests} | {row.failures} | {row.per_second:.1f}"
        f" | {row.p50:.0f} | {row.p95:.0f} | {row.p99:.0f} |"
        for row in outcome.rows
    ]
    held = outcome.error_rate <= bound
    lines += ["", "## Errors", "", f"{outcome.error_rate:.2%} of all requests; at most {bound:.2%} is fine."]
    lines += [f"- {times} x `{name}`: {error}" for name, error, times in outcome.failures]
    lines += ["" if held else "\n**Too many.**\n", "## Audit of the store", "", outcome.audit.text(), ""]
    return "\n".join(lines)


def main() -> None:
    """Rehearse, report, and exit 1 when the audit or the bound on errors fails."""
    at, bound = datetime.now(UTC), float(os.environ.get("LOADTEST_ERRORS", "0.01"))
    outcome = rehearse(plan_of(os.environ))
    text = report(outcome, bound=bound, at=at)
    REPORTS.mkdir(exist_ok=True)
    file = REPORTS / f"loadtest-{at:%Y%m%d-%H%M%S}.md"
    file.write_text(text)
    print(f"{text}\nWritten to {file.relative_to(REPOSITORY)}")
    if outcome.audit.faults or outcome.error_rate > bound:
        sys.exit(1)


if __name__ == "__main__":
    main()
