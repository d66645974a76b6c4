"""Writes the files of this folder: `python -m tests.vectors.gate.make`. A test fails when they differ from this."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.vectors.gate import card_cases, codes_cases

HERE = Path(__file__).parent


def texts() -> dict[str, str]:
    """Return what each file holds."""
    made: dict[str, Any] = {"codes": codes_cases.made(), "card": card_cases.made()}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in made.items()}


if __name__ == "__main__":
    for name, text in texts().items():
        (HERE / f"{name}.json").write_text(text)
