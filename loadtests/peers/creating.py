"""Creating records: one contender for some seconds, and the proof that each answer is a record."""

from __future__ import annotations

from dataclasses import dataclass

from loadtests.drive import Driven, drive, warm_up
from loadtests.peers import used
from loadtests.peers.contender import WARM, Contender, Wire, wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What one part of a round gave: records a second, the generator's view, processor seconds a record, bytes."""

    a_second: float
    driven: Driven
    cpu: float
    wire: Wire


def create(contender: Contender, *, connections: int, seconds: int) -> Created:
    """Drive a contender on fresh data; raise when any answer was no success, or no record stands behind it."""
    contender.begin()
    try:
        warm_up(contender, contender.warm)
        before = used.seconds(contender.pids)
        driven = drive(contender, contender.requests, connections=connections, seconds=seconds)
        cpu = used.seconds(contender.pids) - before
        records = contender.count() - WARM
        check(contender.title, driven, records=records, connections=connections)
        bytes_ = wire(contender)
    finally:
        contender.end()
    return Created(a_second=driven.answers / driven.seconds, driven=driven, cpu=cpu / records, wire=bytes_)


def check(title: str, driven: Driven, *, records: int, connections: int) -> None:
    """Expect a record for each answer; the generator hangs up while `connections` requests at most are under way."""
    if driven.failed or not driven.answers:
        raise RuntimeError(f"expected success of {title}, got {driven.answers} answers, {driven.failed} of them others")
    if not driven.answers <= records <= driven.answers + connections:
        raise RuntimeError(
            f"expected a record in {title} for each of {driven.answers} answers, got {records}:"
            " were the requests too few? --records makes more"
        )
