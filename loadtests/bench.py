"""`make bench`: the served submission path against what the machine can do without HTTP, in one run.

Everyone who sends is another resident with keys of their own; what they send was signed before. Every part begins with
a copy of the same data folder, and is given the same requests. The parts take turns, round after round, so that what
else the machine does meets all of them; the ratios are made within a round.
"""

from __future__ import annotations

import argparse
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

from loadtests import crowd, profiling
from loadtests.bench_report import Served, report
from loadtests.drive import Driven, drive, shares, warm_up
from loadtests.limits import LEVELS, Rate, Share, measure
from loadtests.rehearsal import Plan, rehearse
from loadtests.service import Service, free_port

_WARM = 256


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

    @property
    def warm(self) -> Path:
        """The file of the requests that come before, so that nothing is measured cold; they are not counted."""
        return self.folder / "warm"

    def service(self, data: Path) -> Service:
        """Return the service on a data folder; always at the same origin, which stands in what was signed."""
        return Service(data, port=self.port, workers=self.processes)

    def seed(self, residents: int) -> None:
        """Make the demo city, its residents, and a signed request of each."""
        service = self.service(self.folder / "seed")
        service.command("demo")
        parts = crowd.parts_of(service)
        crowd.prepare(parts, _WARM, self.warm)
        crowd.prepare(parts, residents, self.requests)
        parts.store.close()

    def fresh(self) -> Path:
        """Return a new copy of the seeded folder."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "seed", copy)
        subprocess.run(["sync"], check=True)  # what was copied is not to be written while something is measured
        return copy

    def limit(self, level: str) -> Rate:
        """Return what all processes together do without HTTP."""
        service = self.service(self.fresh())
        return measure(
            [
                Share(
                    level=level,
                    data=str(service.data),
                    key=service.environment["MOTCUA_KEY"],
                    origin=service.origin,
                    requests=str(self.requests),
                    warm=str(self.warm),
                    part=part,
                    parts=self.processes,
                    seconds=self.seconds,
                    together=self.connections // self.processes,
                )
                for part in range(self.processes)
            ]
        )

    def served(self, *, profile: Counter[str] | None = None) -> Served:
        """Drive the real service; count what is in its store afterwards."""
        service = self.service(self.fresh())
        service.start()
        warm_up(service, self.warm)
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
        a_second = self.count(service.data, driven)
        rate = Rate(a_second=a_second, a_cpu_second=driven.answers / (used.service * used.seconds))
        return Served(rate=rate, driven=driven, shares=used, group=group)

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
        if receipts < driven.answers + _WARM:
            raise RuntimeError(
                f"expected a receipt for each of {driven.answers} answers, got {receipts - _WARM}:"
                " were the requests too few? --residents makes more"
            )
        return float(min(receipts - _WARM, driven.answers) / driven.seconds)


def _group(service: Service) -> float:
    """Return how many jobs shared a commit on average, by the service's own figures."""
    with urllib.request.urlopen(f"{service.origin}/metrics") as answer:
        text = answer.read().decode()
    total, count = (float(re.search(rf"^motcua_commit_jobs_{what} (.*)$", text, re.M)[1]) for what in ("sum", "count"))  # type: ignore[index]
    return total / count


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
        rounds: list[dict[str, Rate]] = []
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
