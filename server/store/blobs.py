"""Attachments as files named by their SHA-256 (SPEC.md A1)."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from server.errors import Problem


class FileBlobs:
    """Whole blobs are `<folder>/<first two digits>/<sha256>`; parts are `<folder>/parts/<sender>-<sha256>`.

    A part belongs to its sender, so that nobody can spoil what another one is sending. `most` is bytes.
    """

    def __init__(self, folder: Path, *, most: int) -> None:
        self._folder = folder
        self._most = most
        (folder / "parts").mkdir(parents=True, exist_ok=True)

    def size(self, sha256: str) -> int | None:
        """Return the length in bytes of a whole blob, or None."""
        place = self._place(sha256)
        return place.stat().st_size if place.exists() else None

    def part(self, sha256: str, *, sender: str) -> int:
        """Return how many bytes the sender has sent of a blob that is not whole yet."""
        part = self._part(sha256, sender)
        return part.stat().st_size if part.exists() else 0

    def append(self, sha256: str, data: bytes, *, sender: str, offset: int, length: int) -> bool:
        """Append `data` durably at `offset` of a blob of `length` bytes; return whether it is whole now.

        Raises `blob_size` past the limit, `blob_offset` when the part does not end at `offset`, and `blob_hash`, which
        throws the part away, when all bytes came and do not hash to the name.
        """
        if not 0 < length <= self._most or offset + len(data) > length:
            raise Problem("blob_size", f"expected a blob of at most {self._most} bytes, and no byte past its length")
        part = self._part(sha256, sender)
        if offset > 0 and not part.exists():
            raise Problem("blob_offset", f"expected offset 0, got {offset}", offset=0)
        try:
            with part.open("ab") as file:
                # The request before may still be here, its link long cut: only one of them goes on from this offset.
                fcntl.flock(file, fcntl.LOCK_EX)
                have = os.fstat(file.fileno()).st_size
                if have != offset:
                    raise Problem("blob_offset", f"expected offset {have}, got {offset}", offset=have)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Problem("unavailable", "expected room for the blob on the disk") from error
        if offset + len(data) < length:
            return False
        self._finish(part, sha256)
        return True

    def read(self, sha256: str) -> bytes | None:
        """Return a whole blob, or None."""
        place = self._place(sha256)
        return place.read_bytes() if place.exists() else None

    def _finish(self, part: Path, sha256: str) -> None:
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            part.unlink()
            raise Problem("blob_hash", f"expected bytes that hash to {sha256}, got {found}; the part was thrown away")
        place = self._place(sha256)
        place.parent.mkdir(exist_ok=True)
        part.rename(place)
        for folder in (place.parent, self._folder):
            _make_durable(folder)

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _part(self, sha256: str, sender: str) -> Path:
        return self._folder / "parts" / f"{sender}-{sha256}"


def _make_durable(folder: Path) -> None:
    """Have the disk keep the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
