"""No expression, pattern or answer takes long: what would, ends as the empty text, in both languages alike."""

from __future__ import annotations

import time
from typing import Any

import pytest

from server.features.forms.expressions import Budget, evaluate, holds, parse, string
from server.features.forms.expressions.expression import frame_of
from server.features.forms.expressions.matching import matches
from server.features.forms.expressions.scope import FUEL, Exhausted, Meter
from tests.features.forms.expression_cases import scope_from

LONG = "a" * 60_000
ROWS = [{"age": str(age), "toys": [{"title": f"{age}"} for _ in range(50)]} for age in range(100)]
ANSWERS = {"text": LONG, "other": "a" * 30_000 + "b", "kids": ROWS}
WORLD = scope_from({"answers": ANSWERS})
SECONDS = 1.0  # of the processor; each takes a tenth of it on a machine of this day

BOMBS = [
    "contains(${text}, ${other})",
    "substring-before(${text}, ${other})",
    "substring-after(${text}, ${other})",
    "join(${text}, ${title})",
    "join(${text}, ${title}, ${title}, ${title})",
    "regex(${text}, '(a+)+b')",
    "regex(${text}, '(a|a)*(a|a)*(a|a)*b')",
    "regex(${text}, '(.*)*x')",
    "regex(${text}, '(a?){300}(a){300}')",
    "regex(${text}, ${text})",
    "digest(concat(${text}, ${text}, ${text}), 'SHA-512')",
    "count(${toys}[count(${toys}[count(${toys}) > 0]) > 0])",
    "count(${title}[. = current()/${text}][count(${kids}[${age} > 5]) > 0])",
    "sum(${kids}[sum(${kids}[sum(${kids}/toys/title) > 0]/toys/title) > 0]/age)",
    "count(${kids}" + "[count(${kids}" * 15 + "[1]" + ") > 0]" * 15 + ")",
    "string-length(concat(" + ", ".join(["concat(${text}, ${text})"] * 150) + "))",
    "area(${title}, ${title}, ${title})",
    "uuid(1000000000)",
    "translate(${text}, ${text}, ${other})",
]
SMALL: list[tuple[str, Any]] = [
    ("pow(10, 1000000)", "Infinity"),
    ("pow(1.0000000001, 1000000000000)", "26881393700484107000000000000000000000000000"),
    ("exp(1000000)", "Infinity"),
    ("string-length(pow(10, 308))", "309"),
    ("string-length(string(pow(10, -300)))", "302"),
    ("sin(pow(10, 300)) < 2", "true"),
    ("round(pow(10, 300), -30) > 0", "true"),
    ("date(pow(10, 300))", ""),
    ("substr('abc', pow(10, 300))", ""),
    ("substring('abc', -1 * pow(10, 300), pow(10, 301))", "abc"),
    ("selected-at('a b', pow(10, 300))", ""),
]


@pytest.mark.parametrize("text", BOMBS, ids=lambda text: text[:60])
def test_a_bomb_ends_soon(text: str) -> None:
    began = time.process_time()
    evaluate(parse(text), WORLD)
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(("text", "expected"), SMALL)
def test_huge_numbers_cost_nothing(text: str, expected: str) -> None:
    began = time.process_time()
    assert string(evaluate(parse(text), WORLD)) == expected
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["1"] * 500),
        " or ".join(["${nowhere}"] * 500),
        "<".join(["1"] * 500),
        "|".join(["${text}"] * 500),
        "${kids}" + "[1]" * 490 + "/age",
        "(" * 49 + "1" + ")" * 49,
        "-" * 49 + "1",
        "not(" * 49 + "1" + ")" * 49,
        "if(1, " * 49 + "1" + ", 2)" * 49,
        "${kids}[" * 49 + "1" + "]" * 49,
    ],
    ids=lambda text: text[:30],
)
def test_the_longest_and_the_deepest_expressions_run(text: str) -> None:
    began = time.process_time()
    evaluate(parse(text), scope_from({"answers": {"text": "x", "kids": [{"age": "1"}]}}))
    assert time.process_time() - began < SECONDS


def test_what_runs_out_of_fuel_counts_as_the_empty_text() -> None:
    text = "count(${toys}[count(${toys}) > 0])"
    assert evaluate(parse(text), WORLD) == ""
    assert not holds(f"{text} or true()", WORLD)
    with pytest.raises(Exhausted):
        parse(text).run(frame_of(WORLD))


def test_what_a_form_needs_is_far_from_the_limit() -> None:
    for text in (
        "sum(${kids}/age) > 10 and count(${kids}[${age} > 18]) = 81",
        "sum(${kids}[${age} > 5][position() < 50]/toys/title)",
        "regex(substr(${text}, 0, 2000), '[a-z ]{1,200}.*')",
    ):
        frame = frame_of(WORLD)
        parse(text).run(frame)
        assert frame.meter.fuel > FUEL * 0.1, text


def test_evaluations_share_a_budget() -> None:
    budget = Budget(1_000)
    scope = WORLD._replace(budget=budget)
    assert evaluate(parse("count(${kids})"), scope) == 100
    assert budget.left < 1_000
    assert [evaluate(parse("count(${kids})"), scope) for _ in range(12)][-1] == ""
    assert evaluate(parse("1 + 1"), scope) == 2, "what costs nothing goes on"


@pytest.mark.parametrize("pattern", ["(x+x+)+y", "(a|aa)+$", "(.*)(.*)(.*)(.*)(.*)[^a]", "((a{0,9}){0,9}){0,9}b"])
def test_a_pattern_takes_time_in_proportion_to_the_text(pattern: str) -> None:
    def spent(length: int) -> int:
        meter = Meter(None)
        matches("a" * length, pattern, meter)
        return FUEL - meter.fuel

    assert spent(80) <= 2.5 * spent(40)
