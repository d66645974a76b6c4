"""What operators watch, in Prometheus' terms."""

from __future__ import annotations

from typing import Final

from prometheus_client import REGISTRY as PROCESS
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess, values

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
ANSWERS: Final = Counter(
    "motcua_answers",
    "Answers in submissions that were received: given by the person (asked), or known already (filled)",
    ["procedure", "given"],
)
LETTERS: Final = Counter("motcua_letters", "Letters by what became of a try to send them", ["result"])
SOCKETS: Final = Gauge("motcua_live_sockets", "Open live sockets", multiprocess_mode="livesum")
POKES: Final = Counter("motcua_live_pokes", "Pokes to live sockets")
CLOSED: Final = Counter("motcua_live_closed", "Live sockets that ended, by reason", ["reason"])


def exposition() -> bytes:
    """Return the text format of all processes' figures together (this one's alone outside gunicorn)."""
    if values.ValueClass is values.MutexValue:
        return generate_latest(PROCESS)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
