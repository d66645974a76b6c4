"""What operators watch, in Prometheus' terms."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from prometheus_client import REGISTRY as PROCESS
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess, values
from prometheus_client.registry import Collector

from server import figures

REQUESTS: Final = Histogram(
    "motcua_request_seconds",
    "Time to answer, by route and status",
    ["route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
BATCHES: Final = Counter("motcua_batches", "Batches by the answer they got", ["result"])
REFUSED: Final = Counter("motcua_refused_changes", "Changes that a rule refused, by code", ["code"])
COMMITS: Final = Histogram(
    "motcua_commit_jobs", "Jobs that shared one durable commit", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256)
)
COMMIT_SECONDS: Final = Histogram(
    "motcua_commit_seconds",
    "Time of a durable commit, from its first job to the disk",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
COMMIT_WAIT: Final = Histogram(
    "motcua_commit_wait_seconds",
    "How long the first job of a commit had waited for it",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
RECEIPTS: Final = Counter("motcua_receipts", "Receipts that were signed, by procedure", ["procedure"])
BLOB_BYTES: Final = Counter("motcua_blob_bytes", "Bytes of attachments that came in or went out", ["way"])
PROCESSES: Final = Gauge("motcua_processes", "Web processes", multiprocess_mode="livesum")
MEMORY: Final = Gauge("motcua_memory_bytes", "Resident memory of all web processes", multiprocess_mode="livesum")
WAITING: Final = Gauge("motcua_commit_waiting", "Jobs that wait for a commit", multiprocess_mode="livesum")
CONNECTIONS: Final = Gauge(
    "motcua_database_connections", "Connections to PostgreSQL, by state", ["state"], multiprocess_mode="livesum"
)
ANSWERS: Final = Counter(
    "motcua_answers",
    "Answers in submissions that were received: given by the person (asked), or known already (filled)",
    ["procedure", "given"],
)
LETTERS: Final = Counter("motcua_letters", "Letters by what became of a try to send them", ["result"])
SOCKETS: Final = Gauge("motcua_live_sockets", "Open live sockets", multiprocess_mode="livesum")
POKES: Final = Counter("motcua_live_pokes", "Pokes to live sockets")
CLOSED: Final = Counter("motcua_live_closed", "Live sockets that ended, by reason", ["reason"])


@lru_cache(maxsize=4096)
def of(metric: Any, *labels: str) -> Any:
    """Return what `metric.labels(...)` does, at once: on the busiest path that costs more than to count."""
    return metric.labels(*labels)


def exposition(asked: Collector) -> bytes:
    """Return the text format of all processes' figures together (this one's alone outside gunicorn).

    `asked` gives what is not counted but looked up when somebody asks.
    """
    own = CollectorRegistry()
    own.register(asked)
    if values.ValueClass is values.MutexValue:
        return generate_latest(PROCESS) + generate_latest(own)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    with figures.at_rest(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])):
        text: bytes = generate_latest(registry)
    return text + generate_latest(own)
