"""`bench --offered 0.7`: how long an answer takes when less comes than the service can do."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from loadtests.drive import drive_evenly

if TYPE_CHECKING:
    from loadtests.bench import Bench
    from loadtests.bench_report import Served

_CONNECTIONS = 256


def report(bench: Bench, *, part: float, rounds: int) -> str:
    """Measure the maximum, then offer `part` of it evenly, round after round; return a Markdown table."""
    lines = [
        "| round | maximum a second | offered | answered | p50 ms | p99 ms | share a commit | workers | PostgreSQL |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    found: list[Served] = []
    for number in range(rounds):
        most = bench.served().rate.a_second
        rate = part * most
        each = bench.served(how=lambda service, rate=rate: drive_evenly(  # type: ignore[misc]
            service, bench.requests, rate=rate, connections=_CONNECTIONS, seconds=bench.seconds
        ))  # fmt: skip
        found.append(each)
        lines.append(
            f"| {number + 1} | {most:.0f} | {rate:.0f} | {each.rate.a_second:.0f} | {each.driven.p50:.1f}"
            f" | {each.driven.p99:.1f} | {each.group:.1f} | {each.shares.service:.0%} | {each.shares.database:.0%} |"
        )
    p50, p99 = (median(getattr(each.driven, name) for each in found) for name in ("p50", "p99"))
    return "\n".join([*lines, f"| median | | | | {p50:.1f} | {p99:.1f} | | | |"])
