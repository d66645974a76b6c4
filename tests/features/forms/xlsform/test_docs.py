"""What `docs/forms.md` lists for authors is what the compiler knows, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from server.features.forms.xlsform import types
from server.features.forms.xlsform.columns import KNOWN
from server.features.forms.xlsform.looks import FILLS

TEXT = (Path(__file__).parents[4] / "docs" / "forms.md").read_text(encoding="utf-8")
REFUSED = {"instance_name", "allow_choice_duplicates", "public_key"}
"""Settings of ODK that the compiler knows, to refuse or pass over."""
KINDS = {
    *("text", "integer", "decimal", "range", "date", "time", "datetime", "select_one", "select_multiple", "rank"),
    *("image", "file", "audio", "geopoint", "barcode", "acknowledge", "note", "calculate"),
    *("begin group", "end group", "begin repeat", "end repeat"),
}


def listed(section: str, header: str) -> list[str]:
    """Return what the first column of a table names."""
    part = TEXT.split(f"## {section}")[1].split("\n## ")[0]
    table = part.split(f"| {header} |\n|---|---|\n")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    return [name.strip() for row in rows for name in row.split(",")]


def test_the_columns_are_those_of_the_compiler() -> None:
    assert set(listed("Sheet `survey`", "column | what it says")) == KNOWN["survey"]
    assert set(listed("Sheet `choices`", "column | what it says")) == KNOWN["choices"]
    assert set(listed("Sheet `settings`", "column | what it says")) == KNOWN["settings"] - REFUSED


def test_the_types_are_those_of_the_compiler() -> None:
    found = {
        types.parse(re.sub(r"\bLIST\b", "colours", name)).kind
        for name in listed("Sheet `survey`", "type | what is answered")
    }
    assert found == KINDS


def test_the_sources_are_those_of_the_compiler() -> None:
    assert set(listed("Sources for `fill`", "source | what it gives")) == {*FILLS, "last/PROCEDURE/QUESTION"}
