"""docs/expressions.md lists every function with an example that holds, and each deviation with a case that shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server.features.forms.expressions import evaluate, parse, string
from server.features.forms.expressions.functions import FUNCTIONS
from server.features.forms.expressions.table import ANY, Function
from tests.features.forms.expression_cases import VECTORS, scope_from

PAGE = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text()
FAMILY = scope_from({"answers": json.loads((VECTORS / "expression.json").read_text())["worlds"]["family"]})
EXAMPLE = re.compile(r"`(?P<expression>[^`]+)` → `(?P<value>[^`]*)`|`(?P<other>[^`]+)` → ``")


def rows(section: str) -> list[list[str]]:
    """Return the cells of a section's table, without its head."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


FUNCTION_ROWS = rows("Functions")
DEVIATIONS = rows("Where we deviate on purpose")


def holds(cell: str) -> None:
    match = EXAMPLE.fullmatch(cell)
    assert match, f"expected `expression` → `value`, got {cell}"
    expression = match["expression"] or match["other"]
    assert string(evaluate(parse(expression), FAMILY)) == (match["value"] or "")


@pytest.mark.parametrize("row", FUNCTION_ROWS, ids=lambda row: row[0])
def test_the_example_of_a_function_holds_and_calls_it(row: list[str]) -> None:
    holds(row[2])
    assert row[0].strip("`").partition("(")[0] in row[2]


def test_every_function_is_listed_once_in_order() -> None:
    assert [row[0].strip("`").partition("(")[0] for row in FUNCTION_ROWS] == sorted(FUNCTIONS)


@pytest.mark.parametrize("row", FUNCTION_ROWS, ids=lambda row: row[0])
def test_a_function_is_listed_with_what_it_takes(row: list[str]) -> None:
    name, _, arguments = row[0].strip("`").rstrip(")").partition("(")
    assert arguments == written(FUNCTIONS[name]), name


def written(function: Function) -> str:
    if function.paired and function.most != ANY:
        return ", ".join((*function.takes[:3], "..."))
    least = 0 if function.of_this else function.least
    parts = [f"{kind}{'?' if index >= least else ''}" for index, kind in enumerate(function.takes)]
    return ", ".join(parts if function.most != ANY else [*parts[:-1], f"{function.takes[-1]}..."])


@pytest.mark.parametrize("row", DEVIATIONS, ids=lambda row: f"{row[0]} {row[2][:40]}")
def test_a_deviation_has_a_case_that_shows_it(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    holds(row[4])


def test_deviations_are_numbered() -> None:
    assert [row[0] for row in DEVIATIONS] == [str(number) for number in range(1, len(DEVIATIONS) + 1)]
