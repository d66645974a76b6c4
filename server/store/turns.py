"""Taking turns at a file: whoever waits is woken by the kernel at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def turn(file: IO[str]) -> Iterator[None]:
    """Wait until no other process has its turn, and have one while the block runs."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
