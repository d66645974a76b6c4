"""`POST /sync` without Flask: every phone's busiest address is spared what a framework costs.

It does what `app.py` does around every request, and no more: origin, session, size, headers, figures, problems. Whoever
takes requests from the wire (`worker.py`) may hand them over here; through Flask the same address answers the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import cached_property, lru_cache
from http import HTTPStatus
from typing import Final

import structlog

from server import metrics
from server.auth import Parts, sessions
from server.errors import Problem
from server.exchange.address import Address, Headers
from sync.limits import Invalid

PATH: Final = "/sync"
ENDPOINT: Final = "sync.sync"
"""What Flask calls this address, and so the figures."""

_log = structlog.get_logger(__name__)
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
_PROBLEM: Final[Headers] = (("Content-Type", "application/problem+json"),)


def as_problem(error: Exception) -> Problem:
    """Return the problem that an error is to whoever asked; what nobody foresaw is logged and `internal`."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Invalid):
        return Problem(error.code, str(error))
    _log.error("failure", path=PATH, exc_info=error)
    return Problem("internal")


@dataclass(frozen=True)
class Direct:
    """Answers a request with the bytes of an HTTP/1.1 response. `headers` stand on every answer of the service."""

    parts: Parts
    address: Address
    headers: Mapping[str, str]

    def __call__(
        self, headers: Mapping[str, str], read: Callable[[int], bytes], *, closes: Callable[[], bool]
    ) -> bytes:
        """Return the response; `headers` have upper-case names, `read` gives at most so many bytes of the body.

        `closes` is asked in the end whether the connection will be closed after it.
        """
        began = time.perf_counter()
        if self.address.admission.full:
            problem = self.address.admission.refusal()
            metrics.of(metrics.REQUESTS, ENDPOINT, str(problem.entry.status)).observe(time.perf_counter() - began)
            return self._bytes(*self._problem(problem), close=closes())
        try:
            status, (own, body) = 200, self._answer(headers, read)
        except Exception as error:  # noqa: BLE001  # the edge: every failure becomes an answer
            status, own, body = self._problem(as_problem(error))
        seconds = time.perf_counter() - began
        metrics.of(metrics.REQUESTS, ENDPOINT, str(status)).observe(seconds)
        if status >= 400:
            _log.info("request", method="POST", path=PATH, status=status, ms=round(seconds * 1000, 1))
        return self._bytes(status, own, body, close=closes())

    def _bytes(self, status: int, headers: Headers, body: bytes, *, close: bool) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        connection = "close" if close else "keep-alive"
        return (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\n{lines}Content-Length: {len(body)}\r\n"
            f"Connection: {connection}\r\nDate: {_date(int(time.time()))}\r\n{self._always}\r\n"
        ).encode("latin-1") + body

    def _answer(self, headers: Mapping[str, str], read: Callable[[int], bytes]) -> tuple[Headers, bytes]:
        sessions.demand_origin(headers.get("ORIGIN"), self.parts)
        most = self.parts.config.request_bytes
        length = headers.get("CONTENT-LENGTH")
        if length is not None and int(length) > most:
            raise Problem("too_large")
        body = read(most + 1)
        if len(body) > most:
            raise Problem("too_large")
        if length is not None and len(body) < int(length):
            raise Problem("bad_request", f"expected a body of {length} bytes, got {len(body)}")
        visitor = sessions.Visitor(sessions.token_in(headers.get("COOKIE", "")))
        with self.address.admission.place():
            return self.address(body, visitor, encodings=headers.get("ACCEPT-ENCODING", ""))

    def _problem(self, problem: Problem) -> tuple[int, Headers, bytes]:
        status = problem.entry.status
        again: Headers = (("Retry-After", str(problem.retry_after)),) if status == 503 else ()
        return status, (*_PROBLEM, *again), json.dumps(problem.to_json()).encode()

    @cached_property
    def _always(self) -> str:
        return "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())


@lru_cache(maxsize=2)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
