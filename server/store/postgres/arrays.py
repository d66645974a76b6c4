"""Arrays of texts on the wire. psycopg's own way looks at each text for what an array of anything may hold."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, Final

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_TEXT: Final = psycopg.adapters.types["text"]
_HEAD: Final = struct.Struct("!IIIII")
"""Dimensions, whether there are nulls, the type of what is in it, how many there are, and the number of the first."""
_LENGTH: Final = struct.Struct("!I")


class Texts(list[str]):
    """A parameter of the type `text[]`."""


class _TextsDumper(Dumper):
    """Writes what PostgreSQL's `array_recv` reads."""

    format = Format.BINARY
    oid = _TEXT.array_oid

    def dump(self, obj: Texts) -> Buffer:
        parts = [_HEAD.pack(1, 0, _TEXT.oid, len(obj), 1)]
        for text in obj:
            data = text.encode()
            parts += (_LENGTH.pack(len(data)), data)
        return b"".join(parts)


psycopg.adapters.register_dumper(Texts, _TextsDumper)


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Return rows, each with the same types as the first, as the arrays that a statement takes."""
    return [Texts(column) if isinstance(column[0], str) else list(column) for column in zip(*rows, strict=True)]
