"""`make bench`: the served submission path against what the machine can do without HTTP, in one run.

Everyone who sends is another resident with keys of their own; what they send was signed before. Every part begins with
a copy of the same data folder, and is given the same requests. The parts take turns, round after round, so that what
else the machine does meets all of them; the ratios are made within a round.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import urllib.request
from collections import Counter
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from loadtests import crowd, profiling
from loadtests.drive import Driven, Shares, drive, shares
from loadtests.limit import LEVELS, Share
from loadtests.rehearsal import Plan, rehearse
from loadtests.service import REPOSITORY, Service, free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the service did: distinct receipts a second, the generator's view, who used the processor, jobs a commit."""

    rate: float
    driven: Driven
    shares: Shares
    group: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A seeded folder and its requests. `processes` work on it, in the limits as in the service."""

    folder: Path
    port: int
    processes: int
    connections: int
    seconds: int

    @property
    def requests(self) -> Path:
        """The file of prepared requests."""
        return self.folder / "requests"

    def service(self, data: Path) -> Service:
        """Return the service on a data folder; always at the same origin, which stands in what was signed."""
        return Service(data, port=self.port, workers=self.processes)

    def seed(self, residents: int) -> None:
        """Make the demo city, its residents, and a signed request of each."""
        service = self.service(self.folder / "seed")
        service.command("demo")
        parts = crowd.open_parts(service.data, key=service.environment["MOTCUA_KEY"], origin=service.origin)
        crowd.prepare(parts, residents, self.requests)
        parts.store.close()

    def fresh(self) -> Path:
        """Return a new copy of the seeded folder."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "seed", copy)
        subprocess.run(["sync"], check=True)  # what was copied is not to be written while something is measured
        return copy

    def limit(self, level: str) -> float:
        """Return submissions a second in process, over all processes."""
        service = self.service(self.fresh())
        command = [
            Share(
                level=level,
                data=str(service.data),
                key=service.environment["MOTCUA_KEY"],
                origin=service.origin,
                requests=str(self.requests),
                part=part,
                parts=self.processes,
                seconds=self.seconds,
                together=self.connections // self.processes,
            ).command()
            for part in range(self.processes)
        ]
        running = [
            subprocess.Popen(each, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for each in command
        ]
        for process in running:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"expected {level} to become ready")
        for process in running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [json.loads(process.communicate()[0]) for process in running]
        return float(sum(each["done"] / each["seconds"] for each in said))

    def served(self, *, profile: Counter[str] | None = None) -> Served:
        """Drive the real service; count what is in its store afterwards."""
        service = self.service(self.fresh())
        service.start()
        spy = (
            nullcontext()
            if profile is None
            else profiling.watching(service.workers[0], seconds=self.seconds, found=profile)
        )
        try:
            with spy, shares(service) as used:
                driven = drive(service, self.requests, connections=self.connections, seconds=self.seconds)
            group = _group(service)
        finally:
            service.stop()
        return Served(rate=self.count(service.data, driven), driven=driven, shares=used, group=group)

    def count(self, data: Path, driven: Driven) -> float:
        """Return distinct receipts a second, or raise when any answer was not what it should be.

        An answer that is not `ok` leaves no receipt, and one that refuses the submission stands in the log of batches.
        """
        with closing(sqlite3.connect(data / "motcua.db")) as database:
            (receipts,) = database.execute("SELECT count(DISTINCT id) FROM records WHERE kind = 'receipt'").fetchone()
            (refused,) = database.execute(
                "SELECT count(*) FROM batches WHERE answer NOT LIKE '%\"refused\": []%'"
            ).fetchone()
        if driven.failed or refused:
            raise RuntimeError(f"expected every answer to be 200 and ok, got {driven.failed} others, {refused} refused")
        if receipts < driven.answers:
            raise RuntimeError(
                f"expected a receipt for each of {driven.answers} answers, got {receipts}: were the requests too few?"
                " --residents makes more"
            )
        return min(int(receipts), driven.answers) / driven.seconds


def _group(service: Service) -> float:
    """Return how many jobs shared a commit on average, by the service's own figures."""
    with urllib.request.urlopen(f"{service.origin}/metrics") as answer:
        text = answer.read().decode()
    total, count = (float(re.search(rf"^motcua_commit_jobs_{what} (.*)$", text, re.M)[1]) for what in ("sum", "count"))  # type: ignore[index]
    return total / count


def report(rounds: list[dict[str, float]], served: list[Served]) -> str:
    """Return all rounds, their medians and the ratios as Markdown."""
    names = [*LEVELS, "served"]
    lines = [
        "| submissions a second | "
        + " | ".join(f"round {n + 1}" for n in range(len(rounds)))
        + " | median | served / this |"
    ]
    lines.append("|---|" + "--:|" * (len(rounds) + 2))
    for name in reversed(names):
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
        ("kernel and all other programs, share of one core", [f"{each.shares.others:.0%}" for each in served]),
    ):
        lines.append(f"| {title} | {' | '.join(figures)} |")
    return "\n".join(lines)


TITLES = {
    "served": "served over HTTP",
    "exchange": "in process: the whole exchange (parse, push, pull, answer)",
    "push": "in process: push alone (two verifications, rules, join, receipt, durable commit)",
    "primitives": "in process: bare primitives (two verifications, join, rows of one record, durable commit)",
}


def main() -> None:
    """Measure, print, and leave nothing behind."""
    options = argparse.ArgumentParser(prog="bench", description="The served submission path against its limits.")
    options.add_argument("--residents", type=int, default=18_000, help="how many sign one submission each beforehand")
    options.add_argument("--seconds", type=int, default=6, help="how long each part runs")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2, help="workers of the service, and processes of each limit")
    options.add_argument("--connections", type=int, default=64)
    options.add_argument("--profile", action="store_true", help="also say where a worker's time goes (py-spy)")
    options.add_argument("--no-locust", action="store_true", help="leave out what Locust reaches without think time")
    said = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        bench = Bench(
            folder=Path(name),
            port=free_port(),
            processes=said.processes,
            connections=said.connections,
            seconds=said.seconds,
        )
        print(f"{said.residents} residents sign one submission each ...", flush=True)
        bench.seed(said.residents)
        rounds: list[dict[str, float]] = []
        served: list[Served] = []
        for number in range(said.rounds):
            print(f"round {number + 1} of {said.rounds} ...", flush=True)
            rates = {level: bench.limit(level) for level in LEVELS}
            served.append(bench.served())
            rounds.append({**rates, "served": served[-1].rate})
        print(f"\n{report(rounds, served)}\n", flush=True)
        if said.profile:
            samples: Counter[str] = Counter()
            bench.served(profile=samples)
            print(f"{profiling.table(samples)}\n", flush=True)
    if not said.no_locust:
        print(_locust(said.processes), flush=True)


def _locust(processes: int) -> str:
    """Say what Locust reaches: residents who fill, sign and submit without a thought."""
    outcome = rehearse(Plan(users=34, officers=2, seconds=10, think=0, sockets=0, workers=processes))
    submits = sum(row.per_second for row in outcome.rows if row.name == "/sync submit")
    return (
        f"Locust without think time: {outcome.total.per_second:.0f} requests a second, {submits:.0f} submissions among"
        f" them, {outcome.total.failures} failed; it used {outcome.generator:.0%} of one core itself."
    )


if __name__ == "__main__":
    main()
