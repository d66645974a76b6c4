"""What routes, kinds and commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.config import Config
from server.credentials import Credentials
from server.issuers import Issuers
from server.statuslists import StatusLists
from server.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """Wired together once, in `app.py`. `now` gives ms since 1970."""

    config: Config
    store: Store
    issuers: Issuers
    statuslists: StatusLists
    credentials: Credentials
    now: Callable[[], int]
