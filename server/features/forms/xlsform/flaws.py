"""What the form's own model finds wrong, with the cell that it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from server.features.forms.form import FormError
from server.features.forms.xlsform.columns import Table
from server.features.forms.xlsform.outline import Names
from server.features.forms.xlsform.problems import FILE, Findings, Place

_COLUMNS: Final[Mapping[str, str]] = {
    "count": "repeat_count",
    "guidance": "guidance_hint",
    "choices": "type",
}
_CYCLE: Final = re.compile(r"expected nothing to depend on itself, got (.+)$")
_QUESTIONS: Final = re.compile(r"at most (\d+) questions, got (\d+)")
_BYTES: Final = re.compile(r"at most (\d+) bytes(?: of canonical JSON)?, got (\d+)")


def note_flaws(error: FormError, survey: Table, names: Names, findings: Findings) -> None:
    """Note each flaw at the row and column that it is about."""
    for flaw in error.flaws:
        place = _place(flaw.name, flaw.member, survey, names)
        cycle, many = _CYCLE.search(flaw.message), _QUESTIONS.search(flaw.message)
        if cycle:
            findings.error("cycle", place, names=cycle[1])
        elif many:
            findings.error("form_questions", place, most=many[1], got=many[2])
        else:
            findings.error("form_flaw", place, message=flaw.message)
    located = {str(flaw) for flaw in error.flaws}
    for problem in error.problems:
        large = _BYTES.search(problem)
        if large:
            findings.error("form_large", FILE, most=large[1], got=large[2])
        elif problem not in located:
            findings.error("form_flaw", FILE, message=problem)


def _place(name: str, member: str | None, survey: Table, names: Names) -> Place:
    node = (
        names.nodes.get(name)
        or names.nodes.get(name.removesuffix("_page"))
        or names.nodes.get(name.removesuffix("_other"))
    )
    if node is None:
        return FILE
    return survey.place(node.row, _COLUMNS.get(member or "", member or "name")).place
