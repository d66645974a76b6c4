"""What every engine does with rows: reading states, ending pages, naming tickets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from server.store import Entry
from sync import record
from sync.record import State

_SMALL: Final = 4096
"""Characters of a state that is worth remembering; larger ones would let a few clients fill the memory."""


def state_of(text: str) -> State:
    """Read a state. One request reads the same device or passkey several times, so small ones are remembered."""
    return _small_state(text) if len(text) <= _SMALL else record.from_json(json.loads(text))


def one_page(entries: Iterable[Entry], size: int) -> list[Entry]:
    """Return the entries up to the one that passes `size` characters of text in all (F3)."""
    page = []
    for entry in entries:
        page.append(entry)
        size -= len(entry.text or "")
        if size < 0:
            break
    return page


def ticket_name(purpose: str, token: str) -> str:
    """Return the hash under which a ticket is kept: a database that is read by others opens nothing."""
    return hashlib.sha256(f"{purpose}\0{token}".encode()).hexdigest()


@lru_cache(maxsize=1024)
def _small_state(text: str) -> State:
    return record.from_json(json.loads(text))
