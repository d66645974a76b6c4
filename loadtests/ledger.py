"""What people were told: everything that the server acknowledged, written down by whoever sent it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final


class Ledger:
    """A file of JSON lines that any number of processes append to; a line is one write, so lines never mix."""

    def __init__(self, path: Path) -> None:
        self._file: Final = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, submission: str, code: str | None = None) -> None:
        """Write down that a submission was acknowledged, and the dossier code once its receipt was seen."""
        self._write({"submission": submission, "code": code})

    def batch(self, device: str, seq: int, hash: str) -> None:
        """Write down that a batch was acknowledged: the place in its device's chain, and the hash of its bytes (B1)."""
        self._write({"device": device, "seq": seq, "hash": hash})

    def blob(self, sha256: str, length: int) -> None:
        """Write down that a file was acknowledged to be whole."""
        self._write({"blob": sha256, "length": length})

    def _write(self, said: Mapping[str, Any]) -> None:
        os.write(self._file, json.dumps(said).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Noted:
    """What was acknowledged.

    `submissions` maps to the dossier code that the person saw, or None when the run ended before; `batches` maps
    device and seq to the batch's hash, `blobs` SHA-256 to length in bytes.
    """

    submissions: dict[str, str | None] = field(default_factory=dict)
    batches: dict[tuple[str, int], str] = field(default_factory=dict)
    blobs: dict[str, int] = field(default_factory=dict)


def read(*paths: Path) -> Noted:
    """Merge ledgers: each worker of a run may have written one of its own."""
    noted = Noted()
    for said in (json.loads(line) for line in _lines(paths)):
        if "blob" in said:
            noted.blobs[said["blob"]] = said["length"]
        elif "device" in said:
            noted.batches[said["device"], said["seq"]] = said["hash"]
        else:
            submission = said["submission"]
            noted.submissions[submission] = said["code"] or noted.submissions.get(submission)
    return noted


def _lines(paths: Iterable[Path]) -> Iterable[str]:
    return (line for path in paths if path.exists() for line in path.read_text().splitlines())
