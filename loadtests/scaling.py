"""`bench --processes 1,2,4`: what more web processes bring, and what stops them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from statistics import median
from typing import TYPE_CHECKING

from loadtests.waits import most, waits

if TYPE_CHECKING:
    from loadtests.bench import Bench
    from loadtests.bench_report import Served
    from loadtests.drive import Driven
    from loadtests.service import Service


def report(benches: Sequence[Bench], *, rounds: int) -> str:
    """Drive the service with each number of processes, round after round; return a Markdown table and the evidence."""
    found: dict[int, list[Served]] = {each.processes: [] for each in benches}
    waited: dict[int, Counter[str]] = {each.processes: Counter() for each in benches}
    for _ in range(rounds):
        for bench in benches:
            found[bench.processes].append(_served(bench, waited[bench.processes]))
    lines = [
        "| processes | a second | p50 ms | p99 ms | share a commit | web | PostgreSQL | generator | others | idle |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [_row(processes, served) for processes, served in found.items()]
    lines += ["", "Shares are of one core."]
    if any(waited.values()):
        lines += ["", "| web processes | statements under way in PostgreSQL, by what they waited for |", "|--:|---|"]
        lines += [f"| {processes} | {most(events)} |" for processes, events in waited.items()]
    return "\n".join(lines)


def _served(bench: Bench, waited: Counter[str]) -> Served:
    def drive(service: Service) -> Driven:
        looks = nullcontext(Counter[str]()) if bench.cluster is None else waits(service.database)
        with looks as events:
            driven = bench.drive(service)
        waited.update(events)
        return driven

    return bench.served(how=drive)


def _row(processes: int, served: Sequence[Served]) -> str:
    def middle(values: Sequence[float]) -> float:
        return median(values)

    shares = [each.shares for each in served]
    web, database, generator, others = (
        middle([getattr(each, name) for each in shares]) for name in ("service", "database", "generator", "others")
    )
    idle = max(0.0, (os.cpu_count() or 1) - web - database - generator - others)
    return (
        f"| {processes} | {middle([each.rate.a_second for each in served]):.0f}"
        f" | {middle([each.driven.p50 for each in served]):.0f} | {middle([each.driven.p99 for each in served]):.0f}"
        f" | {middle([each.group for each in served]):.1f} | {web:.0%} | {database:.0%} | {generator:.0%}"
        f" | {others:.0%} | {idle:.0%} |"
    )
