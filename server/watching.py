"""What is not counted as it happens: looked at from time to time, or when an operator's Prometheus asks."""

from __future__ import annotations

import resource
import shutil
import threading
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server import metrics
from server.config import Config
from server.errors import Problem
from server.mailing import MAIL
from server.store import Store

_LOOK: Final = 5.0
"""Seconds between looks at this process."""
_PAGE: Final = resource.getpagesize()


def watch(store: Store) -> None:
    """Look at this process from now on, as long as it lives."""
    metrics.PROCESSES.set(1)
    look(store)

    def go_on() -> None:
        while True:
            time.sleep(_LOOK)
            look(store)

    threading.Thread(target=go_on, name="watch", daemon=True).start()


def look(store: Store) -> None:
    """Set this process's gauges."""
    load = store.load
    metrics.WAITING.set(load.waiting)
    metrics.CONNECTIONS.labels("used").set(load.used)
    metrics.CONNECTIONS.labels("idle").set(load.idle)
    statm = Path("/proc/self/statm")
    if statm.exists():
        metrics.MEMORY.set(int(statm.read_text().split()[1]) * _PAGE)


class Asked(Collector):
    """What the store and the disk say when somebody asks; the same in each process and on each machine of a city."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Return each family; those that need a database that is away are left out."""
        free = shutil.disk_usage(self._config.data).free
        yield GaugeMetricFamily("motcua_disk_free_bytes", "Room on the disk of MOTCUA_DATA", free)
        try:
            families = [*self._of_store()]
        except Problem:
            families = []
        yield GaugeMetricFamily("motcua_database_up", "Whether the database answers", bool(families))
        yield from families

    def _of_store(self) -> Iterator[Metric]:
        now = time.time()
        with self._store.read() as look:
            last = look.last_backup()
            waiting = {state: look.count(MAIL.name, "state", state) for state in ("queued", "waiting", "failed")}
            oldest = [state for _, state in look.find(MAIL.name, "state", "queued", limit=1)]
        info = GaugeMetricFamily("motcua_info", "What runs", labels=["version", "engine", "epoch"])
        engine = "postgresql" if self._config.database else "sqlite"
        info.add_metric([_version(), engine, self._store.epoch], 1)
        yield info
        letters = GaugeMetricFamily("motcua_mail_letters", "Letters in the queue or failed, by state", labels=["state"])
        for name, count in waiting.items():
            letters.add_metric([name], count)
        yield letters
        since = now - int(str(oldest[0]["queued_at"].shown)) / 1000 if oldest else 0.0
        yield GaugeMetricFamily("motcua_mail_oldest_seconds", "Age of the oldest letter not tried yet", max(0.0, since))
        if last is not None:
            yield GaugeMetricFamily("motcua_backup_age_seconds", "Time since the last backup", now - last / 1000)


def _version() -> str:
    try:
        return version("motcua")
    except PackageNotFoundError:
        return "unknown"
