"""What residents were told: every submission that the server acknowledged, written down by whoever sent it."""

from __future__ import annotations

import json
import os
from pathlib import Path


class Ledger:
    """A file of JSON lines that any number of processes append to; a line is one write, so lines never mix."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, submission: str, code: str | None = None) -> None:
        """Write down that a submission was acknowledged, and the dossier code once its receipt was seen."""
        os.write(self._file, json.dumps({"submission": submission, "code": code}).encode() + b"\n")


def read(path: Path) -> dict[str, str | None]:
    """Return each acknowledged submission with the code that its person saw, or None."""
    seen: dict[str, str | None] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        said = json.loads(line)
        seen[said["submission"]] = said["code"] or seen.get(said["submission"])
    return seen
