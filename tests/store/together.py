"""Doing things at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads at the same time; return their results or errors, in order."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = jobs[place]()
        except Exception as error:  # noqa: BLE001  # the test looks at it
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
