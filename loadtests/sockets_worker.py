"""One process of `sockets.py`: holds live sockets, answers their pings, and notes when each poke comes.

It gets one JSON line, `{port, origin, source, cookies, at_once, heard}`, opens a socket for each cookie and prints
`{"seconds", "failed"}`; after another line, or once all were closed, it writes what was heard to a file and ends.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from server.auth.sessions import COOKIE

_PONG: Final = b"\x8a\x80\0\0\0\0"
_HEAD_END: Final = b"\r\n\r\n"


class Socket(asyncio.Protocol):
    """One live socket. `pokes` are feed, number and the machine's monotonic time (s)."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._data = b""
        self._transport: Any = None
        self._open = False
        self.greeted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.pokes: list[tuple[str, int, float]] = []
        self.within = 0
        self.code: int | None = None
        self.ended: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self._transport = transport
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        now = time.monotonic()
        self._data += data
        if not self._open:
            head, end, rest = self._data.partition(_HEAD_END)
            if not end:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._greet(False)
                self._transport.close()
                return
            self._open, self._data = True, rest
        while len(self._data) >= 2 and len(self._data) >= (whole := 2 + self._data[1]):
            opcode, payload, self._data = self._data[0] & 0x0F, self._data[2:whole], self._data[whole:]
            self._frame(opcode, payload, now)

    def _frame(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == 1:
            poke = json.loads(payload)
            self.pokes.append((poke["feed"], poke["seq"], now))
            self.within = max(self.within, poke.get("within", 0))
            self._greet(True)
        elif opcode == 9:
            self._transport.write(_PONG)
        elif opcode == 8:
            self.code = int.from_bytes(payload[:2])

    def connection_lost(self, error: Exception | None) -> None:
        """Note when it ended."""
        self.ended = time.monotonic()
        self._greet(False)

    def _greet(self, well: bool) -> None:
        if not self.greeted.done():
            self.greeted.set_result(well)


async def hold(*, port: int, origin: str, source: str, cookies: list[str], at_once: int, heard: str) -> None:
    """Open all, tell how that went, and hold them."""
    loop, places, sockets = asyncio.get_running_loop(), asyncio.Semaphore(at_once), list[Socket]()

    async def open_one(cookie: str) -> None:
        request = (
            f"GET /live HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin}\r\nCookie: {COOKIE}={cookie}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        async with places:
            _, socket = await loop.create_connection(
                lambda: Socket(request.encode()), "127.0.0.1", port, local_addr=(source, 0)
            )
            sockets.append(socket)
            await socket.greeted

    began = time.monotonic()
    await asyncio.gather(*map(open_one, cookies))
    failed = sum(not socket.greeted.result() for socket in sockets)
    print(json.dumps({"seconds": time.monotonic() - began, "failed": failed}), flush=True)
    told = loop.run_in_executor(None, sys.stdin.readline)
    while not told.done() and any(socket.ended is None for socket in sockets):
        await asyncio.sleep(0.1)
    said = {
        "pokes": [socket.pokes for socket in sockets],
        "within": max(socket.within for socket in sockets),
        "codes": Counter(str(socket.code) for socket in sockets),
        "ended": max((socket.ended for socket in sockets if socket.ended is not None), default=None),
    }
    Path(heard).write_text(json.dumps(said))
    print("written", flush=True)


def main() -> None:
    """Read what to hold, and hold it."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(hold(**json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
