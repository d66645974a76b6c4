"""Copies of a city: into another database, into a folder, and back. It works on rows (`store.transfer`) of any engine.

A backup is a folder of *parts*: a whole one, and after it those that hold what has moved since the part before.
"""

from __future__ import annotations


class BackupError(Exception):
    """What was asked can't be done, or what was read is not whole; the message is a sentence for the operator."""
