"""Every spreadsheet of `sheets/` compiles, or is refused where and why it says."""

from __future__ import annotations

from typing import Any

import pytest

from server.features.forms.form import parse
from server.features.forms.xlsform import Problem, compiled
from tests.features.forms.xlsform.workbooks import Example, examples, workbook


@pytest.mark.parametrize("example", examples(), ids=lambda each: each.name)
def test_a_spreadsheet_compiles_or_is_refused_where_it_is_wrong(example: Example) -> None:
    found = compiled(workbook(example.sheets, example.merged), f"{example.name}.xlsx")
    told = [_told("error", problem) for problem in found.errors]
    told += [_told("warning", problem) for problem in found.warnings]
    assert sorted(told) == sorted(example.expect), "\n".join(
        f"{problem.place} {problem.message('en')}" for problem in (*found.errors, *found.warnings)
    )
    assert (found.form is None) == bool(found.errors)
    if found.form is not None:
        parse(found.form)
    for path, value in example.form.items():
        assert _member(found.form, path) == value, path


def test_there_are_enough_spreadsheets() -> None:
    assert len(examples()) >= 40


def test_every_message_is_there_in_both_languages_and_fills_in() -> None:
    for example in examples():
        found = compiled(workbook(example.sheets, example.merged), f"{example.name}.xlsx")
        for problem in (*found.errors, *found.warnings):
            assert problem.message("vi") != problem.message("en")
            assert set(problem.to_json()) == {"sheet", "row", "column", "header", "code", "vi", "en"}


def _told(kind: str, problem: Problem) -> str:
    place = problem.place
    cell = f"{place.letter}{place.row or ''}" or "-"
    return f"{kind} {place.sheet or '-'} {cell} {problem.code}"


def _member(form: Any, path: str) -> Any:
    for step in path.split("/"):
        form = form[int(step) if step.isdigit() and isinstance(form, list) else step]
    return form
