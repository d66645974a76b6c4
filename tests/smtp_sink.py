"""A real SMTP server that keeps what it takes, and that breaks where it is told to."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP, Envelope

from loadtests.service import free_port

FAULTS: Final = (
    "421 at the greeting", "421 at MAIL", "cut at MAIL", "451 at RCPT", "421 at RCPT", "cut at RCPT", "451 at DATA",
    "cut in DATA", "451 at the dot", "421 at the dot", "cut after the dot, lost", "cut after the dot, kept",
    "deaf after the dot, kept", "slow",
)  # fmt: skip
"""Where the sink can break. "Kept" and "lost" say what it did with a letter for which it gave no answer."""
SLOW: Final = 0.3
"""Seconds that a slow answer takes."""


@dataclass(frozen=True)
class Received:
    """A letter that the sink kept; `answered` says whether it told the sender so."""

    to: str
    data: bytes
    answered: bool

    @cached_property
    def message(self) -> EmailMessage:
        """The letter, read."""
        return cast(EmailMessage, message_from_bytes(self.data, policy=policy.SMTP))

    @cached_property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


class Sink:
    """Listens on `port` of localhost. `faults` says what breaks at which MAIL command, counted from 1 over all
    connections; `refused` are addresses that do not exist here; `options` are those of aiosmtpd."""

    def __init__(
        self,
        *,
        faults: Mapping[int, str] | None = None,
        refused: Collection[str] = (),
        listen_tls: ssl.SSLContext | None = None,
        **options: Any,
    ) -> None:
        self.port = free_port()
        self.faults = dict(faults or {})
        self.refused = frozenset(refused)
        self._tls, self._options = listen_tls, options
        self.received: list[Received] = []
        self.mails = 0
        self.connections = 0
        self._open: set[_Session] = set()
        self._listener: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="sink", daemon=True).start()
        self.up()

    def up(self) -> None:
        """Take connections."""

        async def listen() -> None:
            self._listener = await self._loop.create_server(
                lambda: _Session(self, self._loop, self._options), "127.0.0.1", self.port, ssl=self._tls
            )

        asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)

    def down(self) -> None:
        """Refuse connections, and cut those that are open."""

        async def refuse() -> None:
            if self._listener is not None:
                self._listener.close()
            for session in tuple(self._open):
                session.cut()

        asyncio.run_coroutine_threadsafe(refuse(), self._loop).result(10)

    def close(self) -> None:
        """End."""
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def wait(self, fact: Callable[[], bool], *, seconds: float = 120) -> None:
        """Wait until a fact holds; the time limit ends what hangs, and a busy machine decides nothing."""
        deadline = time.monotonic() + seconds
        while not fact():
            assert time.monotonic() < deadline, f"{len(self.received)} letters came, {self.mails} MAIL commands"
            time.sleep(0.05)

    @property
    def by_addressee(self) -> Mapping[str, list[Received]]:
        """What each addressee has."""
        found: dict[str, list[Received]] = defaultdict(list)
        for received in self.received:
            found[received.to].append(received)
        return found

    def fault(self) -> str | None:
        """Return what breaks at this MAIL command, once."""
        self.mails += 1
        return self.faults.pop(self.mails, None)


@contextmanager
def sinking(**options: Any) -> Iterator[Sink]:
    """Run a sink for the length of the block."""
    sink = Sink(**options)
    try:
        yield sink
    finally:
        sink.close()


class _Session(SMTP):
    """One connection."""

    def __init__(self, sink: Sink, loop: asyncio.AbstractEventLoop, options: Mapping[str, Any]) -> None:
        super().__init__(_Handler(sink), hostname="sink.example", loop=loop, **options)
        self._sink = sink
        self._fault: str | None = None

    def connection_made(self, transport: Any) -> None:
        self._sink._open.add(self)
        self._sink.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._open.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Cut the line without a word."""
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()

    async def smtp_EHLO(self, arg: str) -> None:
        if self._sink.faults.get(self._sink.mails + 1) == "421 at the greeting":
            self._sink.fault()
            await self._leave()
        await super().smtp_EHLO(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        self._fault = self._sink.fault()
        if not await self._broke("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._broke("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self._fault == "cut in DATA":
            await self.push("354 go on")
            await self._reader.read(200)
            await self._vanish()
        if not await self._broke("DATA"):
            await super().smtp_DATA(arg)

    async def took(self, to: str, data: bytes) -> str:
        """Answer the final dot, or break there."""
        if await self._broke("the dot"):
            return "451 4.3.0 try again later"
        fault = self._fault or ""
        if fault.endswith("lost"):
            await self._vanish()
        self._sink.received.append(Received(to, data, answered=not fault.endswith("kept")))
        if fault == "cut after the dot, kept":
            await self._vanish()
        await asyncio.sleep({"deaf after the dot, kept": 3600, "slow": SLOW}.get(fault, 0))
        return "250 OK"

    async def _broke(self, step: str) -> bool:
        """Do what was told for this step; return whether that was an answer."""
        if self._fault == f"421 at {step}":
            await self._leave()
        elif self._fault == f"cut at {step}":
            await self._vanish()
        elif self._fault == f"451 at {step}":
            if step != "the dot":
                await self.push("451 4.7.1 greylisted, try again later")
            return True
        return False

    async def _leave(self) -> None:
        await self.push("421 4.3.2 closing down")
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).close()
        await asyncio.sleep(3600)  # aiosmtpd ends this task when the connection is gone

    async def _vanish(self) -> None:
        self.cut()
        await asyncio.sleep(3600)


class _Handler:
    """What aiosmtpd asks about addressees and whole letters."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def handle_RCPT(self, server: _Session, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if address in self._sink.refused:
            return f"550 5.1.1 <{address}>: no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: _Session, session: Any, envelope: Envelope) -> str:
        return await server.took(envelope.rcpt_tos[0], cast(bytes, envelope.original_content))
