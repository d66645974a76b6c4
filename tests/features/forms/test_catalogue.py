"""The procedures that ship: checked forms, bilingual, within the limits, with the choices of the real lists."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from server.features.forms.form import parse
from sync import canonical
from tests.features.forms.form_cases import CATALOGUE

FILES = sorted(CATALOGUE.glob("*.json"))


def test_the_catalogue_has_its_three_procedures() -> None:
    assert [path.stem for path in FILES] == ["birth-registration", "city-feedback", "residence-confirmation"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_procedure_is_a_form_named_like_its_file(path: Path) -> None:
    data = json.loads(path.read_text())
    form = parse(data)
    assert form.code == path.stem
    assert form.model_dump(mode="json", exclude_none=True) == data
    assert form.notes, "expected the facts that are not known for sure"
    assert unicodedata.is_normalized("NFC", path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_procedure_fits_into_one_value_of_a_record(path: Path) -> None:
    data = json.loads(path.read_text())
    canonical.check({"form": data})
    assert len(canonical.encode(data)) <= 60 * 1024


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_of_choices_is_used(path: Path) -> None:
    form = parse(json.loads(path.read_text()))
    assert {question.choices for question in form.questions.values() if question.choices} == set(form.choices)


def test_the_lists_of_the_state_are_complete() -> None:
    birth: dict[str, Any] = json.loads((CATALOGUE / "birth-registration.json").read_text())
    ethnicity = [choice["name"] for choice in birth["choices"]["ethnicity"]]
    assert ethnicity == [*(f"{code:02}" for code in range(1, 55)), "foreign"]
    assert len(birth["choices"]["province"]) == 34
    labels = [choice["label"]["vi"] for choice in birth["choices"]["province"]]
    assert sorted(label for label in labels if label.startswith("Thành phố")) == [
        "Thành phố Cần Thơ",
        "Thành phố Huế",
        "Thành phố Hà Nội",
        "Thành phố Hải Phòng",
        "Thành phố Hồ Chí Minh",
        "Thành phố Đà Nẵng",
    ]
