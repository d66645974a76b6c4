"""An expression tried on answers, with no form: what `motcua form eval` shows its author. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.features.forms.answers import text_of
from server.features.forms.expressions import Nodes, Row, Scope, Tree, Value, parse, string
from server.features.forms.expressions.expression import frame_of
from server.features.forms.expressions.paths import rewritten
from server.features.forms.expressions.tree import path

_OFFSET: Final = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})")
_STEP: Final = re.compile(r"([a-z][a-z0-9_]*)\[([1-9][0-9]{0,3})\]")


@dataclass(frozen=True, slots=True)
class Given:
    """The answers as a document, and which of the names are repeats."""

    tree: Tree
    repeats: frozenset[str]


def given(answers: Mapping[str, object]) -> Given:
    """Read nested answers: each list of objects is a repeat."""
    repeats: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}
    rows_of: set[str] = set()

    def visit(row: Row, inside: Mapping[str, object]) -> None:
        for name, answer in inside.items():
            repeats.setdefault(name, tuple(repeat for repeat, _ in row))
            rows = [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []
            if not isinstance(answer, list) or len(rows) < len(answer):
                texts[path(row, name)] = string(answer) if isinstance(answer, bool | float) else text_of(answer)
                continue
            rows_of.add(name)
            counts[path(row, name)] = len(rows)
            for index, each in enumerate(rows, 1):
                visit((*row, (name, index)), each)

    visit((), answers)
    return Given(Tree(repeats, texts, counts), frozenset(rows_of))


def tried(text: str, answers: Mapping[str, object], *, at: str, now: int, offset: int) -> Value:
    """Return what an expression gives, asked from the path `at`; paths in it lead through the answers.

    Raises `ExpressionError` when it is none, and `Exhausted` where a form would go on with the empty text.
    """
    document = given(answers)
    here = at.rpartition("/")[2].partition("[")[0]
    known = rewritten(text, here=here, places=document.tree.repeats, repeats=document.repeats) if text.strip() else text
    this = document.tree.texts.get(at, "")
    scope = Scope(document.tree, row=row_of(at), this=this, now=now, offset=offset, path=at)
    return parse(known).run(frame_of(scope))


def row_of(at: str) -> Row:
    """Return the row that a path stands in; what is no path raises `ValueError`."""
    row: list[tuple[str, int]] = []
    for step in at.split("/")[:-1]:
        match = _STEP.fullmatch(step)
        if not match:
            raise ValueError(f"expected a path as children[2]/name, got '{at}'")
        row.append((match[1], int(match[2])))
    return tuple(row)


def shown(value: Value) -> str:
    """Return a value as text; answers in rows one a line, each after its path."""
    if not isinstance(value, Nodes) or (len(value.rows) == 1 and value.rows[0] == ()):
        return string(value)
    lines = zip(value.rows, value.texts, strict=True)
    if value.rows_of_repeat:
        return "\n".join(path(row, "").rstrip("/") for row, _ in lines)
    return "\n".join(f"{path(row, value.name)}: {text}" for row, text in lines)


def moment(text: str | None, zone: str, *, clock: datetime) -> tuple[int, int]:
    """Return ms since 1970 and the zone's minutes ahead of UTC then; without a text the clock's time.

    `zone` is a name of the IANA data base or an offset such as +07:00. Raises `ValueError`.
    """
    city = _zone(zone)
    found = clock if text is None else datetime.fromisoformat(text)
    found = found.replace(tzinfo=city) if found.tzinfo is None else found
    offset = found.astimezone(city).utcoffset() or timedelta()
    return int((found - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)), offset // timedelta(minutes=1)


def _zone(name: str) -> ZoneInfo | timezone:
    match = _OFFSET.fullmatch(name)
    if match:
        ahead = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-ahead if match[1] == "-" else ahead)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"expected a time zone as Asia/Ho_Chi_Minh or +07:00, got '{name}'") from error
