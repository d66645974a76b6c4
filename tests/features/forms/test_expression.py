"""Expressions: the shared vectors, and what holds for any of them."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.forms.expressions.expression import ExpressionError, evaluate, holds, parse
from server.features.forms.expressions.functions import Scope, boolean, days, number, string
from tests.features.forms.cases import TODAY, VECTORS, as_json, expression_text

VECTOR: dict[str, Any] = json.loads((VECTORS / "expression.json").read_text())
EMPTY = Scope(answers={}, today=TODAY)


@pytest.mark.parametrize("case", VECTOR["cases"], ids=lambda case: case["expression"][:60])
def test_an_expression_has_the_value_of_the_shared_vector(case: dict[str, Any]) -> None:
    scope = Scope(answers=case.get("answers", {}), today=VECTOR["today"], this=case.get("this", ""))
    value = evaluate(parse(case["expression"]), scope)
    assert as_json(value) == case["value"]
    assert isinstance(value, bool) == isinstance(case["value"], bool)


@pytest.mark.parametrize("case", VECTOR["errors"], ids=lambda case: case["expression"][:60])
def test_what_is_no_expression_is_refused_at_the_place_of_the_shared_vector(case: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(case["expression"])
    assert refused.value.at == case["error_at"]


@given(st.text(max_size=60) | st.text(alphabet="${}ab().,'\"=<>!+- 019ortd", max_size=60))
def test_any_text_is_parsed_or_refused_and_never_anything_else(text: str) -> None:
    try:
        evaluate(parse(text), EMPTY)
    except ExpressionError as refused:
        assert 0 <= refused.at <= max(len(text), 1)


@given(st.integers(), st.dictionaries(st.sampled_from("abc"), st.text(max_size=20)), st.text(max_size=20))
def test_evaluation_always_ends_with_a_value(seed: int, answers: dict[str, str], this: str) -> None:
    text = expression_text(random.Random(seed), 4)
    value = evaluate(parse(text), Scope(answers=answers, today=TODAY, this=this))
    assert isinstance(value, str | float | bool)


@given(st.integers())
def test_not_turns_every_condition_round(seed: int) -> None:
    text = expression_text(random.Random(seed), 4)
    assert holds(f"not({text})", EMPTY) is not holds(text, EMPTY)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_as_text_is_the_same_number(value: float) -> None:
    assert "e" not in string(value)
    assert number(string(value)) == value


@given(st.dates())
def test_dates_count_days_and_keep_their_order(date: Any) -> None:
    assert days(date.isoformat()) == (date - type(date)(1970, 1, 1)).days
    assert holds(f"'{date.isoformat()}' <= today()", EMPTY) is (date.isoformat() <= TODAY)


def test_an_expression_names_the_questions_it_refers_to() -> None:
    parsed = parse("selected(${likes}, 'a') and . > ${age}")
    assert parsed.names == {"likes", "age"}
    assert parsed.this


def test_a_parsed_expression_is_remembered_by_its_text() -> None:
    assert parse("1 + ${a}") is parse("1 + ${a}")


@pytest.mark.parametrize(
    ("value", "expected"), [(math.nan, False), (0.0, False), (-0.0, False), (0.1, True), ("0", True)]
)
def test_values_convert_to_booleans_as_xpath_says(value: str | float, expected: bool) -> None:
    assert boolean(value) is expected


def test_an_error_says_what_was_expected_and_what_came() -> None:
    with pytest.raises(ExpressionError, match=r"^expected '\)', got '2' at character 7$"):
        parse("(${a} 2)")
    with pytest.raises(ExpressionError, match=r"^expected selected\(\) to have 2 arguments, got 1 at character 1$"):
        parse("selected(${a})")
    with pytest.raises(ExpressionError, match=r"^expected a value, got the end at character 6$"):
        parse("1 and")
