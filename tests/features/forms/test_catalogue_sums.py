"""What the procedures that ship compute and watch over by themselves: sums, ages, terms, and what goes with what."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from server.features.forms import rules
from server.features.forms.asking import Moment
from server.features.forms.evaluation import Evaluation
from server.features.forms.form import Form, parse
from server.features.forms.publishing import CATALOGUE
from server.features.forms.xlsform import compiled

AT = Moment(1_795_323_600_000)  # noon of 22 November 2026 in the city


@cache
def form(code: str) -> Form:
    return parse(compiled((CATALOGUE / f"{code}.xlsx").read_bytes(), f"{code}.xlsx").form)


def judged(code: str, **answers: Any) -> Evaluation:
    return rules.evaluate(form(code), answers, AT)


def test_a_house_has_its_floors_counted_and_its_area_and_density_computed() -> None:
    floors = [
        {"floor_kind": "basement", "floor_area": "60"},
        {"floor_kind": "ground", "floor_area": "52.5"},
        {"floor_kind": "mezzanine", "floor_area": "20"},
        {"floor_kind": "upper", "floor_area": "60.25"},
    ]
    found = judged("construction-permit", plot_area="75", ground_area="52.5", floors=floors)
    computed = {name: found.computed[name] for name in ("area_total", "storeys", "basements", "density")}
    assert computed == {"area_total": "192.75", "storeys": "2", "basements": "1", "density": "70"}
    assert judged("construction-permit", plot_area="50", ground_area="52.5").problems["ground_area"]


@pytest.mark.parametrize(("height", "fits"), [("9", True), ("12", False)])
def test_an_owner_designs_a_small_house_only(height: str, fits: bool) -> None:
    floors = [{"floor_kind": "ground", "floor_area": "50"}, {"floor_kind": "upper", "floor_area": "50"}]
    found = judged("construction-permit", work_kind="new", designer="self", height=height, floors=floors)
    assert ("designer" not in found.problems) == fits


def test_an_appraiser_is_asked_for_from_seven_storeys_on() -> None:
    floors = [{"floor_kind": "upper", "floor_area": "50"}] * 6
    assert "reviewer_name" not in judged("construction-permit", floors=floors).relevant
    ground = {"floor_kind": "ground", "floor_area": "50"}
    assert "reviewer_name" in judged("construction-permit", floors=[ground, *floors]).relevant


@pytest.mark.parametrize(
    ("answers", "estimate"),
    [
        ({"category": "elderly", "applicant_birth_date": "1960-01-01"}, "750000"),
        ({"category": "elderly", "applicant_birth_date": "1946-11-22"}, "1000000"),
        ({"category": "elderly", "applicant_birth_date": "1946-11-23"}, "750000"),
        ({"category": "disabled", "applicant_birth_date": "1990-01-01"}, ""),
        ({"category": "disabled", "applicant_birth_date": "1990-01-01", "disability_degree": "severe"}, "750000"),
        ({"category": "disabled", "applicant_birth_date": "1950-01-01", "disability_degree": "extreme"}, "1250000"),
        ({"category": "orphan"}, ""),
    ],
)
def test_an_allowance_is_estimated_by_category_and_age(answers: dict[str, str], estimate: str) -> None:
    assert judged("social-allowance", for_whom="self", **answers).computed.get("estimate_sum", "") == estimate


def test_an_allowance_for_a_child_goes_by_the_child_and_a_single_parent_s_by_the_children() -> None:
    child = judged("social-allowance", for_whom="ward", category="orphan", beneficiary_birth_date="2024-05-01")
    assert (child.computed["age"], child.computed["estimate_sum"]) == ("2", "1250000")
    children = [
        {"child_birth_date": "2020-01-01", "child_school": "yes"},
        {"child_birth_date": "2008-01-01", "child_school": "yes"},
        {"child_birth_date": "2008-01-01", "child_school": "no"},
    ]
    born = "1985-01-01"
    parent = judged(
        "social-allowance", for_whom="self", category="single_parent", applicant_birth_date=born, children=children
    )
    assert (parent.computed["children_counted"], parent.computed["estimate_sum"]) == ("2", "1000000")


def test_an_age_that_does_not_agree_with_the_category_is_told() -> None:
    told = judged("social-allowance", for_whom="self", category="elderly", applicant_birth_date="1990-01-01")
    assert "age_mismatch_note" in told.relevant
    fine = judged("social-allowance", for_whom="self", category="elderly", applicant_birth_date="1950-01-01")
    assert "age_mismatch_note" not in fine.relevant


@pytest.mark.parametrize(
    ("subject", "known_on", "late"),
    [
        ("decision", "2026-08-24", False),
        ("decision", "2026-08-23", True),
        ("discipline", "2026-11-07", False),
        ("discipline", "2026-11-06", True),
    ],
)
def test_a_complaint_that_comes_late_must_say_what_was_in_the_way(subject: str, known_on: str, late: bool) -> None:
    found = judged("complaint", subject=subject, decision_date="2026-08-01", known_on=known_on)
    assert ("obstacle" in found.required) == late


def test_a_business_sums_up_its_capital_and_its_founders() -> None:
    found = judged(
        "household-business",
        founder="family",
        capital_owner=50_000_000,
        capital_members=30_000_000,
        members=[{"member_name": "Trần Văn Bình"}],
    )
    assert (found.computed["capital_total"], found.computed["members_total"]) == ("80000000", "2")
    assert judged("household-business", founder="individual", capital_owner=7).computed["capital_total"] == "7"


@pytest.mark.parametrize(
    ("name", "fits"), [("Minh Khai", True), ("CÔNG TY Minh Khai", False), ("Doanh nghiệp A", False)]
)
def test_a_household_business_is_not_called_a_company(name: str, fits: bool) -> None:
    assert ("business_name" not in judged("household-business", business_name=name).problems) == fits


def test_lines_of_business_are_those_of_their_sector() -> None:
    found = judged("household-business", main_sector="food", lines=[{"line_sector": "repair"}])
    main = [choice.name for choice in rules.choices_of(form("household-business"), found, "main_code")]
    further = [choice.name for choice in rules.choices_of(form("household-business"), found, "lines[1]/line_code")]
    assert (main, further) == (["5610", "5621", "5630"], ["4520", "4542", "9511", "9521"])


def test_who_asks_about_another_s_land_and_its_user_brings_that_user_s_consent() -> None:
    assert "consent" in judged("land-information", standing="buyer", items=["user"]).required
    assert "consent" not in judged("land-information", standing="user", items=["user"]).relevant
    assert "consent" not in judged("land-information", standing="buyer", items=["plan"]).relevant


def test_nothing_that_was_said_in_a_denunciation_fills_another_form() -> None:
    for path in CATALOGUE.glob("*.xlsx"):
        sources = [source for each in form(path.stem).questions.values() for source in (each.fill or "").split()]
        assert path.stem == "denunciation" or not any(source.startswith("last/denunciation/") for source in sources)
