"""The in-process limits: what the machine can do with a submission when there is no HTTP around it.

Levels, from the whole to the bare:

- `exchange`: parse the request, push, pull, make the answer;
- `push`: one batch: two P-256 verifications, all rules, join, signed receipt, durable commit;
- `primitives`: two verifications, a join, the rows of one record, a durable commit; nothing is parsed, no rule asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from loadtests.cluster import Cluster
from loadtests.processor import used_by
from loadtests.service import REPOSITORY

LEVELS = ("exchange", "push", "primitives")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one process does: `part` of `parts` of the `requests`, for up to `seconds`, `together` at a time.

    Before the start it does its part of `warm` likewise, which is not counted.
    """

    level: str
    data: str
    database: str
    key: str
    origin: str
    requests: str
    warm: str
    part: int
    parts: int
    seconds: float
    together: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Submissions a second, and a second of processor time that the program itself used.

    `database` is how much of one core PostgreSQL used besides.
    """

    a_second: float
    a_cpu_second: float
    database: float = 0.0


def measure(shares: Sequence[Share], *, database: Cluster | None = None) -> Rate:
    """Run each share in a process of its own, all at once; return what they did all together."""
    running = [_start(share) for share in shares]
    try:
        for process in running:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError(f"expected the processes of {shares[0].level} to become ready")
        for process in running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        before = used_by(database)
        said = [json.loads(process.communicate()[0]) for process in running]
        used = used_by(database) - before
    finally:
        for process in running:
            process.kill()
            process.wait()
    return Rate(
        a_second=sum(each["done"] / each["seconds"] for each in said),
        a_cpu_second=sum(each["done"] for each in said) / sum(each["cpu"] for each in said),
        database=used / max(each["seconds"] for each in said),
    )


def _start(share: Share) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "loadtests.limit_worker", json.dumps(asdict(share))]
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
