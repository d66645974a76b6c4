"""Slow links that are cut again and again, each connection by itself: `python -m loadtests.slow_links TARGET_PORT`.

Carries bytes to and from a service on this machine. Prints the port that it listens on; ends with its standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import socket
import struct
import sys
from typing import Final

_CHUNK: Final = 16 * 1024
_RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER that makes close() reset the connection, as a phone that loses its network seems to."""


class SlowLinks:
    """Each connection carries `rate` bytes a second each way, from `lag` s after it was opened on.

    It is cut after `holds` s on average, by an exponential distribution.
    """

    def __init__(self, target: int, *, rate: float, lag: float, holds: float) -> None:
        self._target, self._rate, self._lag, self._holds = target, rate, lag, holds
        self._links = set[asyncio.Task[None]]()

    async def listen(self) -> asyncio.Server:
        """Begin on a free port of this machine."""
        return await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=_CHUNK)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        task.add_done_callback(self._links.discard)
        try:
            await asyncio.sleep(self._lag)
            up, down = await asyncio.open_connection("127.0.0.1", self._target, limit=_CHUNK)
        except OSError:
            _cut(writer)
            return
        ways = [asyncio.create_task(self._pass(*ends)) for ends in ((reader, down), (up, writer))]
        await asyncio.wait(ways, timeout=random.expovariate(1 / self._holds), return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        _cut(down)
        _cut(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await asyncio.sleep(len(data) / self._rate)
                writer.write(data)
                await writer.drain()


def _cut(writer: asyncio.StreamWriter) -> None:
    end = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


async def _serve(links: SlowLinks) -> None:
    server = await links.listen()
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Carry until the standard input ends."""
    options = argparse.ArgumentParser(prog="slow_links", description="Slow links that are cut again and again.")
    options.add_argument("target", type=int, help="the service's port")
    options.add_argument("--rate", type=float, default=60_000, help="bytes a second, each connection and way")
    options.add_argument("--lag", type=float, default=0.2, help="seconds until a new connection carries")
    options.add_argument("--holds", type=float, default=6, help="seconds until it is cut, on average")
    said = options.parse_args()
    asyncio.run(_serve(SlowLinks(said.target, rate=said.rate, lag=said.lag, holds=said.holds)))


if __name__ == "__main__":
    main()
