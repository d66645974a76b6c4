"""Forms of the second format: what their structure is, and what is refused with its name and member."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from server.features.forms.form import FormError, parse
from tests.features.forms.form_cases import VECTORS

FORMS: dict[str, Any] = json.loads((VECTORS / "rows.json").read_text())["forms"]


def part(form: dict[str, Any], name: str) -> dict[str, Any]:
    def find(items: list[dict[str, Any]]) -> dict[str, Any] | None:
        for item in items:
            found = item if item["name"] == name else find(item.get("questions", []))
            if found is not None:
                return found
        return None

    found = find(form["pages"])
    assert found is not None
    return found


Change = Callable[[dict[str, Any]], object]


def put(name: str, /, **members: Any) -> Change:
    return lambda form: part(form, name).update(members)


def add(name: str, item: dict[str, Any]) -> Change:
    return lambda form: part(form, name)["questions"].append(item)


def many(form: dict[str, Any]) -> None:
    text = {"vi": "x", "en": "x"}
    part(form, "who")["questions"] += [{"name": f"q{n}", "type": "text", "label": text} for n in range(300)]


def nest(form: dict[str, Any]) -> None:
    """Put one more repeat into the innermost one, twice."""
    for outer, name in (("toys", "parts"), ("parts", "screws")):
        inner: dict[str, Any] = {"type": "repeat", "name": name, "label": {"vi": "x", "en": "x"}, "questions": []}
        inner["questions"] = [{"name": f"in_{name}", "type": "calculate", "calculation": "1"}]
        part(form, outer)["questions"].append(inner)


def lengthen(form: dict[str, Any]) -> None:
    """Give a row within a row names of the longest sort."""
    for old, new in (("children", "a"), ("toys", "b"), ("title", "c")):
        part(form, old)["name"] = new * 64


def review(form: dict[str, Any]) -> None:
    form["pages"][-1]["name"] = "review"


LABEL = {"vi": "x", "en": "x"}
REFUSED: list[tuple[str, str, Change, str, str | None, str]] = [
    ("a group named like a question", "household", put("more", name="family"), "family", "name", "expected every name"),
    ("a page named like a question", "household", put("all", name="city"), "city", "name", "expected every name once"),
    ("a question without label", "types", lambda f: part(f, "n").pop("label"), "n", "label", "expected a label"),
    ("a label that names nobody", "types", put("n", label={"vi": "${x}", "en": "x"}), "n", "label", "got ${x}"),
    ("a hint that names a repeat", "household", put("family", hint=LABEL | {"vi": "${toys}"}), "family", "hint", "got"),
    ("a condition on a group", "household", put("ward", relevant="${more} = 1"), "ward", "relevant", "got ${more}"),
    ("a condition on a page", "household", put("ward", relevant="${who} = 1"), "ward", "relevant", "got ${who}"),
    ("a point in a calculation", "types", put("word", calculation=". + 1"), "word", "calculation", "'.' only in"),
    ("a bare name outside a filter", "types", put("n", relevant="kind = 1"), "n", "relevant", "expected a value"),
    ("a filter without choices", "types", put("n", choice_filter="true()"), "n", "choice_filter", "expected none"),
    ("a calculate with nothing to calculate", "types", lambda f: part(f, "word").pop("calculation"), "word",
     "calculation", "expected one"),
    ("a required calculate", "types", put("word", required=True), "word", "required", "takes no answer"),
    ("a computed photo", "types", put("photo", calculation="1"), "photo", "calculation", "expected none"),
    ("a photo by default", "types", put("photo", default="x"), "photo", "default", "expected none"),
    ("a message without a reason", "types", put("n", required_message=LABEL), "n", "required_message", "none without"),
    ("a range without a step", "types", put("level", parameters={"start": 0, "end": 1}), "level", "parameters", "step"),
    ("a range of words", "types", put("level", parameters={"start": "a", "end": 1, "step": 1}), "level", "parameters",
     "expected a decimal number for start"),
    ("a range that does not move", "types", put("level", parameters={"start": 0, "end": 1, "step": 0}), "level",
     "parameters", "expected a step above 0"),
    ("a range backwards", "types", put("level", parameters={"start": 2, "end": 1, "step": 1}), "level", "parameters",
     "expected start before end"),
    ("a huge photo", "types", put("photo", parameters={"max-pixels": 10**6}), "photo", "parameters", "max-pixels"),
    ("a parameter of another type", "types", put("n", parameters={"start": 1}), "n", "parameters", "got 'start'"),
    ("a new text", "types", put("text", appearance="new"), "text", "appearance", "got 'new'"),
    ("a number of rows that rests on them", "counted", put("guests", count="count(${guests})"), "guests", "count",
     "got guests → guests"),
    ("a number of rows that rests on what is in them", "counted", put("guests", count="sum(${weight})"), "guests",
     "count", "got guests → weight → bags → guests"),
    ("defaults in a circle", "begun", put("b", default={"expr": "${c}"}), "b", "default", "got b → c → b"),
    ("a filter that rests on itself", "household", put("ward", choice_filter="${ward} = ''"), "ward", "choice_filter",
     "got ward → ward"),
    ("four repeats deep", "household", nest, "screws", None, "expected at most 3 repeats within each other"),
    ("names too long for a row in a row", "household", lengthen, "c" * 64, "name", "243 letters, 200 at most"),
    ("a page where answers are checked", "types", review, "review", "name", "expected another name"),
    ("more than 300 questions", "household", many, "", None, "expected at most 300 questions"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "change", "name", "member", "message"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_flaw_is_told_with_the_name_of_the_part_and_its_member(
    code: str, change: Change, name: str, member: str | None, message: str
) -> None:
    form = copy.deepcopy(FORMS[code])
    change(form)
    with pytest.raises(FormError) as refused:
        parse(form)
    flaws = [flaw for flaw in refused.value.flaws if (flaw.name, flaw.member) == (name, member)]
    assert any(message in flaw.message for flaw in flaws), refused.value.flaws


def test_all_flaws_are_told_at_once() -> None:
    form = copy.deepcopy(FORMS["types"])
    for change in (put("n", relevant="${nobody}"), put("photo", default="x"), put("level", parameters={})):
        change(form)
    with pytest.raises(FormError) as refused:
        parse(form)
    assert [flaw.name for flaw in refused.value.flaws] == ["n", "photo", "level"]


def test_a_choice_keeps_what_it_is_filtered_by_and_its_label_holds_no_answer() -> None:
    form = copy.deepcopy(FORMS["household"])
    assert parse(form).choices["wards"][0].columns == {"name": "ben_thanh", "city": "hcm"}
    form["choices"]["wards"][0]["label"]["vi"] = "${family}"
    with pytest.raises(FormError, match="choices/wards: expected a label without"):
        parse(form)


def test_a_form_is_written_as_it_was_read() -> None:
    for form in FORMS.values():
        assert parse(form).model_dump(mode="json", exclude_none=True, by_alias=True) == form


def test_parts_know_what_they_stand_in() -> None:
    structure = parse(FORMS["household"]).structure
    assert structure.places["title"] == ("children_page", "children", "toys")
    assert structure.repeats["title"] == ("children", "toys")
    assert structure.places["pets"] == ("who", "more")
    assert structure.repeats["pets"] == ()
    assert structure.within["children"][:3] == ("name", "born", "age")
    assert "pets" in structure.within[""]


def test_every_part_is_decided_after_what_it_rests_on() -> None:
    order = parse(FORMS["household"]).structure.order
    pairs = (
        "born age, age school, age toys, price worth, /who city, city ward, children /several, more pets, name names"
    )
    for earlier, later in (pair.split() for pair in pairs.split(", ")):
        assert order.index(earlier) < order.index(later)
    assert len(set(order)) == len(order)
