"""What `make bench` prints: tables that can stand in a document as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from loadtests.drive import Driven, Shares
from loadtests.limits import LEVELS

TITLES = {
    "served": "served over HTTP",
    "exchange": "in process: the whole exchange (parse, push, pull, answer)",
    "push": "in process: push alone (two verifications, rules, join, receipt, durable commit)",
    "primitives": "in process: bare primitives (two verifications, join, rows of one record, durable commit)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the service did: distinct receipts a second, the generator's view, who used the processor, jobs a commit."""

    rate: float
    driven: Driven
    shares: Shares
    group: float


def report(rounds: Sequence[Mapping[str, float]], served: Sequence[Served]) -> str:
    """Return all rounds, their medians and the ratios as Markdown."""
    lines = [
        "| submissions a second | "
        + " | ".join(f"round {n + 1}" for n in range(len(rounds)))
        + " | median | served / this |"
    ]
    lines.append("|---|" + "--:|" * (len(rounds) + 2))
    for name in ("served", *LEVELS):
        rates = [each[name] for each in rounds]
        ratio = median(each["served"] / each[name] for each in rounds)
        cells = " | ".join(f"{rate:.0f}" for rate in rates)
        lines.append(f"| {TITLES[name]} | {cells} | {median(rates):.0f} | {ratio:.2f} |")
    lines += ["", "| served path | " + " | ".join(f"round {n + 1}" for n in range(len(rounds))) + " |"]
    lines.append("|---|" + "--:|" * len(rounds))
    for title, figures in (
        ("p50 ms", [f"{each.driven.p50:.0f}" for each in served]),
        ("p99 ms", [f"{each.driven.p99:.0f}" for each in served]),
        ("submissions that share a commit", [f"{each.group:.1f}" for each in served]),
        (f"{served[0].driven.program}, share of one core", [f"{each.shares.generator:.0%}" for each in served]),
        ("the service's workers, share of one core", [f"{each.shares.service:.0%}" for each in served]),
        (
            "all other programs, and the kernel for itself, share of one core",
            [f"{each.shares.others:.0%}" for each in served],
        ),
    ):
        lines.append(f"| {title} | {' | '.join(figures)} |")
    return "\n".join(lines)
