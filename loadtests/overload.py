"""`bench --overload 2000`: far more phones send at once than the service can serve."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loadtests.drive import run_python
from loadtests.processor import shares

if TYPE_CHECKING:
    from loadtests.bench import Bench

_HOW = {"wait": "come again as told", "hammer": "come again at once"}


def report(bench: Bench, *, phones: int) -> str:
    """Measure the maximum, then let `phones` send at once; return a Markdown table."""
    most = bench.served().rate.a_second
    lines = [
        f"Maximum with {bench.connections} connections: {most:.0f} a second.",
        "",
        f"| {phones} phones | taken a second | of the maximum | p99 of 200, ms | 503 a second | p99 of 503, ms"
        " | other answers | cut | largest worker |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for how, title in _HOW.items():
        said, largest = _driven(bench, phones, how)
        rate = said["taken"] / said["seconds"]
        lines.append(
            f"| {title} | {rate:.0f} | {rate / most:.0%} | {said['taken_p99']:.0f}"
            f" | {said['busy'] / said['seconds']:.0f} | {said['busy_p99']:.0f} | {said['others']:.0f}"
            f" | {said['cut']:.0f} | {largest / 2**20:.0f} MiB |"
        )
    return "\n".join([*lines, "", "Every submission that was answered 200 is in the store, with a receipt."])


def _driven(bench: Bench, phones: int, how: str) -> tuple[dict[str, float], int]:
    with bench.running() as service, shares(service, bench.cluster):
        said = run_python("loadtests.insistent", service.port, phones, bench.seconds, bench.requests, how)
        largest = max(map(_peak, service.workers))
    receipts = bench.receipts(service)
    if receipts < said["taken"]:
        raise RuntimeError(f"expected a receipt for each of {said['taken']:.0f} answers, got {receipts}")
    return said, largest


def _peak(process: int) -> int:
    """Return the most memory (bytes) that a process has held."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024
