"""Looking now and then whether a poke was lost: a process that ended between commit and poke tells nobody."""

from __future__ import annotations

import threading
from typing import Final, Protocol

import structlog

from server.errors import Problem

_log = structlog.get_logger(__name__)
EVERY: Final = 20.0
"""Seconds after which a lost poke is made up for at the latest."""
_AGAIN: Final = 1.0
"""Seconds until the next look when the store did not answer."""


class Looks(Protocol):
    """Whoever knows what was said, and can compare it with the store."""

    def look(self) -> None:
        """Compare, and make up for what was missed. Raises `unavailable`."""
        ...


class Sweep:
    """Has somebody look every `EVERY` seconds, and soon after there is reason to doubt."""

    def __init__(self, whose: Looks) -> None:
        self._whose = whose
        self._doubt = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        threading.Thread(target=self._run, name="sweep", daemon=True).start()

    def soon(self) -> None:
        """Look now."""
        self._doubt.set()

    def _run(self) -> None:
        pause = EVERY
        while True:
            self._doubt.wait(pause)
            self._doubt.clear()
            try:
                self._whose.look()
                pause = EVERY
            except Problem as error:
                _log.info("live_sweep", expected="the store to say where the feeds are", error=str(error))
                pause = _AGAIN
