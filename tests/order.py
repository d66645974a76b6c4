"""In which order tests run, and how many at once: `make test` lasts as long as its longest file and all of its work."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import pytest

_ROOT: Final = Path(__file__).parent
_LONGEST: Final = (
    "faults/test_kills.py",
    "faults/test_mail.py",
    "journeys/test_meeting_screens.py",
    "journeys/test_catalogue_walk.py",
    "faults/test_kills_postgresql.py",
    "faults/test_restores.py",
    "loadtests/test_peakday.py",
    "journeys/test_uploads.py",
    "loadtests/test_overload.py",
    "journeys/test_gate_claimed.py",
    "journeys/test_gate_offline.py",
    "journeys/test_main_job.py",
)
"""Files that take a minute or more."""
_LONG: Final = ("backup", "faults", "journeys", "loadtests", "operations")
"""Folders whose tests start services and browsers."""
_WAITING: Final = 2
"""So many tests more than processors run at once: a test of a browser or a service waits for half of its time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that none of them is left alone in the end; within a file nothing moves."""
    items.sort(key=lambda item: _place(item.path.relative_to(_ROOT)))


def pytest_xdist_auto_num_workers(config: Any) -> int:
    """Return how many files run at once."""
    return (os.cpu_count() or 1) + _WAITING


def _place(path: Path) -> int:
    """Return 0 for the longest file; those that are short come last, as they were found."""
    if path.as_posix() in _LONGEST:
        return _LONGEST.index(path.as_posix())
    return len(_LONGEST) + (path.parts[0] not in _LONG)
