"""A slow link in front of a server on this machine, and the bytes that crossed it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass, field
from typing import Final

_CHUNK: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link allows: `round_trip` in s, `down` and `up` in bits a second."""

    round_trip: float
    down: float
    up: float


SLOW_4G: Final = Link(round_trip=0.150, down=1.6e6, up=0.75e6)
"""A weak mobile connection, as Lighthouse simulates it."""


@dataclass(slots=True)
class Pipe:
    """One direction of a link, which all connections share: `rate` in bits a second, `delay` in s."""

    rate: float
    delay: float
    free: float = 0.0
    carried: int = 0

    def send(self, size: int, *, now: float) -> tuple[float, float]:
        """Put `size` bytes on their way; return when the pipe is free again, and when they arrive."""
        self.free = max(now, self.free) + 8 * size / self.rate
        self.carried += size
        return self.free, self.free + self.delay


@dataclass
class SlowLink:
    """A TCP proxy to `target` on this machine, in a thread of its own.

    Opening a connection takes one round trip. TLS, lost packets and TCP's slow start are not simulated.
    """

    target: int
    link: Link
    port: int = 0
    down: Pipe = field(init=False)
    up: Pipe = field(init=False)

    def __post_init__(self) -> None:
        half = self.link.round_trip / 2
        self.down, self.up = Pipe(self.link.down, half), Pipe(self.link.up, half)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Cut all connections and take no more."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # by `close`; asyncio would write of it
            await asyncio.sleep(self.link.round_trip)
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
            try:
                await asyncio.gather(_carry(reader, to_server, self.up), _carry(from_server, writer, self.down))
            finally:
                to_server.close()
        writer.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pipe: Pipe) -> None:
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            arrives, data = await under_way.get()
            await asyncio.sleep(arrives - loop.time())
            if not data:
                break
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    async def take() -> None:
        data = b"-"
        while data:
            data = await reader.read(_CHUNK)
            free, arrives = pipe.send(len(data), now=loop.time())
            under_way.put_nowait((arrives, data))
            await asyncio.sleep(free - loop.time())

    with contextlib.suppress(ConnectionError):
        await asyncio.gather(deliver(), take())
