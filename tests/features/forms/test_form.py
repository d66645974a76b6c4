"""The form JSON: what is refused, and where it says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from server.features.forms.form import FormError, parse
from tests.features.forms.form_cases import VECTORS

DEEP: Any = json.loads("[" * 16 + "1" + "]" * 16)
EVERY_TYPE: dict[str, Any] = json.loads((VECTORS / "rules.json").read_text())["form"]


def question(form: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for page in form["pages"] for each in page["questions"] if each["name"] == name)


def put(name: str, /, **members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda form: question(form, name).update(members)


REFUSED: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("an unknown member", lambda form: form.update(colour="red"), "colour: Extra inputs are not permitted"),
    ("a missing member", lambda form: form.pop("unit"), "unit: Field required"),
    ("another format", lambda form: form.update(form="motcua-form/3"), "form: Input should be 'motcua-form/1' or"),
    ("a text in one language", lambda form: form["title"].pop("vi"), "title/vi: Field required"),
    ("an empty label", put("name", label={"vi": "", "en": "x"}), "pages/0/questions/0/label/vi: String should have"),
    (
        "a label of two lines",
        put("name", label={"vi": "a\nb", "en": "x"}),
        "pages/0/questions/0/label/vi: String should",
    ),
    ("an unknown type", put("name", type="photo"), "pages/0/questions/0/type: Input should be 'text'"),
    ("a name in capitals", put("age", name="Age"), "pages/0/questions/1/name: String should match"),
    ("required that is false", put("name", required=False), "pages/0/questions/0/required/"),
    ("no pages", lambda form: form.update(pages=[]), "pages: Tuple should have at least 1 item"),
    ("a number for a version", lambda form: form.update(version=1), "version: Input should be a valid string"),
    ("a float", lambda form: form.update(days={"working": 1.5}), "form: expected JSON without floats, got float"),
    ("too deep", lambda form: form.update(bring=DEEP), "form: expected at most 16 levels"),
    ("a name twice", put("weight", name="age"), "questions: expected every name once, got 'age' 2 times"),
    (
        "a page twice",
        lambda form: form["pages"][1].update(name="first"),
        "pages: expected every name once, got 'first'",
    ),
    (
        "a choice twice",
        lambda form: form["choices"]["yes_no"].append(form["choices"]["yes_no"][0]),
        "choices/yes_no: expected every name once, got 'yes' 2 times",
    ),
    (
        "no such list",
        put("likes", choices="nuts"),
        "pages/fruit/likes/choices: expected a list among ['fruit', 'yes_no']",
    ),
    (
        "no list",
        lambda form: question(form, "likes").pop("choices"),
        "pages/fruit/likes/choices: expected a list among",
    ),
    (
        "a list for a text",
        put("name", choices="fruit"),
        "pages/first/name/choices: expected none for a question of type text",
    ),
    (
        "a broken expression",
        put("two", relevant="${age} >"),
        "pages/fruit/two/relevant: expected a value, got the end at character 9",
    ),
    (
        "an unknown function",
        put("age", constraint="pulldata(.)"),
        "pages/first/age/constraint: expected a value or a known function, got 'pulldata' at character 1",
    ),
    (
        "an unknown question",
        put("age", constraint=". > ${nobody}"),
        "pages/first/age/constraint: expected a question of the form, got ${nobody}",
    ),
    (
        "a condition on itself",
        put("name", relevant="${name} != ''"),
        "form: expected nothing to depend on itself, got name → name",
    ),
    (
        "a page's condition on its own question",
        lambda form: form["pages"][1].update(relevant="${spouse_name} = ''"),
        "form: expected nothing to depend on itself, got spouse → spouse_name → spouse",
    ),
    (
        "conditions in a circle",
        lambda form: [put("age", relevant="${two} = 1")(form), put("two", relevant="${age} = 1")(form)],
        "form: expected nothing to depend on itself, got",
    ),
    (
        "a point in a condition",
        put("two", relevant=". = 1"),
        "pages/fruit/two/relevant: expected '.' only in a constraint",
    ),
    (
        "a point in required",
        put("two", required=". = 1"),
        "pages/fruit/two/required: expected '.' only in a constraint",
    ),
    (
        "a message without its constraint",
        lambda form: question(form, "age").pop("constraint"),
        "pages/first/age/constraint_message: expected none without constraint",
    ),
    ("a required note", put("late", required=True), "pages/notes/late/required: expected none for a note"),
    (
        "a number of many lines",
        put("age", appearance="multiline"),
        "pages/first/age/appearance: expected none that type",
    ),
]


def test_a_form_of_every_type_is_read() -> None:
    form = parse(EVERY_TYPE)
    assert form.model_dump(mode="json", exclude_none=True) == EVERY_TYPE
    assert [*form.questions][:3] == ["name", "age", "weight"]
    assert form.labels["fruit"]["apple"].in_("en") == "Apple"


@pytest.mark.parametrize(("change", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_faulty_form_is_refused_with_the_place(change: Callable[[dict[str, Any]], object], message: str) -> None:
    form = copy.deepcopy(EVERY_TYPE)
    change(form)
    with pytest.raises(FormError) as refused:
        parse(form)
    assert any(problem.startswith(message) for problem in refused.value.problems), refused.value.problems


def test_all_problems_are_told_at_once() -> None:
    form = copy.deepcopy(EVERY_TYPE)
    put("age", constraint="(")(form)
    put("two", relevant="${nobody}")(form)
    with pytest.raises(FormError) as refused:
        parse(form)
    assert len(refused.value.problems) == 2


def test_a_form_past_60_kib_is_refused() -> None:
    form = copy.deepcopy(EVERY_TYPE)
    form["notes"] = ["x" * 1_990] * 31
    with pytest.raises(FormError, match="expected at most 61440 bytes of canonical JSON, got"):
        parse(form)


@pytest.mark.parametrize("data", [None, 1, "form", [], {}])
def test_what_is_no_object_is_refused(data: Any) -> None:
    with pytest.raises(FormError):
        parse(data)
