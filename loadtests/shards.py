"""`python -m loadtests.shards`: what shards bring to a unit that everybody writes to, on PostgreSQL.

All submissions are to one unit, as in `loadtests.bench`, by processes without HTTP. A commit takes as long as the disk
does; a copy of the database on another machine (`synchronous_commit`) adds some ms, for which PostgreSQL's own
`commit_delay` stands here.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path
from statistics import median

import psycopg

from loadtests.bench import POSTGRES, Bench
from loadtests.cluster import Cluster
from loadtests.limits import Rate
from loadtests.service import free_port
from loadtests.waits import most, waits


def _measure(bench: Bench, *, late: int) -> tuple[Rate, Counter[str]]:
    assert bench.cluster is not None
    with psycopg.connect(bench.cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET commit_delay = {late * 1000}")  # µs
        connection.execute("ALTER SYSTEM SET commit_siblings = 0")
        connection.execute("SELECT pg_reload_conf()")
    with waits(bench.cluster.url("postgres"), everywhere=True) as events:
        rate = bench.limit("push")
    return rate, events


def main() -> None:
    """Measure each in turn, round after round; print a Markdown table."""
    options = argparse.ArgumentParser(prog="shards", description="One busy unit, with and without shards.")
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--together", type=int, default=64, help="submissions under way, of all processes together")
    options.add_argument("--residents", type=int, default=8_000)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--late", type=int, nargs="+", default=(0, 5), help="ms by which commits come later")
    said = options.parse_args()
    cluster = Cluster(durable=True, **POSTGRES)
    cluster.start()
    port = free_port()  # one for all: what was signed names the origin
    found: dict[tuple[int, int], list[tuple[Rate, Counter[str]]]] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="motcua-shards-") as folder:
            benches = {
                shards: Bench(
                    folder=Path(folder),
                    port=port,
                    processes=said.processes,
                    connections=said.together,
                    seconds=said.seconds,
                    cluster=cluster,
                    shards=shards,
                )
                for shards in (0, 8)
            }
            benches[0].seed(said.residents)
            for _, (late, shards) in product(range(said.rounds), product(said.late, benches)):
                found.setdefault((late, shards), []).append(_measure(benches[shards], late=late))
    finally:
        cluster.close()
    print("| commit | shards | submissions a second | of one without | statements under way, by what they waited for |")
    print("|---|--:|--:|--:|---|")
    for (late, shards), rounds in found.items():
        rate, plain = (median(each.a_second for each, _ in found[late, which]) for which in (shards, 0))
        events = sum((each for _, each in rounds), Counter[str]())
        commit = f"{late} ms later" if late else "this disk"
        print(f"| {commit} | {shards or 'none'} | {rate:.0f} | {rate / plain:.2f} | {most(events)} |")
    print(f"\nMedians of {said.rounds} rounds; {said.processes} processes, {said.together} submissions under way.")


if __name__ == "__main__":
    main()
