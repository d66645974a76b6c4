"""`POST /sync`: push changes and pull states in one round trip. It knows kinds, never features."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.credentials import Credentials
from server.errors import Problem
from server.exchange.pull import pull
from server.exchange.push import Answer, Push
from server.exchange.taking import Sender
from server.kinds import Actor, Kind
from server.shards import with_shards
from server.store import Store

Feed = Annotated[str, Field(max_length=200)]


class Request(BaseModel):
    """What a client sends: its epoch, where it is in each feed, its signed batches, and how many entries it wants.

    `device` asks how much of that device's chain is backed up (B7); `receipts` come back with batches (B8).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: str | None = None
    cursors: dict[Feed, Annotated[int, Field(ge=0, le=2**53 - 1)]] = Field(default_factory=dict, max_length=64)
    batches: list[str] = Field(default_factory=list, max_length=16)
    limit: int = Field(default=200, ge=1, le=500)
    device: Annotated[str, Field(max_length=43)] | None = None
    receipts: dict[Annotated[str, Field(max_length=97)], Annotated[str, Field(max_length=4096)]] = Field(
        default_factory=dict, max_length=64
    )


def followed(actor: Actor | None, *, asked: Set[str]) -> frozenset[str]:
    """Return the feeds that someone is served: all that are theirs, and of those on request what is asked for (F8)."""
    if actor is None:
        return frozenset({"public"})
    return actor.feeds | (actor.on_request & asked)


def heights(store: Store, feeds: Sequence[str]) -> Mapping[str, int]:
    """Return where feeds are now, and the shards that they have (F1, F9)."""
    with store.read() as reader:
        return reader.heights(sorted(with_shards(reader, feeds)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """Answers `POST /sync` for a store and the kinds of all features."""

    store: Store
    kinds: Mapping[str, Kind]
    credentials: Credentials

    def __call__(self, request: Request, actor: Actor | None, *, now: int) -> str:
        """Take the batches in order, then pull; return the JSON text of the answer.

        Without a session (`actor` is None) only the feed `public` can be read, and nothing can be sent: `signed_out`.
        """
        feeds = self._followed(actor, asked=request.cursors.keys())
        foreign = request.cursors.keys() - feeds
        if actor is None and (request.batches or foreign):
            raise Problem("signed_out")
        if foreign:
            raise Problem("feed_forbidden", f"expected feeds among {sorted(feeds)}, got {sorted(foreign)}")
        answers = [] if actor is None else self._push(request, actor, now=now)
        known = request.cursors if request.epoch == self.store.epoch else {}
        with self.store.read() as reader:
            backed_up = 0 if actor is None or request.device is None else reader.backed_up(request.device)
            page = pull(reader, cursors={feed: known.get(feed, 0) for feed in feeds}, limit=request.limit)
        head = json.dumps(
            {
                "epoch": self.store.epoch,
                "time": now,
                "backed_up": backed_up,
                "answers": answers,
                "cursors": page.cursors,
                "more": page.more,
            }
        )
        return f'{head[:-1]}, "entries": [{",".join(page.entries)}]}}'

    def _followed(self, actor: Actor | None, *, asked: Set[str]) -> frozenset[str]:
        feeds = followed(actor, asked=asked)
        if actor is None or actor.unit is None:
            return feeds
        with self.store.read() as look:  # each time: who knew of fewer shards would take away what stands in the others
            return with_shards(look, feeds)

    def _push(self, request: Request, actor: Actor, *, now: int) -> list[Answer]:
        push = Push(self.store, self.kinds, self.credentials)
        sender = Sender(actor=actor, now=now, receipts=request.receipts, life=self.store.life)
        return [push(jws, sender) for jws in request.batches]
