"""Service levels: what a rehearsal must reach, as a file says it, and the verdict on what was reached."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from loadtests.generator import Row

FILE: Final = Path(__file__).with_name("service_levels.toml")
Above0 = Annotated[float, Field(ge=0)]
Measure: TypeAlias = Literal["p95", "p99", "errors", "per_second", "memory", "seconds", "outboxes", "audit"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RequestLevel(_Strict):
    """Bounds on the requests of one name: times in ms, `errors` a share from 0 to 1, at least so many `per_second`."""

    p95: Above0 | None = None
    p99: Above0 | None = None
    errors: Annotated[float, Field(ge=0, le=1)] | None = None
    per_second: Above0 | None = None


class Level(_Strict):
    """What a scenario must reach. `memory_mib` is of all processes of the service, `outboxes` the share that got in."""

    memory_mib: Above0 | None = None
    seconds: Above0 | None = None
    outboxes: Annotated[float, Field(ge=0, le=1)] | None = None
    audit: bool = True
    requests: dict[str, RequestLevel] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What a rehearsal came to; None is what could not be measured.

    `memory` is the most at one moment, in bytes; `seconds` how long it lasted; `outboxes` the share of phones whose
    outbox is in; `faults` what the audit found.
    """

    rows: Mapping[str, Row]
    memory: int | None = None
    seconds: float | None = None
    outboxes: float | None = None
    faults: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one thing is as it must be; `holds` is None when it could not be measured. `of` is a request's name."""

    measure: Measure
    of: str
    bound: float
    got: float | None
    holds: bool | None


def read(path: Path = FILE) -> dict[str, Level]:
    """Read the levels of each scenario. Raises `ValueError` for a file that isn't as expected."""
    return {name: Level.model_validate(said) for name, said in tomllib.loads(path.read_text()).items()}


def judge(level: Level, reached: Reached) -> tuple[Verdict, ...]:
    """Hold what was reached against what must be. A request that is named and never came fails."""
    return tuple(_verdicts(level, reached))


def passed(verdicts: tuple[Verdict, ...]) -> bool:
    """Say whether nothing failed."""
    return all(verdict.holds is not False for verdict in verdicts)


def _verdicts(level: Level, reached: Reached) -> Iterator[Verdict]:
    if level.audit:
        yield _at_most("audit", "", 0, reached.faults)
    if level.outboxes is not None:
        yield _at_least("outboxes", "", level.outboxes, reached.outboxes)
    if level.memory_mib is not None:
        yield _at_most("memory", "", level.memory_mib, None if reached.memory is None else reached.memory / 2**20)
    if level.seconds is not None:
        yield _at_most("seconds", "", level.seconds, reached.seconds)
    for name, bounds in level.requests.items():
        row = reached.rows.get(name)
        for measure in ("p95", "p99", "errors", "per_second"):
            bound = getattr(bounds, measure)
            if bound is None:
                continue
            if row is None:
                yield Verdict(measure, name, bound, None, False)
            elif measure == "per_second":
                yield _at_least(measure, name, bound, row.per_second)
            elif measure == "errors":
                yield _at_most(measure, name, bound, row.failures / row.requests)
            else:
                yield _at_most(measure, name, bound, row.p95 if measure == "p95" else row.p99)


def _at_most(measure: Measure, of: str, bound: float, got: float | None) -> Verdict:
    return Verdict(measure, of, bound, got, None if got is None else got <= bound)


def _at_least(measure: Measure, of: str, bound: float, got: float | None) -> Verdict:
    return Verdict(measure, of, bound, got, None if got is None else got >= bound)
