"""Writes `tests/vectors/forms/random.json`: cases that chance made, whose results both languages must share.

Run as `python -m tests.features.forms.cases`; a test fails when the file is not what this makes of today's code.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from pathlib import Path
from typing import Any

from server.features.forms import form, rules, summary
from server.features.forms.asking import Moment
from server.features.forms.expressions import expression
from server.features.forms.expressions.functions import Scope, Value
from server.features.forms.form import Form, Question

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "tests" / "vectors" / "forms"
FIRST = VECTORS / "first"
"""Forms of the first format, as they were published: they go on to be read."""
TODAY = "2026-11-22"
AT = Moment(1_795_323_600_000)  # noon of that day in the city
SEED = 20261101


def made() -> dict[str, Any]:
    chance = random.Random(SEED)
    return {
        "today": TODAY,
        "expressions": [_expression_case(chance) for _ in range(300)],
        "forms": [_form_case(chance, code) for code in sorted(forms()) for _ in range(12)],
    }


def forms() -> dict[str, Form]:
    return {path.stem: form.parse(json.loads(path.read_text())) for path in FIRST.glob("*.json")}


def as_json(value: Value) -> Any:
    """Numbers that JSON lacks are written `{"number": "NaN"}`."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    return value


def expression_text(chance: random.Random, depth: int) -> str:
    leaves = [
        "${a}",
        "${b}",
        "${c}",
        ".",
        "1",
        "0.5",
        "12",
        "''",
        "'x'",
        "'2026-11-21'",
        "today()",
        "true()",
        "false()",
    ]
    if depth == 0:
        return chance.choice(leaves)
    part = [expression_text(chance, chance.randrange(depth)) for _ in range(3)]
    operator = chance.choice(["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-"])
    return chance.choice(
        [
            f"{part[0]} {operator} {part[1]}",
            f"({part[0]} {operator} {part[1]})",
            f"- {part[0]}",
            f"not({part[0]})",
            f"selected({part[0]}, {part[1]})",
            f"count-selected({part[0]})",
            f"string-length({part[0]})",
            f"starts-with({part[0]}, {part[1]})",
            f"contains({part[0]}, {part[1]})",
            f"translate({part[0]}, {part[1]}, {part[2]})",
        ]
    )


def _expression_case(chance: random.Random) -> dict[str, Any]:
    texts = ["", "x", "x y", "3", "-1.50", "2026-11-21", "2026-02-30", "Nguyễn 👶", "true"]
    answers = {name: chance.choice(texts) for name in "abc"}
    this, text = chance.choice(texts), expression_text(chance, 4)
    value = expression.evaluate(expression.parse(text), Scope(answers=answers, today=TODAY, this=this))
    return {"expression": text, "answers": answers, "this": this, "value": as_json(value)}


def _form_case(chance: random.Random, code: str) -> dict[str, Any]:
    subject = forms()[code]
    answers: dict[str, Any] = {}
    for question in subject.questions.values():
        if question.type != "note" and chance.random() < 0.9:
            answers[question.name] = answer(chance, subject, question)
    evaluation = rules.evaluate(subject, answers, AT)
    kept = rules.cleaned(subject, answers, AT)
    return {
        "form": code,
        "answers": answers,
        "pages": list(evaluation.pages),
        "relevant": [name for name in subject.questions if name in evaluation.relevant],
        "required": [name for name in subject.questions if name in evaluation.required],
        "problems": dict(evaluation.problems),
        "findings": [[finding.name, finding.code] for finding in rules.check(subject, answers, AT)],
        "cleaned": list(kept),
        "summary_sha256": {
            "vi": hashlib.sha256(summary.summary(subject, kept, "vi").encode()).hexdigest(),
            "en": hashlib.sha256(summary.summary(subject, kept, "en").encode()).hexdigest(),
        },
    }


def answer(chance: random.Random, subject: Form, question: Question) -> Any:
    if chance.random() < 0.04:
        return chance.choice([None, "", " ", 0, -7, True, [], ["x"], "\u202eabc", "a\nb", {"a": 1}, 2**53])
    names = list(subject.labels.get(question.choices or "", {}))
    if question.type == "select_one":
        return chance.choice(names)
    if question.type == "select_multiple":
        return [name for name in names if chance.random() < 0.6]
    if question.type == "integer":
        return chance.choice([1, 5, 1990, 2001])
    if question.type == "date":
        return chance.choice(["2026-11-01", "1990-02-28", "2026-11-23", "2026-02-30", "2026-09-01"])
    return chance.choice(
        ["079123456789", "0901234567", "a@b.vn", "Nguyễn Thị Ánh", "Số 1 Lê Lợi\nPhường Bến Thành", "x " * 20]
    )


if __name__ == "__main__":
    (VECTORS / "random.json").write_text(
        json.dumps(made(), ensure_ascii=False, indent=None).replace('}, {"', '},\n{"') + "\n"
    )
