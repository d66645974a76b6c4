"""stub"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from loadtests.levels import Verdict
from loadtests.peak import Plan, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """x"""

    plan: Plan
    result: Result
    verdicts: tuple[Verdict, ...]
    begun: datetime


def html(report: Report) -> str:
    """x"""
    return ""


def markdown(report: Report) -> str:
    """x"""
    r = report.result
    out = [f"prepared {r.prepared:.1f} seconds {r.seconds:.1f}"]
    out += map(str, r.measured.rows)
    out += map(str, r.measured.failures[:10])
    out += map(str, report.verdicts)
    out.append(r.audit.text() if r.audit else "")
    out.append(str(r.uses["service"][-1:]) + str(r.uses["database"][-1:]) + str(r.uses["locust"][-1:]))
    out.append(str(r.measured.moments[-3:]))
    return "\n".join(out)
