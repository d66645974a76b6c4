"""Where a letter goes."""

from __future__ import annotations

import re
from typing import Final

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


def address(text: str) -> str:
    """Return an address that fits any server: ASCII before the @, the host as in the DNS. Raises `ValueError`."""
    local, _, host = text.strip().rpartition("@")
    plain = f"{local}@{host.encode('idna').decode()}"
    if not _ADDRESS.fullmatch(plain) or len(local) > 64 or len(plain) > 254:
        raise ValueError(f"expected an address such as an@example.vn, got {text!r}")
    return plain
