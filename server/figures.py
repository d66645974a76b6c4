"""The folder in which processes' figures meet (prometheus-client's multiprocess mode), kept small.

Each process has files of its own there. What a process counted must not vanish with it, so its files would stay; a
service whose processes are exchanged often would then read ever more of them for each answer to Prometheus.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client import multiprocess
from prometheus_client.mmap_dict import MmapedDict

_SUMS: Final = ("counter", "histogram")
_ENDED: Final = "ended"
"""Stands in the place of a process id for all that have ended."""


@contextmanager
def at_rest(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Keep the files of processes that ended as they are while they are read, or (`alone`) while they are added up."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def end(folder: Path, process: int) -> None:
    """Add what a process that has ended counted to what others before it did, and drop its gauges."""
    multiprocess.mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]
    with at_rest(folder, alone=True):
        for sort in _SUMS:
            own = folder / f"{sort}_{process}.db"
            if not own.exists():
                continue
            sums = MmapedDict(str(folder / f"{sort}_{_ENDED}.db"))  # type: ignore[no-untyped-call]
            for key, value, at, _ in MmapedDict.read_all_values_from_file(str(own)):  # type: ignore[no-untyped-call]
                before, last = sums.read_value(key)  # type: ignore[no-untyped-call]
                sums.write_value(key, before + value, max(last, at))  # type: ignore[no-untyped-call]
            sums.close()  # type: ignore[no-untyped-call]
            own.unlink()
