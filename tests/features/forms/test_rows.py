"""Rows, groups, all types and what forms compute: the vector that the browser's rules are held to as well."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.features.forms.form import Form, parse
from tests.features.forms.form_cases import VECTORS
from tests.features.forms.invented import judged

VECTOR: dict[str, Any] = json.loads((VECTORS / "rows.json").read_text())
FORMS: dict[str, Form] = {code: parse(form) for code, form in VECTOR["forms"].items()}
AT = {"now": VECTOR["now"], "offset": VECTOR["offset"]}


@pytest.mark.parametrize("case", VECTOR["cases"], ids=lambda case: case["what"])
def test_answers_mean_what_the_shared_vector_says(case: dict[str, Any]) -> None:
    found = judged(FORMS[case["form"]], {"at": AT, "seed": "", "answers": case["answers"]})
    for what, expected in case["expect"].items():
        if what.endswith("_of"):  # of these members only
            given = found[what.removesuffix("_of")]
            given = dict(given) if isinstance(given, list) else given
            assert {name: given.get(name) for name in expected} == expected, what
        elif what in ("options", "labels", "begun"):
            assert {name: found[what][name] for name in expected} == expected, what
        else:
            assert found[what] == expected, what
