"""Carries out one scenario of a peak day and gathers what came of it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from loadtests import crowd, ledger, outboxes
from loadtests.audit import audit
from loadtests.findings import Findings
from loadtests.generator import Measured, run
from loadtests.service import REPOSITORY, Service
from loadtests.stage import Stage, stage
from loadtests.watching import Use, Watch
from server.kinds import Role

_GATE: Final = "ben-thanh"
_STORM_LIMIT: Final = 1_200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The size of a scenario unless another is asked for; `lasts` is seconds."""

    people: int
    lasts: float
    idle: int
    staff: Mapping[tuple[Role, str], int] = field(default_factory=dict)


SCENARIOS: Final[Mapping[str, Usual]] = {
    "storm": Usual(people=20_000, lasts=60, idle=200),
    "morning": Usual(people=80, lasts=120, idle=200, staff={(Role.OFFICER, _GATE): 3, (Role.GUARD, _GATE): 8}),
    "evening": Usual(people=60, lasts=120, idle=200, staff={(Role.OFFICER, "1022"): 2, (Role.OFFICER, _GATE): 1}),
    "patchy": Usual(people=40, lasts=90, idle=50, staff={(Role.OFFICER, "1022"): 1}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is rehearsed; times are seconds. `workers` are the service's processes, `processes` Locust's."""

    scenario: str
    engine: str
    people: int
    lasts: float
    think: float = 1.0
    idle: int = 0
    workers: int = 2
    processes: int = 1
    outage: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it. `uses` are samples of the service, the database and Locust; `prepared` and `seconds` are s."""

    measured: Measured
    uses: Mapping[str, list[Use]]
    seconds: float
    prepared: float = 0.0
    outboxes: float | None = None
    audit: Findings | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    machine: Mapping[str, str] = field(default_factory=dict)


def at_home(plan: Plan, folder: Path, *, prepared: Path) -> Result:
    """Rehearse against a fresh city on this machine, and audit its store."""
    began = time.monotonic()
    with stage(folder, engine=plan.engine, workers=plan.workers) as here, ExitStack() as ending:
        options = _options(plan, folder)
        if plan.scenario == "storm":
            options |= seat_phones(here, plan.people, prepared)
        else:
            options["links"] = here.invite(SCENARIOS[plan.scenario].staff)
        options["host"] = options["origin"] = here.service.origin
        ready = time.monotonic() - began
        if plan.scenario == "storm" and plan.outage:
            ending.callback(_after(plan.outage, here.service).join)
        else:
            here.service.start()
        if plan.scenario == "patchy":
            options["host"] = ending.enter_context(_slow(here.service))
        measured, uses, seconds = _watched(plan, folder, options, here)
        ending.close()
        here.service.stop()
        noted = ledger.read(*folder.glob("ledger*"))
        found = audit(here.service.data, noted, database=here.service.database)
        found.expect(bool(noted.batches), "expected at least one batch that was acknowledged")
        share = len(noted.submissions) / plan.people if plan.scenario == "storm" else None
        return Result(
            measured=measured,
            uses=uses,
            seconds=seconds,
            prepared=ready,
            outboxes=share,
            audit=found,
            counts=_counted(noted),
            machine=machine(),
        )


def abroad(plan: Plan, folder: Path, *, host: str, links: Path | None, ledger: Path) -> Result:
    """Rehearse against a service that runs elsewhere; its operator audits its store with the ledger."""
    options = _options(plan, folder) | {"host": host, "origin": host, "ledger": ledger}
    if links is not None:
        options["links"] = links
    measured, uses, seconds = _watched(plan, folder, options, None)
    return Result(measured=measured, uses=uses, seconds=seconds, machine=machine())


def machine() -> dict[str, str]:
    """Say where this runs, and what."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {
        "processor": f"{os.cpu_count()} x {model}",
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "commit": done.stdout.strip() or "?",
    }


def _options(plan: Plan, folder: Path) -> dict[str, Any]:
    return {
        "people": plan.people,
        "lasts": plan.lasts,
        "think": plan.think,
        "idle": plan.idle,
        "limit": _STORM_LIMIT,
        "ledger": folder / "ledger",
    }


def seat_phones(here: Stage, count: int, prepared: Path) -> dict[str, Any]:
    """Prepare phones in a folder, and write their people into the store, as they were before the outage.

    Returns what the storm's generators are to be told.
    """
    phones = outboxes.prepare(prepared, count, origin=here.service.origin)
    # Signed acts name the origin of the pages that made them; phones that were prepared before saw another port.
    known = here.service.environment["MOTCUA_ORIGINS"]
    if phones.origin != known:
        here.service.environment["MOTCUA_ORIGINS"] = f"{known},{phones.origin}"
    parts = crowd.parts_of(here.service)
    secrets = crowd.seat(parts, [phone.seat for phone in phones])
    seats = {"epoch": parts.store.epoch, "public": crowd.public_height(parts), "secrets": secrets}
    parts.store.close()
    file = here.folder / "seats"
    file.write_text(json.dumps(seats))
    return {"outboxes": prepared, "seats": file}


def _after(seconds: float, service: Service) -> threading.Thread:
    """Start the service after so many seconds."""

    def begin() -> None:
        time.sleep(seconds)
        service.start()

    thread = threading.Thread(target=begin)
    thread.start()
    return thread


@contextmanager
def _slow(service: Service) -> Iterator[str]:
    """Put slow links before the service; yields their origin."""
    links = subprocess.Popen(
        [sys.executable, "-m", "loadtests.slow_links", str(service.port)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert links.stdin is not None and links.stdout is not None
    try:
        yield f"http://localhost:{int(links.stdout.readline())}"
    finally:
        links.stdin.close()
        links.wait(timeout=10)


def _watched(
    plan: Plan, folder: Path, options: dict[str, Any], here: Stage | None
) -> tuple[Measured, Mapping[str, list[Use]], float]:
    locusts = list[int]()
    groups: dict[str, Any] = {"locust": lambda: locusts}
    if here is not None:
        groups |= {name: lambda name=name: here.leaders()[name] for name in ("service", "database")}
    environment = dict(os.environ) | {"PYTHONPATH": str(REPOSITORY)} if here is None else here.service.environment
    longest = _STORM_LIMIT if plan.scenario == "storm" else plan.lasts
    began = time.monotonic()
    with Watch(groups) as watch:
        measured = run(
            plan.scenario,
            folder,
            options,
            environment=environment,
            longest=longest,
            processes=plan.processes,
            begun=locusts.append,
        )
    return measured, {"service": [], "database": [], **watch.uses}, time.monotonic() - began


def _counted(noted: ledger.Noted) -> dict[str, int]:
    return {
        "submissions": len(noted.submissions),
        "batches": len(noted.batches),
        "files": len(noted.blobs),
        "bytes": sum(noted.blobs.values()),
    }
