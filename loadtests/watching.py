"""Watches processes while a rehearsal runs: how much memory they hold, how much processor they take (Linux)."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PROC: Final = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a group of processes used at one moment.

    `rss` and `pss` are bytes in all; PSS counts a page that several share once. `cores` is the processor time since
    the moment before, in cores.
    """

    at: float
    processes: int
    rss: int
    pss: int
    cores: float


class Watch:
    """Samples groups of processes every `every` seconds; `uses` holds the samples by the group's name.

    A group is given as a function that returns the process ids of its leaders; all below them belong to it, and all of
    the leaders' sessions.
    """

    def __init__(self, groups: Mapping[str, Callable[[], Iterable[int]]], *, every: float = 1.0) -> None:
        self.uses: dict[str, list[Use]] = {name: [] for name in groups}
        self._groups, self._every = groups, every
        self._spent: dict[str, tuple[float, float]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            table = _processes()
            for name, leaders in self._groups.items():
                self._sample(name, [table[pid] for pid in _below(table, set(leaders()))])
            if self._over.wait(self._every):
                return

    def _sample(self, name: str, members: list[_Process]) -> None:
        now, spent = time.time(), sum(each.seconds for each in members)
        before, then = self._spent.get(name, (spent, now))
        self._spent[name] = spent, now
        rss = [each.rss for each in members]
        pss = [pss_of(each.pid) or each.rss for each in members]
        # A process that has ended takes its time with it: then less was spent than before, and nothing can be said.
        cores = max(0.0, spent - before) / (now - then) if now > then else 0.0
        use = Use(at=now, processes=len(members), rss=sum(rss), pss=sum(pss), cores=cores)
        if members:
            self.uses[name].append(use)


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    session: int
    seconds: float
    rss: int


def _processes() -> dict[int, _Process]:
    found: dict[int, _Process] = {}
    for entry in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):  # it has ended meanwhile
            pid, words = int(entry.name), (entry / "stat").read_text().rpartition(")")[2].split()
            seconds = (int(words[11]) + int(words[12])) / _TICKS
            found[pid] = _Process(pid, int(words[1]), int(words[3]), seconds, int(words[21]) * _PAGE)
    return found


def _below(table: Mapping[int, _Process], leaders: set[int]) -> set[int]:
    inside = {pid for pid, each in table.items() if pid in leaders or each.session in leaders}
    while more := {pid for pid, each in table.items() if each.parent in inside} - inside:
        inside |= more
    return inside


def pss_of(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
