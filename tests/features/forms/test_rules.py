"""Rules and summary: the shared vectors, and what holds for any answers."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.forms.form import Form, Language, parse
from server.features.forms.rules import check, cleaned, evaluate
from server.features.forms.summary import summary
from tests.features.forms import form_cases as cases
from tests.features.forms.form_cases import AT, VECTORS

RULES: dict[str, Any] = json.loads((VECTORS / "rules.json").read_text())
SUMMARY: dict[str, Any] = json.loads((VECTORS / "summary.json").read_text())
RANDOM: dict[str, Any] = json.loads((VECTORS / "forms.json").read_text())
FORMS: dict[str, Form] = {**cases.forms(), "every-type": parse(RULES["form"])}
LANGUAGES: tuple[Language, Language] = ("vi", "en")


def shown(form: Form, answers: Any) -> dict[str, Any]:
    evaluation = evaluate(form, answers, AT)
    return {
        "pages": list(evaluation.pages),
        "relevant": [name for name in form.questions if name in evaluation.relevant],
        "required": [name for name in form.questions if name in evaluation.required],
        "problems": dict(evaluation.problems),
        "findings": [[finding.name, finding.code] for finding in check(form, answers, AT)],
    }


@pytest.mark.parametrize("case", RULES["cases"], ids=lambda case: case["what"])
def test_answers_mean_what_the_shared_vector_says(case: dict[str, Any]) -> None:
    form, answers = FORMS["every-type"], case["answers"]
    result = shown(form, answers) | {"cleaned": cleaned(form, answers, AT)}
    assert result == {name: case[name] for name in result}


@pytest.mark.parametrize("case", SUMMARY["cases"], ids=lambda case: case["what"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_is_the_text_of_the_shared_vector(case: dict[str, Any], language: Language) -> None:
    assert summary(FORMS[case["form"]], case["answers"], language) == case[language]


@pytest.mark.parametrize("case", RANDOM["forms"])
def test_answers_by_chance_mean_what_the_shared_vector_says(case: dict[str, Any]) -> None:
    form, answers = FORMS[case["form"]], case["answers"]
    kept = cleaned(form, answers, AT)
    result = shown(form, answers) | {"cleaned": list(kept)}
    assert result == {name: case[name] for name in result}
    for language in LANGUAGES:
        text = summary(form, kept, language)
        assert hashlib.sha256(text.encode()).hexdigest() == case["summary_sha256"][language]


def test_the_vectors_by_chance_are_those_that_the_code_makes() -> None:
    assert cases.made() == RANDOM, "run python -m tests.features.forms.form_cases and look at the difference"


@pytest.mark.parametrize("code", sorted(FORMS))
@given(seed=st.integers())
def test_cleaned_answers_pass_if_nothing_was_wrong(code: str, seed: int) -> None:
    form, chance = FORMS[code], random.Random(seed)
    asked = [question for question in form.questions.values() if question.type != "note" and chance.random() < 0.9]
    answers = {question.name: cases.answer(chance, form, question) for question in asked}
    evaluation, kept = evaluate(form, answers, AT), cleaned(form, answers, AT)
    assert cleaned(form, kept, AT) == kept
    again = evaluate(form, kept, AT)
    assert (again.pages, again.relevant, again.problems) == (evaluation.pages, evaluation.relevant, evaluation.problems)
    assert {finding.name: finding.code for finding in check(form, kept, AT)} == evaluation.problems


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*FORMS["every-type"].questions]) | st.text(max_size=5), ANYTHING, max_size=12))
def test_whatever_is_answered_is_judged_and_shown(answers: Any) -> None:
    form = FORMS["every-type"]
    found = {finding.name for finding in check(form, answers, AT)}
    assert {name for name in answers if name not in form.questions} <= found
    assert evaluate(form, answers, AT).problems.keys() <= found
    for language in LANGUAGES:
        assert summary(form, answers, language).endswith("\n")


@given(st.text())
def test_no_answer_can_write_a_line_that_looks_like_another_answer(text: str) -> None:
    form = FORMS["every-type"]
    answers: dict[str, Any] = {"name": text, "age": 30, "married": "no", "story": text}
    if not check(form, answers, AT):
        lines = summary(form, cleaned(form, answers, AT), "en").splitlines()
        labels = [line.split(":")[0] for line in lines[5:] if line and not line.startswith("  ")]
        assert labels in (["First page", "Name", "Age", "Married"], ["First page", "Name", "Age", "Story", "Married"])
