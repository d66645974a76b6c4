"""Expressions mean what the shared vector says, and what must hold of all of them holds."""

from __future__ import annotations

import json
import math
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.forms.expressions import ExpressionError, boolean, days, evaluate, holds, number, parse, string
from server.features.forms.expressions.functions import FUNCTIONS
from tests.features.forms.expression_cases import VECTORS, as_json, scope_from
from tests.features.forms.expressions_by_chance import Chance

VECTOR: dict[str, Any] = json.loads((VECTORS / "expression.json").read_text())
CASES: list[dict[str, Any]] = [
    case | ({"answers": VECTOR["worlds"][case["world"]]} if "world" in case else {}) for case in VECTOR["cases"]
]
NOTHING = scope_from({})
NAMES = [f"{case['expression'][:50]}{' at ' + case['at'] if 'at' in case else ''}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_expression_has_the_value_of_the_shared_vector(case: dict[str, Any]) -> None:
    value = as_json(evaluate(parse(case["expression"], columns="column" in case), scope_from(case)))
    assert value == case["value"]
    assert isinstance(value, bool) == isinstance(case["value"], bool)


@pytest.mark.parametrize("case", VECTOR["errors"], ids=lambda case: case["expression"][:50])
def test_what_is_no_expression_is_refused_at_the_place_of_the_shared_vector(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(case["expression"])
    assert refused.value.at == case["error_at"]


def test_the_shared_vector_has_a_case_for_every_function_and_says_where_each_comes_from() -> None:
    called = Counter(name for case in CASES for name in parse(case["expression"], columns="column" in case).calls)
    assert set(FUNCTIONS) == set(called)
    assert len(CASES) >= 400
    assert all(case["from"].startswith(("XPath 1.0, ", "ODK XForms, ", "XLSForm, ")) for case in CASES)


@given(st.text(max_size=60) | st.text(alphabet="${}ab().,'\"=<>!+-*/[]| 019ortdiv", max_size=60))
def test_any_text_is_parsed_or_refused_and_never_anything_else(text: str) -> None:
    try:
        evaluate(parse(text, columns=True), NOTHING)
    except ExpressionError as refused:
        assert 0 <= refused.at <= max(len(text), 1)


@given(st.integers(min_value=0, max_value=2**32))
def test_not_turns_every_condition_round(seed: int) -> None:
    case = Chance(seed).case()
    scope = scope_from(case)
    try:
        parse(case["expression"], columns="column" in case)
        parse(f"not({case['expression']})", columns="column" in case)
    except ExpressionError:
        return
    assert holds(f"not({case['expression']})", scope) is not holds(case["expression"], scope)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_as_text_is_the_same_number(value: float) -> None:
    assert "e" not in string(value)
    assert number(string(value)) == value


@given(st.dates())
def test_dates_count_days_and_keep_their_order(day: date) -> None:
    assert days(day.isoformat()) == (day - date(1970, 1, 1)).days
    assert string(evaluate(parse(f"date({(day - date(1970, 1, 1)).days})"), NOTHING)) == day.isoformat()
    assert holds(f"'{day.isoformat()}' <= today()", NOTHING) is (day.isoformat() <= "2026-11-22")


def test_an_expression_says_what_it_refers_to() -> None:
    parsed = parse("selected(${likes}, 'a') and . > ${kids}[${age} > current()/${limit}]/name")
    assert parsed.names == {"likes", "kids", "age", "limit", "name"}
    assert parsed.this
    assert parsed.calls == {"selected"}
    assert not parse("count(${kids}[. = ''])").this
    assert parse("count(${kids}[. = current()/.])").this
    assert parse("once(1)").this


def test_a_parsed_expression_is_remembered_by_its_text() -> None:
    assert parse("1 + ${a}") is parse("1 + ${a}")


def test_a_bare_name_is_a_column_only_where_there_are_some() -> None:
    with pytest.raises(ExpressionError):
        parse("province = '79'")
    assert holds("province = '79'", scope_from({"column": {"province": "79"}}))
    assert not holds("province = '79'", scope_from({"column": {}}))


@pytest.mark.parametrize(
    ("value", "expected"), [(math.nan, False), (0.0, False), (-0.0, False), (0.1, True), ("0", True)]
)
def test_values_convert_to_booleans_as_xpath_says(value: str | float, expected: bool) -> None:
    assert boolean(value) is expected


def test_chance_gives_the_same_at_a_place_of_a_draft_and_else_another() -> None:
    def drawn(**given: str) -> str:
        return string(evaluate(parse("concat(random(), uuid())"), scope_from(given)))

    assert drawn(seed="draft", at="code") == drawn(seed="draft", at="code")
    assert len({drawn(seed="draft", at="code"), drawn(seed="other", at="code"), drawn(seed="draft", at="other")}) == 3


def test_an_error_says_what_was_expected_and_what_came() -> None:
    for text, message in (
        ("(${a} 2)", r"expected '\)', got '2' at character 7"),
        ("selected(${a})", r"expected selected\(\) to have 2 arguments, got 1 at character 1"),
        ("round()", r"expected round\(\) to have 1 to 2 arguments, got 0 at character 1"),
        ("max()", r"expected max\(\) to have at least 1 arguments, got 0 at character 1"),
        ("count(1)", r"expected count\(\) to have a reference at character 1"),
        ("1 and", r"expected a value, got the end at character 6"),
        ("regex('a', 'a{')", r"regex\(\): expected a number up to 1000 in the braces of a pattern at character 1"),
        ("digest('a', 'SHA')", r"digest\(\): expected one of MD5, .*, got 'SHA' at character 1"),
    ):
        with pytest.raises(ExpressionError, match=f"^{message}$"):
            parse(text)
