"""How many answers people had to give, and how many were known: counted when a submission is received."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask

from loadtests.person import FEEDBACK, PROCEDURE, Person
from server.features.forms.answered import Answered, answered
from server.features.forms.form import parse
from sync.canonical import Value

FIGURE = re.compile(r'^motcua_answers_total\{given="(asked|filled)",procedure="([a-z-]+)"\} ([0-9.]+)$', re.MULTILINE)


def counted(web: Flask) -> dict[str, float]:
    """Return what /metrics says of the procedure, by `asked` and `filled`."""
    text = web.test_client().get("/metrics").text
    figures = {given: float(n) for given, procedure, n in FIGURE.findall(text) if procedure == PROCEDURE}
    return {"asked": 0.0, "filled": 0.0} | figures


def send(person: Person, filled: Mapping[str, str]) -> Any:
    document: dict[str, Value] = person.document(PROCEDURE, FEEDBACK) | {"filled": dict(filled)}
    act: Value = {**person.passkey.sign(document), "draft": ""}
    change = person.change("submission", str(document["id"]), "act", act)
    (answer,) = person.sync(change)
    return answer["refused"]


def test_a_receipt_counts_what_was_asked_and_what_came_filled(resident: Person, web: Flask) -> None:
    before = counted(web)
    assert send(resident, {"topic": "last/city-feedback/topic/2026-11-02"}) == []
    after = counted(web)
    assert after["filled"] - before["filled"] == 1
    assert after["asked"] - before["asked"] == len(FEEDBACK) - 1


def test_a_filled_path_that_names_no_answer_does_not_count(resident: Person, web: Flask) -> None:
    before = counted(web)
    assert send(resident, {"topic_other": "card/name", "nowhere": "card/name", "kind[1]/x": "card/name"}) == []
    after = counted(web)
    assert after["filled"] == before["filled"]
    assert after["asked"] - before["asked"] == len(FEEDBACK)


def test_what_is_refused_is_not_counted(resident: Person, web: Flask) -> None:
    before = counted(web)
    document: dict[str, Value] = resident.document(PROCEDURE, FEEDBACK) | {"answers": {"nobody": "asked"}}
    act: Value = {**resident.passkey.sign(document), "draft": ""}
    (answer,) = resident.sync(resident.change("submission", str(document["id"]), "act", act))
    assert len(answer["refused"]) == 1
    assert counted(web) == before
    assert send(resident, {}) == []
    assert counted(web)["asked"] - before["asked"] == len(FEEDBACK)


TEXT: Any = {"vi": "x", "en": "x"}
FAMILY: Any = {
    **{"form": "motcua-form/2", "code": "family", "version": "1", "unit": "ben-thanh"},
    **dict.fromkeys(("title", "summary", "result", "authority"), TEXT),
    **{"fee": {"amount": "0"}, "days": {"working": 1}, "bring": [], "notes": [], "choices": {}},
    "pages": [
        {
            "name": "page",
            "label": TEXT,
            "questions": [
                {"name": "name", "type": "text", "label": TEXT, "fill": "person/name"},
                {
                    **{"name": "children", "type": "repeat", "label": TEXT},
                    "questions": [{"name": "child", "type": "text", "label": TEXT}],
                },
                {"name": "number", "type": "calculate", "calculation": "count(${children})"},
                {"name": "twice", "type": "integer", "label": TEXT, "calculation": "2 * ${number}"},
            ],
        }
    ],
}


def test_answers_in_rows_count_and_what_the_form_computes_does_not() -> None:
    answers = {"name": "An", "children": [{"child": "Bi"}, {}, {"child": "Na"}], "number": "3", "twice": 6}
    found = answered(parse(FAMILY), answers, {"name", "children[3]/child", "number"})
    assert found == Answered(asked=1, filled=2)
