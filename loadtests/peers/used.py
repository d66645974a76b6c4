"""Processor time of processes and of all that they started (Linux)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """A process: who started it, and ticks of its own and of its children that ended."""

    parent: int
    ticks: int


def seconds(roots: Iterable[int]) -> float:
    """Return the processor time (s) of these processes and their descendants until now."""
    return ticks(_processes(), roots) / _TICKS


def ticks(processes: Mapping[int, Process], roots: Iterable[int]) -> int:
    """Add up the trees of `roots`; a process in two of them counts once."""
    tops = set(roots)

    def belongs(pid: int) -> bool:
        while pid in processes:
            if pid in tops:
                return True
            pid = processes[pid].parent
        return False

    return sum(process.ticks for pid, process in processes.items() if belongs(pid))


def _processes() -> dict[int, Process]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            found[int(entry.name)] = Process(parent=int(fields[1]), ticks=sum(map(int, fields[11:15])))
    return found
