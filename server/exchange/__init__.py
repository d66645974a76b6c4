"""`POST /sync`: push changes and pull states in one round trip. It knows kinds, never features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from server.credentials import Credentials
from server.errors import Problem
from server.exchange.pull import pull
from server.exchange.push import Push
from server.exchange.taking import Sender
from server.kinds import Actor, Kind
from server.shards import with_shards
from server.store import Expected, Reader, Store

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


class Visitor(Protocol):
    """Whoever sends a request."""

    @property
    def tickets(self) -> Iterable[tuple[str, str]]:
        """The tickets, by purpose and token, that say who it is."""
        ...

    def actor(self, look: Reader, *, now: int) -> Actor | None:
        """Return who it is; None for somebody without a session."""
        ...


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

    def __call__(self, request: Request, visitor: Visitor, *, now: int) -> str:
        """Take the batches in order, then pull; return the JSON text of the answer.

        Without a session only the feed `public` can be read, and nothing can be sent: `signed_out`.
        """
        push = Push(self.store, self.kinds, self.credentials)
        first = [push.open(jws) for jws in request.batches[:1]]
        with self.store.read() as look:
            names = (name for each in first for name in push.looks_at(each))
            look.expect(Expected(tickets=visitor.tickets, records=names))
            actor = visitor.actor(look, now=now)
            feeds = self._feeds(request, actor, look)
            life = self.store.life
            sender = None if actor is None else Sender(actor=actor, now=now, receipts=request.receipts, life=life)
            examined = [] if sender is None else [push.examine(each, sender, look) for each in first]
        answers = [push.take(each) for each in examined]
        if sender is not None:
            answers += [push(jws, sender) for jws in request.batches[1:]]
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

    def _feeds(self, request: Request, actor: Actor | None, look: Reader) -> frozenset[str]:
        """Return the feeds to read. Raises `signed_out` and `feed_forbidden`."""
        feeds = followed(actor, asked=request.cursors.keys())
        if actor is not None and actor.unit is not None:
            # Each time: who knew of fewer shards would take away what stands in the others.
            feeds = with_shards(look, feeds)
        foreign = request.cursors.keys() - feeds
        if actor is None and (request.batches or foreign):
            raise Problem("signed_out")
        if foreign:
            raise Problem("feed_forbidden", f"expected feeds among {sorted(feeds)}, got {sorted(foreign)}")
        return feeds
