"""Many phones that send at once and come again when they are told to: `python -m loadtests.insistent`.

Arguments: port, phones, seconds, file, and `wait` (as SPEC.md T4 has it) or `hammer` (come again at once). Each phone
sends one prepared request after another; the same again until it is taken. Prints what they saw as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from loadtests import crowd
from loadtests.patience import delay
from loadtests.wire import Line


@dataclass
class Seen:
    """Times (ms) of answers with 200 and with 503, how many others came, and connections that were cut."""

    taken: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    others: int = 0
    cut: int = 0


async def phone(port: int, requests: Iterator[bytes], end: float, seen: Seen, *, waits: bool) -> None:
    """Send until the time is over."""
    line: Line | None = None
    for request in requests:
        failures = 0
        while time.perf_counter() < end:
            began = time.perf_counter()
            try:
                line = line or await Line.open(port)
                answer = await line.ask(request)
            except OSError:
                seen.cut += 1
                line = None
                await asyncio.sleep(random.random())
                continue
            took = (time.perf_counter() - began) * 1000
            if answer.last:
                line.close()
                line = None
            if answer.status == 200:
                seen.taken.append(took)
                break
            failures += 1
            if answer.status != 503:
                seen.others += 1
            else:
                seen.busy.append(took)
            if waits:
                pause = delay(failures, random.random(), asked=answer.retry_after)
                await asyncio.sleep(max(0.0, min(pause, end - time.perf_counter())))
        if time.perf_counter() >= end:
            break
    if line is not None:
        line.close()


async def insist(port: int, *, phones: int, seconds: float, requests: list[bytes], waits: bool) -> dict[str, float]:
    """Let all phones send; return counts and times."""
    seen, start, todo = Seen(), time.perf_counter(), iter(requests)
    await asyncio.gather(*(phone(port, todo, start + seconds, seen, waits=waits) for _ in range(phones)))
    said: dict[str, float] = {"seconds": time.perf_counter() - start, "others": seen.others, "cut": seen.cut}
    for name, times in (("taken", seen.taken), ("busy", seen.busy)):
        times.sort()
        said[name] = len(times)
        said |= {f"{name}_p{share}": times[len(times) * share // 100] if times else 0.0 for share in (50, 99)}
    return said


def main() -> None:
    """Send a file's requests."""
    port, phones, seconds, path, how = sys.argv[1:]
    requests = list(crowd.prepared(Path(path)))
    said = insist(int(port), phones=int(phones), seconds=float(seconds), requests=requests, waits=how == "wait")
    print(json.dumps(asyncio.run(said)))


if __name__ == "__main__":
    main()
