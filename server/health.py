"""Whether this process should be sent requests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from server.config import Config
from server.draining import DRAINING
from server.errors import Problem
from server.store import Store

_ROOM: Final = b"\0" * 4096


def check_ready(config: Config, store: Store) -> None:
    """Raise `unavailable` when the service takes leave, its database does not answer, or its disk takes no more."""
    if DRAINING.service_ends:
        raise Problem("unavailable", "expected a service that goes on, this one is about to end")
    with store.read() as reader:
        reader.heights(["public"])
    _prove_writable(config.data)


def _prove_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_ROOM)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Problem("unavailable", "expected room on the disk of MOTCUA_DATA") from error
