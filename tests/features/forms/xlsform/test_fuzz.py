"""Whatever a spreadsheet holds, it compiles or is refused: the compiler never fails. `FUZZ` says how many are tried."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from server.features.forms.form import parse
from server.features.forms.xlsform import compiled
from tests.features.forms.xlsform.workbooks import Example, examples, workbook

ROUNDS = int(os.environ.get("FUZZ", "150"))
EXAMPLES = examples()
WORDS = (
    *("", "yes", "text", "select_one s", "begin group", "end repeat", "begin repeat", "calculate", "note", "${a}", "."),
    *("${a} = 'x' and (", "'", "${", "}", "..", "/data/g/a", "\0", "\n", "🙂", "a" * 3_000, "=1+1", "#REF!", "0", "-1"),
    *(
        "1e999",
        "selected(${a}, 'x')",
        "count(${r})",
        "((((((",
        "not" * 40,
        "name",
        "label::vi",
        "label",
        "a::b::c",
        ":",
    ),
    *("start=1 end=", "card/name", "last/x/y", "{int 5}", "true()", "TRUE", "2026-11-25", "regex(., '(a+)+$')", "::vi"),
    *("${a}[1]", "${r}[${a} > 1]/a", "position(..)", "indexed-repeat(${a}, ${r}, 1)", "jr:choice-name(${a}, '${a}')"),
)


def tables(chance: random.Random) -> bytes:
    """Return an example with some cells, rows and headers changed."""
    example: Example = chance.choice(EXAMPLES)
    sheets = {name: [list(row) for row in rows] for name, rows in example.sheets.items()}
    for _ in range(chance.randint(1, 6)):
        rows = chance.choice(list(sheets.values()))
        if not rows:
            continue
        row = chance.choice(rows)
        act = chance.randrange(6)
        if act == 0 and len(rows) > 1:
            rows.remove(row)
        elif act == 1:
            rows.insert(chance.randrange(len(rows) + 1), list(chance.choice(rows)))
        elif row:
            at = chance.randrange(len(row))
            donor = chance.choice([cell for each in rows for cell in each] or [None])
            row[at] = donor if act == 2 else chance.choice(WORDS) if act < 5 else f"{row[at]}{chance.choice(WORDS)}"
    cleaned = {
        name: [[cell.replace("\0", "") if isinstance(cell, str) else cell for cell in row] for row in rows]
        for name, rows in sheets.items()
    }
    return workbook(cleaned)


def spoilt(chance: random.Random) -> bytes:
    """Return an example's file with some bytes changed."""
    data = bytearray(workbook(chance.choice(EXAMPLES).sheets))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        act = chance.randrange(3)
        if act == 0:
            data[at] = chance.randrange(256)
        elif act == 1:
            del data[at : at + chance.randint(1, 40)]
        else:
            data[at:at] = chance.randbytes(chance.randint(1, 40))
        if not data:
            break
    return bytes(data)


def noise(chance: random.Random) -> bytes:
    return chance.choice((b"PK\x03\x04", b"PK", b"", b"\xd0\xcf\x11\xe0")) + chance.randbytes(chance.randrange(4_000))


@pytest.mark.parametrize("make", [tables, spoilt, noise], ids=lambda make: make.__name__)
def test_nothing_makes_the_compiler_fail(make: Callable[[random.Random], bytes]) -> None:
    for seed in range(ROUNDS):
        found = compiled(make(random.Random(seed)), f"{seed}.xlsx")
        assert (found.form is None) == bool(found.errors), seed
        if found.form is not None:
            parse(found.form)
        for problem in (*found.errors, *found.warnings):
            assert problem.message("vi") and problem.message("en"), seed
