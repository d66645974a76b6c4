"""Python and TypeScript give the same for expressions and answers that chance made.

EXPRESSIONS is how many, EXPRESSION_SEED the first seed: a longer run takes other ones.
"""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from server.features.forms.expressions import ExpressionError, parse
from server.features.forms.expressions.expression import frame_of
from server.features.forms.expressions.scope import Exhausted
from tests.bundling import bundled
from tests.features.forms.expression_cases import as_json, scope_from
from tests.features.forms.expressions_by_chance import Chance
from tests.features.forms.test_expression_hostile import ANSWERS, BOMBS

CASES = int(os.environ.get("EXPRESSIONS", "12000"))
SEED = int(os.environ.get("EXPRESSION_SEED", "20261122"))


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the browser's engine into one file that Node runs as it is."""
    return bundled("features/forms/expressions/testing/answer.ts", tmp_path_factory.mktemp("answering"))


def answered(case: dict[str, Any]) -> list[Any]:
    try:
        parsed = parse(case["expression"], columns="column" in case)
    except ExpressionError as error:
        return [str(error), error.at]
    frame = frame_of(scope_from(case))
    try:
        value = as_json(parsed.run(frame))
    except Exhausted:
        value = None
    return [value, frame.meter.fuel, sorted(parsed.names), parsed.this, sorted(parsed.calls)]


def agree(cases: list[dict[str, Any]], answering: list[str]) -> list[list[Any]]:
    """Return what both languages answer; the steps that they spend are part of it."""
    ours = [json.loads(json.dumps(answered(case)), parse_int=float) for case in cases]
    done = subprocess.run(answering, input=json.dumps(cases), stdout=subprocess.PIPE, text=True, check=True)
    theirs: list[Any] = json.loads(done.stdout, parse_int=float)  # JavaScript writes 1e20 with all its digits
    assert len(theirs) == len(cases)
    for case, one, other in zip(cases, ours, theirs, strict=True):
        assert one == other, str(case)[:2_000]
    return ours


def test_both_languages_give_the_same_for_any_expression(answering: list[str]) -> None:
    answers = agree([Chance(SEED + index).case() for index in range(CASES)], answering)
    refused = sum(len(answer) == 2 for answer in answers)
    print(f"{CASES} expressions over answers: Python and TypeScript agree ({refused} of them refused by both)")


def test_both_languages_run_out_of_fuel_at_the_same_step(answering: list[str]) -> None:
    answers = agree([{"expression": bomb, "answers": ANSWERS} for bomb in BOMBS], answering)
    assert [answer[0] for answer in answers].count(None) > len(BOMBS) / 2


def test_both_languages_sort_letters_alike(answering: list[str]) -> None:
    names = ("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "N", "Nd", "P", "S", "Z", "Zs")
    sorts = ", ".join(f"regex(${{a}}, '\\p{{{name}}}')" for name in names)
    codes = [code for begin, end in ((1, 0x600), (0x1E00, 0x2100)) for code in range(begin, end)]
    agree([{"expression": f"concat({sorts})", "answers": {"a": chr(code)}} for code in codes], answering)
