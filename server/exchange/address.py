"""What `POST /sync` answers, whoever took the request from the wire."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from server.admission import Admission
from server.errors import Problem
from server.exchange import Exchange, Request, Visitor

Headers = tuple[tuple[str, str], ...]

_WORTH_COMPRESSING: Final = 4096
_PLAIN: Final[Headers] = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
_GZIP: Final[Headers] = (*_PLAIN, ("Content-Encoding", "gzip"))


@dataclass(frozen=True, slots=True)
class Address:
    """Parses, exchanges, and packs the answer; for whoever has a place of `admission`."""

    exchange: Exchange
    now: Callable[[], int]
    admission: Admission

    def __call__(self, body: bytes, visitor: Visitor, *, encodings: str) -> tuple[Headers, bytes]:
        """Return headers and body of the answer; `encodings` is what `Accept-Encoding` says. Raises `Problem`."""
        try:
            wanted = Request.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise Problem("bad_request", f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        data = self.exchange(wanted, visitor, now=self.now()).encode()
        if len(data) >= _WORTH_COMPRESSING and "gzip" in encodings:
            return _GZIP, gzip.compress(data, compresslevel=3)
        return _PLAIN, data
