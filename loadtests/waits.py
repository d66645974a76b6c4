"""What PostgreSQL's connections do, looked at many times a second: evidence of what a city's writers wait for."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

_EVERY: Final = 0.02
_LOOK: Final = """
SELECT coalesce(wait_event_type || '/' || wait_event, 'at work')
FROM pg_stat_activity
WHERE application_name = 'motcua' AND (datname = current_database() OR %s) AND state = 'active'
"""


@contextmanager
def waits(url: str, *, everywhere: bool = False) -> Iterator[Counter[str]]:
    """Look while the block runs; what is counted are statements under way, by what they wait for.

    They are those of the database at `url`, or of all of its cluster: then a database may be made anew meanwhile.
    """
    found: Counter[str] = Counter()
    over = threading.Event()

    def look() -> None:
        with psycopg.connect(url, autocommit=True, application_name="looks on") as connection:
            while not over.wait(_EVERY):
                found.update(event for (event,) in connection.execute(_LOOK, (everywhere,)))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def most(found: Counter[str], number: int = 4) -> str:
    """Return the most frequent ones with their shares."""
    whole = max(1, found.total())
    return ", ".join(f"{event} {times / whole:.0%}" for event, times in found.most_common(number))
