"""New phones: each pulls all records of a store over one connection, as its own protocol does. Written in Python."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import brotli

ACCEPTED: Final = "gzip, deflate, br"
"""What a browser accepts."""
PAGE: Final = 200
"""How many entries our app asks for at a time (`pwa/src/data/exchange.ts`)."""


@dataclass(slots=True, kw_only=True)
class Pulled:
    """What came: ids of records, requests, seconds, and what gzip makes of the bodies."""

    ids: set[str] = field(default_factory=set)
    requests: int = 0
    seconds: float = 0.0
    zipped: int = 0


class Phone:
    """A connection that stays open."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.pulled = Pulled()
        self._headers = {"Accept-Encoding": ACCEPTED, "Content-Type": "application/json", **headers}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._bodies: list[bytes] = []

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[Any, http.client.HTTPMessage]:
        """Return the JSON of an answer, and its head."""
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        data = answer.read()
        self.pulled.requests += 1
        if answer.status != 200:
            raise RuntimeError(f"expected 200 to {method} {path}, got {answer.status} {data[:500]!r}")
        plain = decoded(data, answer.headers.get("Content-Encoding", ""))
        self._bodies.append(plain)
        return json.loads(plain), answer.headers

    def done(self, began: float) -> Pulled:
        """Hang up; return what came since."""
        self.pulled.seconds = time.perf_counter() - began
        self._connection.close()
        self.pulled.zipped = sum(len(gzip.compress(body, 6)) for body in self._bodies)
        return self.pulled


def ours(port: int, *, headers: Mapping[str, str], cursors: Mapping[str, int], epoch: str) -> Pulled:
    """Pull from our service until there is no more."""
    phone, began, more = Phone(port, headers), time.perf_counter(), True
    while more:
        body = {"epoch": epoch, "cursors": cursors, "batches": [], "limit": PAGE}
        answer, _ = phone.ask("POST", "/sync", json.dumps(body))
        phone.pulled.ids |= {f"{entry['kind']}/{entry['id']}" for entry in answer["entries"]}
        cursors, more = answer["cursors"], answer["more"]
    return phone.done(began)


def kinto(port: int, *, headers: Mapping[str, str], path: str) -> Pulled:
    """Pull from Kinto, following its pages."""
    phone, began = Phone(port, headers), time.perf_counter()
    following: str | None = f"{path}?_since=0"
    while following:
        answer, head = phone.ask("GET", following)
        phone.pulled.ids |= {record["id"] for record in answer["data"]}
        url = urlsplit(head.get("Next-Page", ""))
        following = f"{url.path}?{url.query}" if url.path else None
    return phone.done(began)


def decoded(data: bytes, coding: str) -> bytes:
    """Undo a Content-Encoding."""
    match coding:
        case "":
            return data
        case "gzip":
            return gzip.decompress(data)
        case "br":
            return bytes(brotli.decompress(data))
    raise ValueError(f"expected one of {ACCEPTED}, got {coding!r}")
