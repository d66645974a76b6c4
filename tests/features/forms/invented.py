"""Forms and answers that chance made, and all that the rules say of them: what both languages must agree on.

`judge.ts` gives the same for the browser's rules.
"""

from __future__ import annotations

import random
from typing import Any, Final

from server.features.forms import rules
from server.features.forms.asking import Moment, row_of
from server.features.forms.defaults import defaults, row_defaults
from server.features.forms.form import Form
from server.features.forms.summary import summary
from server.features.forms.wording import interpolated

TYPES: Final = (
    "text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "rank", "calculate",
    "note", "image", "file", "audio", "geopoint", "barcode", "acknowledge", "range",
)  # fmt: skip
CHOICES: Final = ("a", "b", "c", "A.1", "x_9", "7")
ANSWERS: Final[dict[str, tuple[Any, ...]]] = {
    "acknowledge": ("OK", "OK", "no"),
    "date": ("2026-11-22", "1990-02-28", "2026-11-23"),
    "datetime": ("2026-11-22T08:30", "2026-02-30T08:30", "1990-01-01T00:00"),
    "decimal": ("1.5", "0", "-2.25", "12"),
    "geopoint": ("10.776530 106.700980 5 12", "-91 0 0 0", "1 2 3"),
    "integer": (0, 1, 5, 18, -7),
    "range": (0, 2, 3, 10, "0.5", "0.75", "2.8"),
    "select_one": CHOICES,
    "time": ("08:30", "23:59", "24:00"),
}
OPERATORS: Final = ("=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "div", "mod", "and", "or")
HOSTILE: Final[tuple[Any, ...]] = (
    None, True, False, "", " ", 0, -1, 7, 2**53 - 1, -(2**53 - 1), [], {}, [[]], [{}], {"name": "x"}, [1], ["a", 1],
    "a\nb", "a\tb", "\u202eabc", "Nguyễn 👶", "1e5", "NaN", "01", "-0", "1.50", "2026-02-30", "2026-11-22T25:00",
    "a b", ["a", "a"], ["b", "a"], "x" * 300, "${a}",
    {"name": "a.jpg", "type": "image/png", "len": 0, "sha256": "0" * 64},
)  # fmt: skip


class Inventor:
    """Makes one form after another."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names: list[str] = []
        self.repeats: list[str] = []
        self.count = 0

    def case(self) -> dict[str, Any]:
        """Return a form, answers to it, a moment and a seed; about one in eight answers is hostile."""
        form = self.form()
        return {
            "form": form,
            "at": {"now": self.chance.choice((0, 1_795_323_600_000, 1_700_000_000_123)), "offset": 420},
            "seed": self.chance.choice(("", "0193569a-3f00-7000-8000-000000000001")),
            "answers": self.answers([item for page in form["pages"] for item in page["questions"]], form, 0),
        }

    def form(self) -> dict[str, Any]:
        self.names, self.repeats = [], []
        pages = []
        for number in range(self.chance.randrange(1, 4)):
            page: dict[str, Any] = {"name": f"page_{number}", "label": self.text()} | self.some("relevant")
            pages.append(page | {"questions": self.items(0)})
        text = {"vi": "Tờ khai", "en": "A form"}
        return {
            "form": "motcua-form/2", "code": "invented", "version": "1", "unit": "desk", "title": text, "summary": text,
            "fee": {"amount": "0"}, "days": {"working": 1}, "result": text, "bring": [], "authority": text, "notes": [],
            "choices": {
                "list": [
                    {"name": name, "label": {"vi": f"{name} (vi)", "en": name}, "kind": self.chance.choice("ab ")}
                    for name in CHOICES
                ]
            },
            "pages": pages,
        }  # fmt: skip

    def items(self, depth: int) -> list[dict[str, Any]]:
        return [self.item(depth) for _ in range(self.chance.randrange(1, 6))]

    def item(self, depth: int) -> dict[str, Any]:
        self.count += 1
        name = self.chance.choice("abcdefgh") + str(self.count)
        sort = self.chance.random()
        if depth < 3 and sort < 0.12:
            item = {"type": "repeat", "name": name, "label": self.text()}
            item |= self.some("relevant") | self.some("count", 0.3)
            self.names.append(name)
            self.repeats.append(name)
            return item | {"questions": self.items(depth + 1)}
        if depth < 3 and sort < 0.2:
            item = {"type": "group", "name": name} | self.some("relevant")
            return (
                item | ({"label": self.text()} if self.chance.random() < 0.7 else {}) | {"questions": self.items(depth)}
            )
        return self.question(name)

    def question(self, name: str) -> dict[str, Any]:
        type_ = self.chance.choice(TYPES)
        item: dict[str, Any] = {"type": type_, "name": name, "label": self.text()}
        item |= self.some("relevant", 0.25)
        if type_ == "calculate" or (type_ not in ("note", "image", "file", "audio") and self.chance.random() < 0.1):
            item["calculation"] = self.expression(2)
            if self.chance.random() < 0.15:
                item["calculation"] = f"once({item['calculation']})"
        if type_ not in ("note", "calculate"):
            item |= self.some("required", 0.2) | self.some("constraint", 0.25)
            if self.chance.random() < 0.1:
                item["required"] = True
            if type_ not in ("image", "file", "audio") and self.chance.random() < 0.2:
                item["default"] = {"expr": self.expression(1)} if self.chance.random() < 0.5 else self.literal()
        if type_ in ("select_one", "select_multiple", "rank"):
            item["choices"] = "list"
            if self.chance.random() < 0.3:
                item["choice_filter"] = self.filter()
        if type_ == "range":
            item["parameters"] = self.chance.choice(
                (
                    {"start": 0, "end": 10, "step": 2},
                    {"start": "0.5", "end": 3, "step": "0.25"},
                    {"start": -5, "end": 5, "step": 1},
                )
            )
        if type_ == "text" and self.chance.random() < 0.3:
            item["appearance"] = "multiline"
        self.names.append(name)
        return item

    def literal(self) -> str:
        return self.chance.choice(("a", "5", "1.5", "a b", "2026-11-22", "08:30", "OK", "xyz", "-3"))

    def some(self, member: str, often: float = 0.2) -> dict[str, Any]:
        if self.chance.random() >= often:
            return {}
        return {member: self.expression(2, this=member == "constraint")}

    def text(self) -> dict[str, str]:
        text = self.chance.choice(("Một", "Hai ba", "Tên: x"))
        if self.names and self.chance.random() < 0.2:
            named = [name for name in self.names if name not in self.repeats]
            text += f" ${{{self.chance.choice(named)}}}" if named else ""
        return {"vi": f"{text} (vi)", "en": text}

    def filter(self) -> str:
        return self.chance.choice(
            (
                "kind = 'a'",
                "name != 'b'",
                f"kind = {self.expression(0)}",
                f"selected({self.expression(0)}, name)",
                "missing = ''",
            )
        )

    def expression(self, depth: int, *, this: bool = False) -> str:
        if depth == 0:
            leaves = [
                "1",
                "0",
                "3.5",
                "''",
                "'a'",
                "'a b'",
                "today()",
                "now()",
                "'2026-11-22'",
                "position(..)",
                "true()",
            ]
            leaves += [f"${{{name}}}" for name in self.names[-8:]] * 2 + (["."] * 4 if this else [])
            return self.chance.choice(leaves)
        a, b = self.expression(depth - 1, this=this), self.expression(depth - 1, this=this)
        name = self.chance.choice(self.names) if self.names else ""
        shapes = [
            f"{a} {self.chance.choice(OPERATORS)} {b}",
            f"not({a})",
            f"if({a}, {b}, 'z')",
            f"concat({a}, '-', {b})",
            f"selected({a}, {b})",
            f"string-length({a})",
            f"coalesce({a}, {b})",
            f"round({a})",
            f"format-date({a}, '%d/%m/%Y')",
            "random()",
            f"regex({a}, '[a-z0-9 ]+')",
        ]
        if name:
            ref = f"${{{name}}}"
            shapes += [
                f"count({ref})",
                f"sum({ref})",
                f"join(', ', {ref})",
                f"max({ref})",
                f"jr:choice-name({a}, '{ref}')",
            ]
            shapes += [f"count({ref}[position() > 1])", f"sum({ref}[. > 1])"]
            shapes += [f"count-selected({ref})", f"{ref} != ''"] * 2
        return self.chance.choice(shapes)

    def answers(self, items: list[dict[str, Any]], form: dict[str, Any], depth: int) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for item in items:
            if item["type"] == "group":
                given |= self.answers(item["questions"], form, depth)
            elif self.chance.random() < 0.05:
                given[item["name"]] = self.chance.choice(HOSTILE)
            elif item["type"] == "repeat":
                rows = [self.answers(item["questions"], form, depth + 1) for _ in range(self.chance.randrange(0, 4))]
                given[item["name"]] = [
                    self.chance.choice(HOSTILE) if self.chance.random() < 0.03 else row for row in rows
                ]
            elif self.chance.random() < 0.75:
                given[item["name"]] = self.answer(item)
        if self.chance.random() < 0.03:
            given[self.chance.choice(("unknown", "", "page_0", "Ω👶", "constructor"))] = "x"
        return given

    def answer(self, item: dict[str, Any]) -> Any:
        match item["type"]:
            case "select_multiple":
                return [name for name in CHOICES if self.chance.random() < 0.4]
            case "rank":
                return self.chance.sample(CHOICES, len(CHOICES))
            case "image" | "file" | "audio" as type_:
                return {
                    "name": self.chance.choice(("a.jpg", "giấy tờ.pdf")),
                    "type": {"image": "image/jpeg", "file": "application/pdf", "audio": "audio/webm"}[type_],
                    "len": self.chance.choice((1, 999, 1000, 245_001)),
                    "sha256": self.chance.choice("ab") * 64,
                }
        if item.get("appearance") == "multiline":
            return self.chance.choice(("một\nhai", "a", "x  y"))
        return self.chance.choice(ANSWERS.get(item["type"], ("An", "xin chào", "a", "12", "5.5", "x  y")))


def judged(form: Form, case: dict[str, Any]) -> dict[str, Any]:
    """Return all that the rules say of a case."""
    at, seed, answers = Moment(**case["at"]), case["seed"], case["answers"]
    found = rules.evaluate(form, answers, at, seed)
    kept = rules.cleaned(form, answers, at, seed)
    asked = [
        (path, form.questions[name]) for path in found.relevant if (name := path.rpartition("/")[2]) in form.questions
    ]
    rows = [f"{path}[{count}]/" for path, count in found.rows.items() if count]
    return {
        "order": list(form.structure.order),
        "pages": list(found.pages),
        "relevant": sorted(found.relevant),
        "required": sorted(found.required),
        "problems": dict(found.problems),
        "computed": dict(found.computed),
        "rows": dict(found.rows),
        "findings": [[finding.name, finding.code] for finding in rules.check(form, answers, at, seed)],
        "again": [[finding.name, finding.code] for finding in rules.check(form, kept, at, seed)],
        "cleaned": kept,
        "cleaned_again": rules.cleaned(form, kept, at, seed),
        "files": rules.files_of(form, kept),
        "options": {
            path: [choice.name for choice in rules.choices_of(form, found, path)]
            for path, question in asked
            if question.choice_filter is not None
        },
        "labels": {
            path: interpolated(question.label, form, found, path, "en") for path, question in asked if question.label
        },
        "defaults": defaults(form, at, seed),
        "begun": {row: row_defaults(form, answers, row_of(row), at, seed) for row in rows},
        "vi": summary(form, kept, "vi"),
        "en": summary(form, kept, "en"),
    }
