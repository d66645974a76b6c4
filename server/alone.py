"""Being the only one: a lock that lasts as long as its holder, on one machine or among all that share a database."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Protocol


class Alone(Protocol):
    """A lock that one process holds at a time, and that falls to others however that process ends."""

    def take(self) -> bool:
        """Take it if it is free; return whether it is held now. Never waits for its holder."""
        ...

    def held(self) -> bool:
        """Return whether it is held still: a lock that another machine keeps may have been lost with the line to it."""
        ...

    def leave(self) -> None:
        """Let others have it."""
        ...


class FileLock:
    """A lock on a file, for processes of one machine; the kernel takes it back."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w")

    def take(self) -> bool:
        """Take it if it is free."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def held(self) -> bool:
        """Return True: the kernel takes it from no one."""
        return True

    def leave(self) -> None:
        """Let others have it."""
        self._file.close()
