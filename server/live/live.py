"""What a bus between processes does, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Listener(Protocol):
    """Who is told what moves. Nothing here waits, for it is called by whoever commits."""

    def moved(self, moved: Mapping[str, int]) -> None:
        """Take note that these feeds are at these numbers."""
        ...

    def doubt(self) -> None:
        """Take note that word of some feeds may have been lost."""
        ...


class Live(Protocol):
    """Carries pokes to the listeners of every process."""

    def listen(self, listener: Listener) -> None:
        """Tell `listener`, too, from now on."""
        ...

    def publish(self, moved: Mapping[str, int]) -> None:
        """Tell every listener, here and in the other processes. A poke is a hint: it may be lost, and never waits."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


class Listeners:
    """Those of one process."""

    def __init__(self) -> None:
        self._all: tuple[Listener, ...] = ()

    def add(self, listener: Listener) -> None:
        """Tell `listener`, too."""
        self._all = (*self._all, listener)

    def moved(self, moved: Mapping[str, int]) -> None:
        """Tell each of them."""
        for listener in self._all:
            listener.moved(moved)

    def doubt(self) -> None:
        """Tell each of them."""
        for listener in self._all:
            listener.doubt()
