"""A rehearsal of a peak day: a fresh city, a scenario's people, an audit, service levels, and a report to read.

    python -m loadtests.peakday storm|morning|evening|patchy --engine sqlite|postgresql --report storm.html

Exits 1 when a service level fails. With `--host` the people go to a service that runs already (docs/rehearsals.md).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from loadtests import levels, peak_report
from loadtests.levels import Reached
from loadtests.peak import SCENARIOS, Plan, Result, abroad, at_home
from loadtests.service import REPOSITORY
from loadtests.stage import ENGINES

REPORTS = REPOSITORY / "loadtests" / "reports"


def main() -> None:
    """Rehearse, judge, report."""
    said = _options()
    usual = SCENARIOS[said.scenario]
    plan = Plan(
        scenario=said.scenario,
        engine=said.engine,
        people=said.users or usual.people,
        lasts=said.seconds or usual.lasts,
        think=said.think,
        idle=usual.idle if said.idle is None else said.idle,
        workers=said.workers,
        processes=said.processes,
        outage=said.outage,
    )
    begun = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="motcua-peakday-") as name:
        folder = Path(name)
        prepared = said.prepared or folder / "outboxes"
        if said.host:
            result = abroad(plan, folder, host=said.host, links=said.links, ledger=said.ledger or folder / "ledger")
        else:
            result = at_home(plan, folder, prepared=prepared)
    verdicts = levels.judge(levels.read(said.levels)[plan.scenario], reached(result))
    report = peak_report.Report(plan=plan, result=result, verdicts=verdicts, begun=begun)
    file: Path = said.report or REPORTS / f"{plan.scenario}-{plan.engine}-{begun:%Y%m%d-%H%M%S}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(peak_report.html(report))
    print(f"{peak_report.markdown(report)}\nThe report is {file}")
    sys.exit(not levels.passed(verdicts))


def reached(result: Result) -> Reached:
    """Sum up what a rehearsal came to."""
    memory = max((use.pss for use in result.uses["service"]), default=None)
    return Reached(
        rows={row.name: row for row in result.measured.rows},
        memory=memory,
        seconds=result.seconds,
        outboxes=result.outboxes,
        faults=None if result.audit is None else len(result.audit.faults),
    )


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="peakday", description="A rehearsal of a peak day.")
    options.add_argument("scenario", choices=sorted(SCENARIOS))
    options.add_argument("--engine", choices=ENGINES, default="sqlite")
    options.add_argument("--users", type=int, help="people at the peak; in the storm, phones")
    options.add_argument("--seconds", type=float, help="how long the curve lasts; in the storm, until all are back")
    options.add_argument("--think", type=float, default=1.0, help="mean time (s) that people think")
    options.add_argument("--idle", type=int, help="live sockets that lie idle beside it")
    options.add_argument("--workers", type=int, default=2, help="processes of the service")
    options.add_argument("--processes", type=int, default=1, help="processes of Locust on this machine")
    options.add_argument("--outage", type=float, default=3.0, help="storm: seconds until the service is there again")
    options.add_argument("--prepared", type=Path, help="storm: a folder that keeps the prepared phones")
    options.add_argument("--levels", type=Path, default=levels.FILE, help="the file of service levels")
    options.add_argument("--report", type=Path, help="the file for the report")
    options.add_argument("--host", help="a service that runs already, such as https://staging.example")
    options.add_argument("--links", type=Path, help="with --host: enrolment links, `role unit link` a line")
    options.add_argument("--ledger", type=Path, help="with --host: where to keep what was acknowledged, for the audit")
    said = options.parse_args()
    if said.host and said.scenario == "storm":
        options.error("expected no --host with the storm: its phones are written into the store beforehand")
    return said


if __name__ == "__main__":
    main()
