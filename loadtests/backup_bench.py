"""What backups, restores and copies cost: `python -m loadtests.backup_bench`, for docs/performance.md.

A city of `--submissions` made-up submissions, each with its draft, receipt, batches and entries of the usual sizes, is
put into SQLite and into PostgreSQL (where the machine has one); then each command runs as an operator would run it.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from loadtests.cluster import Cluster
from loadtests.service import Service
from server.opening import open_city
from server.store.transfer import Row
from setup.postgres import installed
from sync.batch import base64url

_SIZES: Final = {"draft": 3000, "submission": 3600, "receipt": 1500}
"""Characters of a record's state, as those of a rehearsal have."""
_BATCH: Final = 3800
_MOVED: Final = 0.02
"""So much of the city moves between two parts of a backup."""


def _text(chance: random.Random, size: int) -> str:
    """Return text of which, as of signed forms, half does not get smaller."""
    noise = base64.b64encode(chance.randbytes(size * 3 // 8)).decode()
    return f"{noise}{'Đường ngập sâu sau mỗi trận mưa. ' * size}"[:size]


def records(first: int, last: int) -> Iterator[Row]:
    """Yield the records of these submissions."""
    chance = random.Random(first)
    for number in range(first, last):
        person = f"person/{number // 3}"
        for at, (kind, size) in enumerate(_SIZES.items()):
            state = json.dumps({"act": _text(chance, size)}, ensure_ascii=False)
            standing = {person: number % 3 * 3 + at + 1}
            if kind != "draft":
                standing["unit/1022"] = 2 * number + at
            digest = hashlib.sha256(state.encode()).hexdigest()
            yield (kind, f"{number:032x}", state, digest, json.dumps(standing), "{}", "{}")


def batches(first: int, last: int) -> Iterator[Row]:
    """Yield the batches that brought them, two for each."""
    chance = random.Random(first)
    for number in range(first, last):
        for seq in (1, 2):
            jws = base64url(chance.randbytes(_BATCH * 3 // 4))
            hash_ = base64url(hashlib.sha256(jws.encode()).digest())
            yield (f"device-{number}", seq, hash_, jws, '{"result": "ok"}')


def fill(service: Service, first: int, last: int, *, fresh: bool) -> None:
    """Put submissions into a city."""
    city = open_city(service.database, service.data)
    with city.filling() as filling:
        filling.take("records", records(first, last), fresh=fresh)
        filling.take("batches", batches(first, last), fresh=fresh)
    city.close()


def timed(service: Service, *arguments: str) -> tuple[float, int]:
    """Run a command; return its seconds and its greatest memory in MiB."""
    code = (
        "import resource, sys\nfrom server.cli import cli\n"
        "try:\n    cli()\nfinally:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=service.environment, capture_output=True, text=True, check=True
    )
    return time.monotonic() - began, int(done.stderr.split()[-1]) // 1024


def bench(engine: str, folder: Path, databases: Mapping[str, str], count: int) -> None:
    """Print the rows of one engine."""
    one, two = (Service(folder / name, database=databases.get(name, "")) for name in ("one", "two"))
    fill(one, 0, count, fresh=True)
    rows = 5 * count
    backup = folder / "backup"

    def say(what: str, seconds: float, memory: int, some: int, size: int) -> None:
        print(
            f"| {engine}: {what} | {seconds:.1f} | {some / seconds:,.0f} | {size / (some / 5):,.0f} | {memory} |",
            flush=True,
        )

    def written() -> int:
        return sum(path.stat().st_size for path in backup.glob("*.rows.gz"))

    say("a whole part", *timed(one, "backup", str(backup)), rows, whole := written())
    some = max(1, int(count * _MOVED))
    fill(one, count, count + some, fresh=False)
    say(f"a part of {_MOVED:.0%}", *timed(one, "backup", str(backup)), 5 * some, written() - whole)
    say("restored", *timed(two, "restore", str(backup)), rows + 5 * some, written())


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=10_000)
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="motcua-backups-"))
    cluster = None if installed() is None else Cluster()
    print(f"{wanted.submissions:,} submissions, 5 rows each besides those of feeds\n")
    print("| | s | rows a second | bytes a submission | MiB of memory |\n|---|--:|--:|--:|--:|")
    try:
        bench("SQLite", folder / "sqlite", {}, wanted.submissions)
        if cluster is not None:
            cluster.start()
            urls = {name: cluster.create(name) for name in ("one", "two")}
            bench("PostgreSQL", folder / "postgresql", urls, wanted.submissions)
            copied = Service(folder / "sqlite" / "one")
            source, target = f"sqlite:{folder / 'sqlite' / 'one'}", cluster.create("copied")
            seconds, memory = timed(copied, "copy", "--from", source, "--to", target)
            rows = 5 * wanted.submissions * (1 + _MOVED)
            print(f"| SQLite to PostgreSQL, compared | {seconds:.1f} | {rows / seconds:,.0f} | | {memory} |")
    finally:
        if cluster is not None:
            cluster.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
