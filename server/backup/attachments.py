"""Carrying attachments from one folder of blobs to another: only whole ones, each once."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from server.backup import BackupError
from server.backup.archive import make_durable


class Attachments:
    """Carries blobs from `source` to `target`, which are laid out as `store.blobs` says.

    Where both are on one disk a blob is linked, which costs nothing; else it is copied. `missing` are those that the
    source does not have.
    """

    def __init__(self, source: Path, target: Path) -> None:
        self._source, self._target = source, target
        self._same = source.resolve() == target.resolve()
        self._touched: set[Path] = set()
        self.carried = 0
        self.missing: list[str] = []

    def carry(self, sha256: str, *, check: bool = False) -> None:
        """Carry one, unless it is there. `check` compares its bytes with its name. Raises `BackupError`."""
        source, target = self._source / sha256[:2] / sha256, self._target / sha256[:2] / sha256
        if self._same or target.exists():
            return
        if not source.exists():
            self.missing.append(sha256)
            return
        if check:
            with source.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise BackupError(f"{source} is not as it was written: its SHA-256 is another one.")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:
            _copy(source, target)
        self._touched |= {target.parent, self._target}
        self.carried += 1

    def settle(self) -> None:
        """Have the disk keep what was carried."""
        for folder in self._touched:
            make_durable(folder)
        self._touched.clear()


def _copy(source: Path, target: Path) -> None:
    coming = target.with_name(f"{target.name}.coming")
    shutil.copyfile(source, coming)
    with coming.open("rb") as file:
        os.fsync(file.fileno())
    coming.rename(target)
