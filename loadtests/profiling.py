"""Where a worker's time goes: py-spy's samples, sorted into areas by the innermost frame that belongs to one.

Waiting counts as well, so that a slow disk or a crowded lock would show.
"""

from __future__ import annotations

import linecache
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

AREAS: tuple[tuple[str, str], ...] = (
    ("idle", r"Hub\.run |Thread\._bootstrap"),
    ("sending the answer", r"SocketMixin\.send "),
    ("waiting for the other process", r"flock\("),
    ("commit", r'"(COMMIT|BEGIN IMMEDIATE)"'),
    ("signatures", r"/server/jwk\.py|/cryptography/|verify_assertion .*acts\.py|\.verify\(|\.sign\("),
    ("JSON", r"/json/|json\.(loads|dumps)"),
    ("parsing", r"/sync/(batch|canonical|change)\.py|/pydantic|/server/auth/(acts|clientdata)\.py|model_validate"),
    ("join, encode", r"/sync/(record|register)\.py"),
    ("rules", r"/server/features/"),
    ("SQL", r"/server/store/(rows|sqlite)\.py|/sqlite3/"),
    ("PostgreSQL: asking and writing", r"/server/store/postgres/|/psycopg/"),
    ("group commit", r"/server/store/commit\.py|/threading\.py"),
    ("sync", r"/server/(exchange|kinds|issuers)|/sync/"),
    ("session", r"/server/auth/"),
    ("live pokes", r"/server/live/"),
    ("figures and log", r"/server/metrics\.py|/prometheus_client/|/structlog/|/server/log\.py"),
    ("Flask", r"/flask/|/werkzeug/|/server/app\.py"),
    ("HTTP server", r"/server/(direct|direct_worker|worker)\.py|/gunicorn/|/gevent/|/socket\.py"),
)
"""Area and what a frame, with the text of its source line, looks like; the first that fits the frame counts."""

_FRAME = re.compile(r"(?P<name>.*) \((?P<file>.*):(?P<line>\d+)\)")


@contextmanager
def watching(pid: int, *, seconds: int, found: Counter[str]) -> Iterator[None]:
    """Sample a process while the block runs; then fill `found` with samples by area."""
    with tempfile.TemporaryDirectory(prefix="motcua-profile-") as folder:
        file = Path(folder) / "raw"
        command = [
            str(Path(sys.executable).with_name("py-spy")),
            "record",
            "-d",
            str(seconds),
            "-r",
            "250",
            "-f",
            "raw",
            "--full-filenames",
        ]
        spy = subprocess.Popen(
            [*command, "-o", str(file), "-p", str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            yield
        finally:
            _, complaint = spy.communicate()
        if file.exists():
            found.update(areas(file.read_text()))
        else:  # only root, or a kernel that lets anyone trace, allows it; the other figures stand without it
            print(f"py-spy recorded nothing: {complaint.strip()}", file=sys.stderr)


def areas(raw: str) -> Mapping[str, int]:
    """Count samples by area; each line of `raw` is a stack, outermost frame first, and how often it was seen."""
    counted: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, times = line.rpartition(" ")
        counted[area(stack.split(";"))] += int(times)
    return counted


def area(stack: list[str]) -> str:
    """Return the area of the innermost frame that has one."""
    for frame in reversed(stack):
        found = _FRAME.fullmatch(frame)
        source = "" if found is None else linecache.getline(found["file"], int(found["line"]))
        for name, looks in AREAS:
            if re.search(looks, f"{frame} {source}"):
                return name
    return "other"


def table(counted: Mapping[str, int]) -> str:
    """Return the areas as a Markdown table, the largest first."""
    whole = max(1, sum(counted.values()))
    lines = ["| area | share of a worker's time |", "|---|--:|"]
    ordered = sorted(counted.items(), key=lambda item: -item[1])
    return "\n".join([*lines, *(f"| {name} | {times / whole:.0%} |" for name, times in ordered)])
