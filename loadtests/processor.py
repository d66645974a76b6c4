"""Who uses the processor (Linux): this process's children, a service, a PostgreSQL, and all others."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loadtests.cluster import Cluster
from loadtests.service import Service

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Shares:
    """How much of one core was used: by the generator (a child that ended), the service's workers, PostgreSQL, others.

    `seconds` is how long that was looked at.
    """

    generator: float = 0.0
    service: float = 0.0
    database: float = 0.0
    others: float = 0.0
    seconds: float = 0.0


@contextmanager
def shares(service: Service, database: Cluster | None = None) -> Iterator[Shares]:
    """Measure who uses the processor while the block runs."""
    pids = service.workers
    found = Shares()
    before = _generator(), _used(pids), used_by(database), *_machine()
    yield found
    after = _generator(), _used(pids), used_by(database), *_machine()
    generator, workers, postgres, busy, whole = (new - old for new, old in zip(after, before, strict=True))
    found.seconds = seconds = whole / (os.cpu_count() or 1)
    found.generator, found.service, found.database = generator / seconds, workers / seconds, postgres / seconds
    found.others = max(0.0, busy / seconds - found.generator - found.service - found.database)


def used_by(database: Cluster | None) -> float:
    """Return the seconds that PostgreSQL has used so far, in all of its processes."""
    leader = None if database is None else database.postmaster
    if leader is None:
        return 0.0
    children = map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text().split())
    return _used((leader, *children)) + _ticks(_stat(leader)[13:15])  # the last two know of those that ended


def _generator() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _used(pids: Sequence[int]) -> float:
    return sum(_ticks(_stat(pid)[11:13]) for pid in pids)


def _stat(pid: int) -> list[str]:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def _machine() -> tuple[float, float]:
    """Return the busy and the whole time (s) of all cores together."""
    times = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    return _ticks(times[:3] + times[5:8]), _ticks(times)


def _ticks(texts: list[str]) -> float:
    return sum(map(int, texts)) / _TICKS
