"""What answers to a form mean: how a submission is judged, and what of a draft is signed. `rules.ts` is its twin.

Answers have paths: `name`, in rows `children[2]/name`, `children[2]/toys[1]/title`; a row is `children[2]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.features.forms.answers import Answers, Code, empty, is_file, typed
from server.features.forms.asking import Moment, row_of
from server.features.forms.checking import FILES
from server.features.forms.evaluation import Evaluation, evaluate
from server.features.forms.form import Choice, Form, Question, Repeat
from sync.canonical import Value

__all__ = ["Evaluation", "Finding", "check", "choices_of", "cleaned", "evaluate", "files_of"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a submission: the answer's path and a code of `server/errors.py`."""

    name: str
    code: Code


def check(form: Form, answers: Answers, at: Moment, seed: str = "") -> tuple[Finding, ...]:
    """Judge a submission: beyond `evaluate`, no answer may be unknown, irrelevant, empty or miscalculated.

    Findings stand in the order of the form; unknown names, in the order of RFC 8785, come last in their row. Nothing
    found is good.
    """
    return tuple(_findings(form, answers, evaluate(form, answers, at, seed), "", ""))


def cleaned(form: Form, answers: Mapping[str, Value], at: Moment, seed: str = "") -> dict[str, Value]:
    """Return the answers that a signed document carries: of questions that apply, computed ones too, and not empty.

    Rows stay where they are, even empty ones; those beyond a repeat's count go.
    """
    return _cleaned(form, answers, evaluate(form, answers, at, seed), "", "")


def choices_of(form: Form, evaluation: Evaluation, path: str) -> tuple[Choice, ...]:
    """Return the choices that a question's filter leaves at a path, in the order of the list."""
    question = form.questions[_name(path)]
    listed = form.choice_of[question.choices or ""].values()
    if question.choice_filter is None:
        return tuple(listed)
    keeps = evaluation.asking.keeps(question.choice_filter, row_of(path), path)
    return tuple(choice for choice in listed if keeps(choice))


def files_of(form: Form, answers: Answers) -> list[dict[str, Value]]:
    """Return `{name, len, sha256}` of each file that cleaned answers name, in the order of the form, each once."""
    found: dict[object, dict[str, Value]] = {}
    if form.has_files:
        _find_files(form, "", answers, found)
    return list(found.values())


def _find_files(form: Form, repeat: str, given: Answers, found: dict[object, dict[str, Value]]) -> None:
    for name, part in form.plan.answered[repeat].items():
        answer = given.get(name)
        if part.type == "repeat":
            for row in answer if isinstance(answer, list) else ():
                _find_files(form, name, row if isinstance(row, dict) else {}, found)
        elif part.type in FILES and isinstance(answer, dict) and is_file(answer):
            file = {key: answer[key] for key in ("name", "len", "sha256")}
            found.setdefault(answer["sha256"], file)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _findings(form: Form, given: Answers, found: Evaluation, repeat: str, prefix: str) -> Iterator[Finding]:
    known = form.plan.answered[repeat]
    for name, part in known.items():
        path = prefix + name
        if part.type == "repeat":
            yield from _row_findings(form, part, given, found, path)
        elif name in given or path in found.problems or path in found.computed:
            code = _finding(form, part, given, found, path)
            if code:
                yield Finding(path, code)
    for name in sorted(given.keys() - known.keys(), key=lambda name: name.encode("utf-16-be", "surrogatepass")):
        yield Finding(prefix + name, "answer_unknown")


def _finding(form: Form, question: Question, given: Answers, found: Evaluation, path: str) -> Code | None:
    name = question.name
    if name in given and path not in found.relevant:
        return "answer_irrelevant"
    if question.computed and path in found.relevant:
        right = typed(form, question, found.computed[path])
        if given.get(name) != right or (name in given and right is None) or type(given.get(name)) is not type(right):
            return "answer_calculation"
    code = found.problems.get(path)
    return "answer_type" if name in given and not code and empty(given[name]) else code


def _row_findings(form: Form, repeat: Repeat, given: Answers, found: Evaluation, path: str) -> Iterator[Finding]:
    rows = given.get(repeat.name)
    if path not in found.relevant:
        if repeat.name in given:
            yield Finding(path, "answer_irrelevant")
        return
    code = found.problems.get(path)
    if not code and repeat.name in given and not (isinstance(rows, list) and rows):
        code = "answer_type"
    count = found.rows[path]
    if not code and (len(rows) if isinstance(rows, list) else 0) != count:
        code = "answer_rows"
    if code:
        yield Finding(path, code)
    for index, row in enumerate((rows if isinstance(rows, list) else [])[:count], 1):
        if isinstance(row, dict):
            yield from _findings(form, row, found, repeat.name, f"{path}[{index}]/")
        else:
            yield Finding(f"{path}[{index}]", "answer_type")


def _cleaned(form: Form, given: Answers, found: Evaluation, repeat: str, prefix: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, part in form.plan.answered[repeat].items():
        path = prefix + name
        if path not in found.relevant:
            continue
        if part.type == "repeat":
            answer: Any = _cleaned_rows(form, part, given.get(name), found, path)
        elif path in found.computed:
            answer = typed(form, part, found.computed[path])
        else:
            answer = given.get(name)
        if not empty(answer):
            kept[name] = answer
    return kept


def _cleaned_rows(form: Form, repeat: Repeat, given: object, found: Evaluation, path: str) -> Any:
    if not isinstance(given, list) and not empty(given):
        return given  # what is no list of rows stays a problem to see
    rows, count = given if isinstance(given, list) else [], found.rows[path]
    answered = [rows[index] if index < len(rows) and isinstance(rows[index], dict) else {} for index in range(count)]
    kept = [_cleaned(form, row, found, repeat.name, f"{path}[{index}]/") for index, row in enumerate(answered, 1)]
    return kept if repeat.count is not None else [*kept, *rows[count:]]
