"""Writes the files of this folder: `python -m tests.vectors.gate.make`. A test fails when they differ from this."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.vectors.gate import card_cases, codes_cases, presence_cases, verdict_cases

HERE = Path(__file__).parent


def texts() -> dict[str, str]:
    """Return what each file holds."""
    made: dict[str, Any] = {
        "codes": codes_cases.made(),
        "card": card_cases.made(),
        "presence": presence_cases.made(),
        "verdict": verdict_cases.made(),
    }
    return {name: _lines(value) for name, value in made.items()}


def _lines(made: dict[str, Any]) -> str:
    """Return JSON with each case on a line of its own, so that differences can be read."""
    parts = [f'"{name}": {_part(part)}' for name, part in made.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(part: Any) -> str:
    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    if isinstance(part, list):
        return "[\n" + ",\n".join(map(dump, part)) + "\n]"
    return "{\n" + ",\n".join(f"{dump(name)}: {dump(value)}" for name, value in part.items()) + "\n}"


if __name__ == "__main__":
    for name, text in texts().items():
        (HERE / f"{name}.json").write_text(text)
