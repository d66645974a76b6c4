"""What `make bench` prints: tables that can stand in a document as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from loadtests.drive import Driven
from loadtests.limits import LEVELS, Rate
from loadtests.processor import Shares

TITLES = {
    "served": "served over HTTP",
    "exchange": "in process: exchange",
    "push": "in process: push",
    "primitives": "in process: primitives",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the service did: distinct receipts, the generator's view, who used the processor, jobs a commit."""

    rate: Rate
    driven: Driven
    shares: Shares
    group: float


def report(rounds: Sequence[Mapping[str, Rate]], served: Sequence[Served]) -> str:
    """Return all rounds, their medians and the ratios as Markdown."""
    columns = [f"round {number + 1}" for number in range(len(rounds))]
    lines = _rates("submissions a second", columns, [{name: each[name].a_second for name in each} for each in rounds])
    lines += [
        "",
        *_rates("per second of CPU time", columns, [{n: each[n].a_cpu_second for n in each} for each in rounds]),
    ]
    lines += ["", *_head("served path", columns)]
    for title, figures in (
        ("p50 ms", [f"{each.driven.p50:.0f}" for each in served]),
        ("p99 ms", [f"{each.driven.p99:.0f}" for each in served]),
        ("submissions that share a commit", [f"{each.group:.1f}" for each in served]),
        (f"{served[0].driven.program}, share of one core", [f"{each.shares.generator:.0%}" for each in served]),
        ("the service's workers, share of one core", [f"{each.shares.service:.0%}" for each in served]),
        ("PostgreSQL, share of one core", [f"{each.shares.database:.0%}" for each in served]),
        ("all other programs, share of one core", [f"{each.shares.others:.0%}" for each in served]),
    ):
        lines.append(f"| {title} | {' | '.join(figures)} |")
    if any(each["push"].database for each in rounds):
        shares = [f"{each['push'].database:.0%}" for each in rounds]
        lines.append(f"| PostgreSQL's share of one core in the limit `push` | {' | '.join(shares)} |")
    return "\n".join(lines)


def _rates(title: str, columns: Sequence[str], rounds: Sequence[Mapping[str, float]]) -> list[str]:
    lines = _head(title, [*columns, "median", "served / this"])
    for name in ("served", *LEVELS):
        rates = [each[name] for each in rounds]
        ratio = median(each["served"] / each[name] for each in rounds)
        lines.append(
            f"| {TITLES[name]} | {' | '.join(f'{r:.0f}' for r in rates)} | {median(rates):.0f} | {ratio:.2f} |"
        )
    return lines


def _head(title: str, columns: Sequence[str]) -> list[str]:
    return [f"| {title} | {' | '.join(columns)} |", "|---|" + "--:|" * len(columns)]
