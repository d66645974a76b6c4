"""`make bench`: the served submission path against what the machine can do without HTTP, in one run.

Everyone who sends is another resident with keys of their own; what they send was signed before. Every part begins with
a copy of the same data folder, and is given the same requests. The parts take turns, round after round, so that what
else the machine does meets all of them; the ratios are made within a round.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from loadtests import crowd, offered, overload, profiling, scaling
from loadtests.bench_report import Served, report
from loadtests.cluster import Cluster
from loadtests.drive import Driven, drive, warm_up
from loadtests.limits import LEVELS, Rate, Share, measure
from loadtests.person import UNIT
from loadtests.processor import shares
from loadtests.rehearsal import Plan, rehearse
from loadtests.rows import rows
from loadtests.service import Service, free_port

_WARM = 256
POSTGRES = {"shared_buffers": "256MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}
"""What anybody would set: with the defaults of PostgreSQL it is mostly checkpoints that are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A seeded folder and its requests. `processes` work on it, in the limits as in the service.

    With a `cluster` the records are in PostgreSQL, in a database of the name that the data folder has. The unit that
    all submissions go to has so many `shards`; 0 leaves its feed whole.
    """

    folder: Path
    port: int
    processes: int
    connections: int
    seconds: int
    cluster: Cluster | None = None
    shards: int = 0

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
        settings = {} if self.cluster is None else {"database": self.cluster.url(data.name)}
        return Service(data, port=self.port, workers=self.processes, **settings)

    def seed(self, residents: int) -> None:
        """Make the demo city, its residents, and a signed request of each."""
        if self.cluster is not None:
            self.cluster.create("seed")
        service = self.service(self.folder / "seed")
        service.command("demo")
        parts = crowd.parts_of(service)
        crowd.prepare(parts, _WARM, self.warm)
        crowd.prepare(parts, residents, self.requests)
        parts.store.close()

    def fresh(self) -> Path:
        """Return a new copy of the seeded folder, and of its database, in which the unit's feed is split."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / "seed", copy)
        if self.cluster is not None:
            url = self.cluster.create(copy.name, template="seed")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        if self.shards:
            self.service(copy).command("shard", UNIT, "--shards", str(self.shards))
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
                    database=service.database,
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
            ],
            database=self.cluster,
        )

    def served(self, *, profile: Counter[str] | None = None, how: Callable[[Service], Driven] | None = None) -> Served:
        """Drive the real service, `how` or as fast as it goes; count what is in its store afterwards."""
        with self.running() as service:
            spy = (
                nullcontext()
                if profile is None
                else profiling.watching(service.workers[0], seconds=self.seconds, found=profile)
            )
            with spy, shares(service, self.cluster) as used:
                driven = self.drive(service) if how is None else how(service)
            group = _group(service)
        a_second = self.count(service, driven)
        rate = Rate(a_second=a_second, a_cpu_second=driven.answers / (used.service * used.seconds))
        return Served(rate=rate, driven=driven, shares=used, group=group)

    @contextmanager
    def running(self) -> Iterator[Service]:
        """Run the service on a fresh copy, warmed up, until the block ends."""
        service = self.service(self.fresh())
        service.start()
        try:
            warm_up(service, self.warm)
            yield service
        finally:
            service.stop()

    def drive(self, service: Service) -> Driven:
        """Send as many requests as the service answers."""
        return drive(service, self.requests, connections=self.connections, seconds=self.seconds)

    def receipts(self, service: Service) -> int:
        """Return how many submissions of the measured requests are in the store of a service, each with a receipt.

        Raises when the server refused any: that stands in the log of batches.
        """
        with rows(service.data, database=service.database) as read:
            ((receipts,),) = read("SELECT count(DISTINCT id) FROM records WHERE kind = 'receipt'")
            ((refused,),) = read("SELECT count(*) FROM batches WHERE answer NOT LIKE '%\"refused\": []%'")
        if refused:
            raise RuntimeError(f"expected every submission to be taken, got {refused} refused")
        return int(receipts) - _WARM

    def count(self, service: Service, driven: Driven) -> float:
        """Return distinct receipts a second, or raise when any answer was not what it should be.

        An answer that is not `ok` leaves no receipt.
        """
        receipts = self.receipts(service)
        if driven.failed:
            raise RuntimeError(f"expected every answer to be 200, got {driven.failed} others")
        if receipts < driven.answers:
            raise RuntimeError(
                f"expected a receipt for each of {driven.answers} answers, got {receipts}:"
                " were the requests too few? --residents makes more"
            )
        return float(min(receipts, driven.answers) / driven.seconds)


def _group(service: Service) -> float:
    """Return how many jobs shared a commit on average, by the service's own figures."""
    with urllib.request.urlopen(f"{service.origin}/metrics") as answer:
        text = answer.read().decode()
    total, count = (float(re.search(rf"^motcua_commit_jobs_{what} (.*)$", text, re.M)[1]) for what in ("sum", "count"))  # type: ignore[index]
    return total / count


def main() -> None:
    """Measure, print, and leave nothing behind."""
    options = argparse.ArgumentParser(prog="bench", description="The served submission path against its limits.")
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--residents", type=int, default=18_000, help="how many sign one submission each beforehand")
    options.add_argument("--seconds", type=int, default=6, help="how long each part runs")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--processes",
        type=lambda text: tuple(map(int, text.split(","))),
        default=(2,),
        help="workers of the service, and processes of each limit; several, as 1,2,4, are compared",
    )
    options.add_argument("--shards", type=int, default=0, help="of the unit that all submissions go to")
    options.add_argument("--connections", type=int, default=64)
    options.add_argument("--offered", type=float, help="offer this part of what it can, evenly, as 0.7")
    options.add_argument("--overload", type=int, help="so many phones send at once, and come again when told to")
    options.add_argument("--profile", action="store_true", help="also say where a worker's time goes (py-spy)")
    options.add_argument("--locust", action="store_true", help="also say what Locust reaches without think time")
    said = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name, _cluster(said.engine) as cluster:
        bench = Bench(
            folder=Path(name),
            port=free_port(),
            processes=said.processes[0],
            connections=said.connections,
            seconds=said.seconds,
            cluster=cluster,
            shards=said.shards,
        )
        print(f"{said.residents} residents sign one submission each ...", flush=True)
        bench.seed(said.residents)
        if said.offered:
            print(f"\n{offered.report(bench, part=said.offered, rounds=said.rounds)}\n", flush=True)
        elif said.overload:
            print(f"\n{overload.report(bench, phones=said.overload)}\n", flush=True)
        elif len(said.processes) > 1:
            benches = [replace(bench, processes=number) for number in said.processes]
            print(f"\n{scaling.report(benches, rounds=said.rounds)}\n", flush=True)
        else:
            _compare(bench, rounds=said.rounds, profile=said.profile)
    if said.locust:
        print(_locust(said.processes[0]), flush=True)


@contextmanager
def _cluster(engine: str) -> Iterator[Cluster | None]:
    if engine == "sqlite":
        yield None
        return
    cluster = Cluster(durable=True, **POSTGRES)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


def _compare(bench: Bench, *, rounds: int, profile: bool) -> None:
    """Hold the served path against its limits."""
    found: list[dict[str, Rate]] = []
    served: list[Served] = []
    for number in range(rounds):
        print(f"round {number + 1} of {rounds} ...", flush=True)
        rates = {level: bench.limit(level) for level in LEVELS}
        served.append(bench.served())
        found.append({**rates, "served": served[-1].rate})
    print(f"\n{report(found, served)}\n", flush=True)
    if profile:
        samples: Counter[str] = Counter()
        bench.served(profile=samples)
        print(f"{profiling.table(samples)}\n", flush=True)


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
