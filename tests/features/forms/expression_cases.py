"""Cases of expressions as JSON has them: what is asked, what the asker sees, and values. `asked.ts` is its twin."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from server.features.forms.expressions import Nodes, Row, Scope, Tree, Value
from server.features.forms.expressions.tree import path

VECTORS: Final = Path(__file__).parents[2] / "vectors" / "forms"
NOW: Final = 1_795_280_400_123  # 2026-11-22T00:00:00.123+07:00


def scope_from(case: Mapping[str, Any]) -> Scope:
    """Return what the place sees that asks: `answers` are nested, `at` is its path."""
    repeats: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}

    def visit(row: Row, inside: Mapping[str, Any]) -> None:
        for name, answer in inside.items():
            repeats[name] = tuple(repeat for repeat, _ in row)
            if isinstance(answer, str):
                texts[path(row, name)] = answer
                continue
            counts[path(row, name)] = len(answer)
            for index, each in enumerate(answer, 1):
                visit((*row, (name, index)), each)

    visit((), case.get("answers", {}))
    at = case.get("at", "")
    return Scope(
        Tree(repeats, texts, counts),
        row=_row(at),
        this=case.get("this", texts.get(at, "")),
        now=case.get("now", NOW),
        offset=case.get("offset", 420),
        seed=case.get("seed", ""),
        version=case.get("version", "2026-1"),
        path=at,
        label=lambda question, value: f"{question}: {value}",
        column=case.get("column"),
    )


def _row(at: str) -> Row:
    steps = (step.removesuffix("]").split("[") for step in at.split("/")[:-1])
    return tuple((repeat, int(number)) for repeat, number in steps)


def as_json(value: Value) -> Any:
    """Numbers that JSON lacks are written `{"number": "NaN"}`, nodes as their texts and rows."""
    if isinstance(value, Nodes):
        return {"nodes": list(value.texts), "rows": [path(row, "") for row in value.rows]}
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return {"number": "NaN" if math.isnan(value) else "-0" if value == 0 else str(value).replace("inf", "Infinity")}
    return value
