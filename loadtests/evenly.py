"""Sends prepared requests at an even rate, whatever the answers do: `python -m loadtests.evenly`.

Arguments: port, requests a second, seconds, connections, file. Prints what it saw as JSON. A request that finds every
connection busy waits, and its time runs from the moment when it should have gone: so a server that stops for a while
is seen by all who would have come meanwhile (no "coordinated omission").
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import deque
from pathlib import Path

from loadtests import crowd
from loadtests.wire import Answer, Line


class Sender:
    """Sends over `lines`; `times` (ms) are of the answers with status 200, `failed` counts all others."""

    def __init__(self, lines: list[Line], requests: list[bytes]) -> None:
        self.times: list[float] = []
        self.failed = 0
        self._idle = deque(lines)
        self._waiting: deque[float] = deque()
        self._requests = iter(requests)
        self._under_way = 0
        self._quiet = asyncio.Event()

    def send(self, due: float) -> None:
        """Send the next request, which is due at `due`, now or when a connection is free."""
        self._under_way += 1
        if self._idle:
            self._on(self._idle.popleft(), due)
        else:
            self._waiting.append(due)

    async def end(self) -> None:
        """Wait for all answers."""
        while self._under_way:
            self._quiet.clear()
            await self._quiet.wait()

    def _on(self, line: Line, due: float) -> None:
        line.ask(next(self._requests)).add_done_callback(lambda answer: self._answered(line, due, answer))

    def _answered(self, line: Line, due: float, answer: asyncio.Future[Answer]) -> None:
        if answer.exception() is None and answer.result().status == 200:
            self.times.append((time.perf_counter() - due) * 1000)
        else:
            self.failed += 1
        self._under_way -= 1
        if self._waiting:
            self._on(line, self._waiting.popleft())
        else:
            self._idle.append(line)
            self._quiet.set()


async def evenly(
    port: int, *, rate: float, seconds: float, connections: int, requests: list[bytes]
) -> dict[str, float]:
    """Send `rate` requests a second; times are ms."""
    lines = [await Line.open(port) for _ in range(connections)]
    sender = Sender(lines, requests)
    start = time.perf_counter()
    for number in itertools.count():
        due = start + number / rate
        if number / rate >= seconds or number == len(requests):
            break
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        sender.send(due)
    await sender.end()
    took = time.perf_counter() - start
    for line in lines:
        line.close()
    times = sorted(sender.times) or [0.0]
    p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
    return {"answers": len(sender.times), "failed": sender.failed, "seconds": took, "p50": p50, "p99": p99}


def main() -> None:
    """Send a file's requests."""
    port, rate, seconds, connections, path = sys.argv[1:]
    requests = list(crowd.prepared(Path(path)))
    said = evenly(int(port), rate=float(rate), seconds=float(seconds), connections=int(connections), requests=requests)
    print(json.dumps(asyncio.run(said)))


if __name__ == "__main__":
    main()
