"""Things of which each goes to one simulated person, whichever worker that one runs on: links, prepared phones."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from gevent.event import AsyncResult
from locust.runners import MasterRunner, WorkerRunner

_PATIENCE = 30


class Deck:
    """Cards that the master holds and hands out one by one. Make it on every process, in the event `init`.

    Only the master, or the one process of a run without workers, needs the `cards`.
    """

    def __init__(self, environment: Any, name: str, cards: Iterable[str] = ()) -> None:
        self._runner = environment.runner
        self._name = name
        self._cards = iter(()) if isinstance(self._runner, WorkerRunner) else iter(cards)
        self._tokens, self._asked = count(), dict[int, AsyncResult]()
        if isinstance(self._runner, MasterRunner):
            self._runner.register_message(f"{name} wanted", self._deal)
        if isinstance(self._runner, WorkerRunner):
            self._runner.register_message(f"{name} dealt", self._dealt)

    def take(self) -> str | None:
        """Return a card that nobody else has, or None when there is none left."""
        if not isinstance(self._runner, WorkerRunner):
            return next(self._cards, None)
        token = next(self._tokens)
        self._asked[token] = AsyncResult()
        self._runner.send_message(f"{self._name} wanted", {"token": token})
        dealt: str | None = self._asked[token].get(timeout=_PATIENCE)
        return dealt

    def _deal(self, environment: Any, msg: Any, **_: Any) -> None:
        dealt = {"token": msg.data["token"], "card": next(self._cards, None)}
        environment.runner.send_message(f"{self._name} dealt", dealt, client_id=msg.node_id)

    def _dealt(self, environment: Any, msg: Any, **_: Any) -> None:
        self._asked.pop(msg.data["token"]).set(msg.data["card"])
