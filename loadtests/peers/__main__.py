"""`make peers`: ours beside Kinto and pouchdb-server, in one run on one machine.

All are given the same documents of 2 kB over as many connections; to ours they come signed twice. The stores take
turns, round after round, each time with fresh data; the ratios are made within a round.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from loadtests.bench import POSTGRES
from loadtests.cluster import Cluster
from loadtests.peers import report, sync
from loadtests.peers.contender import Contender
from loadtests.peers.creating import create
from loadtests.peers.kinto import Kinto
from loadtests.peers.ours import Ours
from loadtests.peers.pouchdb import PouchDBServer
from loadtests.service import free_port
from setup.postgres import MISSING, installed


def main() -> None:
    """Measure, print, and leave nothing behind."""
    options = argparse.ArgumentParser(prog="python -m loadtests.peers", description=__doc__)
    options.add_argument("--records", type=int, default=12_000, help="requests prepared for each store (12000)")
    options.add_argument("--seconds", type=int, default=5, help="how long each part runs (5)")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2, help="web processes, ours and Kinto's (2)")
    options.add_argument("--threads", type=int, default=8, help="threads of each of Kinto's processes (8)")
    options.add_argument("--connections", type=int, default=64)
    options.add_argument("--only", choices=("create", "sync"), help="one of the two parts alone")
    said = options.parse_args()
    if installed() is None:
        sys.exit(MISSING)
    if shutil.which("wrk") is None:
        sys.exit("expected wrk, which drives all stores alike: install the package `wrk` of this system")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that nothing that was started stays behind
    with tempfile.TemporaryDirectory(prefix="motcua-peers-") as name:
        compare(Path(name), said)


def compare(folder: Path, said: argparse.Namespace) -> None:
    """Prepare all stores in a folder, and compare them."""
    cluster = Cluster(durable=True, **POSTGRES)
    cluster.start()
    sqlite = Ours(folder / "sqlite", port=free_port(), processes=said.processes)
    postgresql = Ours(folder / "postgresql", port=free_port(), processes=said.processes, cluster=cluster)
    kinto = Kinto(folder / "kinto", cluster=cluster, processes=said.processes, threads=said.threads)
    pouch, durable = PouchDBServer(folder / "pouch"), PouchDBServer(folder / "durable", durable=True)
    print(f"{said.records} residents sign one submission each, for either engine ...", flush=True)
    documents = sqlite.seed(said.records)
    postgresql.seed(said.records)
    kinto.seed(documents)
    pouch.seed(documents)
    durable.seed(documents)
    contenders: list[Contender] = [sqlite, postgresql, kinto, durable, pouch]
    if said.only != "sync":
        rounds: list[report.Round] = []
        for number in range(said.rounds):
            print(f"round {number + 1} of {said.rounds} ...", flush=True)
            rounds.append(
                {each.title: create(each, connections=said.connections, seconds=said.seconds) for each in contenders}
            )
        print(f"\n{report.created(rounds, ours=(sqlite.title, postgresql.title))}\n", flush=True)
    if said.only != "create":
        print("records come to new phones ...", flush=True)
        found = [
            *sync.ours(sqlite, folder),
            *sync.ours(postgresql, folder),
            *sync.kinto(kinto, documents),
            *sync.pouch(pouch, documents),
        ]
        print(f"\n{report.synced(found)}\n", flush=True)
    cluster.close()


if __name__ == "__main__":
    main()
