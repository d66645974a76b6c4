"""Replays prepared requests over keep-alive connections where wrk is not to be had: `python -m loadtests.replay`.

Arguments: port, connections, seconds, file. Prints what wrk would say, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from loadtests import crowd

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def replay(port: int, *, connections: int, seconds: float, requests: Iterator[bytes]) -> dict[str, float]:
    """Send until the time is over or the requests are; times are ms."""
    times: list[float] = []
    failed = 0
    start = time.perf_counter()

    async def converse() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in requests:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            found = _LENGTH.search(head)
            await reader.readexactly(int(found[1]) if found else 0)
            times.append((time.perf_counter() - began) * 1000)
            failed += not head.startswith(b"HTTP/1.1 2")
            if time.perf_counter() > start + seconds:
                break
        writer.close()

    await asyncio.gather(*(converse() for _ in range(connections)))
    took = time.perf_counter() - start
    times.sort()
    p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
    return {"answers": len(times), "failed": failed, "seconds": took, "p50": p50, "p99": p99}


def main() -> None:
    """Replay a file."""
    port, connections, seconds, path = sys.argv[1:]
    requests = iter(list(crowd.prepared(Path(path))))
    said = replay(int(port), connections=int(connections), seconds=float(seconds), requests=requests)
    print(json.dumps(asyncio.run(said)))


if __name__ == "__main__":
    main()
