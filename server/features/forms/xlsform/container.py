"""The file around a workbook: what is no `.xlsx`, or would do harm, is refused before anything in it is read."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from server.features.forms.xlsform.problems import FILE, Refused, problem

BYTES: Final = 2 * 1024 * 1024
UNPACKED: Final = 24 * 1024 * 1024
XML: Final = 2 * 1024 * 1024
"""So much may a single sheet have: a form has a tenth of it, and each megabyte takes about a second to read."""
PARTS: Final = 400

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Compound File Binary, [MS-CFB] 2.2
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4


def opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive of an `.xlsx`, or raise `Refused` with the reason."""
    if len(data) > BYTES:
        raise _refused("file_large", got=len(data), most=BYTES)
    if data.startswith(_OLE):
        raise _refused("file_locked" if _ENCRYPTED in data else "file_xls")
    if not data.startswith(b"PK"):
        raise _refused("file_csv" if _reads_as_text(data) else "file_unknown")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise _refused("file_broken", reason=error) from error
    _check(archive)
    return archive


def _check(archive: zipfile.ZipFile) -> None:
    parts = {part.filename: part.file_size for part in archive.infolist()}
    # What unpacks to more than it says is cut off there by zipfile, and its checksum then fails.
    xml = max((size for name, size in parts.items() if not name.startswith("xl/media/")), default=0)
    if len(archive.infolist()) > PARTS or sum(parts.values()) > UNPACKED or xml > XML:
        raise _refused("file_unpacked", most=UNPACKED)
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise _refused("file_locked")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in parts):
        raise _refused("file_macros")
    if "xl/workbook.bin" in parts:
        raise _refused("file_xlsb")
    if "content.xml" in parts:
        raise _refused("file_ods")
    if "xl/workbook.xml" not in parts and "[Content_Types].xml" not in parts:
        raise _refused("file_unknown")
    if any(name.startswith(("word/", "ppt/")) for name in parts):
        raise _refused("file_unknown")
    if any(name.startswith("xl/externalLinks/") for name in parts):
        raise _refused("file_links")


def _reads_as_text(data: bytes) -> bool:
    try:
        text = data[:4_096].decode("utf-8", errors="strict" if len(data) <= 4_096 else "ignore")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and all(character.isprintable() or character in "\r\n\t\ufeff" for character in text)


def _refused(code: str, **fields: object) -> Refused:
    return Refused(problem(code, FILE, **fields))
