"""How many answers of a submission a person had to give, and how many came filled. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from server.features.forms.form import Form


class Answered(NamedTuple):
    """Answers that the person gave, and those that came filled and were left as they were."""

    asked: int
    filled: int


def answered(form: Form, answers: Mapping[str, Any], filled: Collection[str]) -> Answered:
    """Count the answers of a signed document; `filled` has paths such as `name` or `children[2]/name`.

    A path that names no answer does not count, and neither does what the form computes by itself. (`ofAnswers` in
    `measure.ts` counts the same for the person.)
    """
    paths = list(_leaves(answers, "", form.asked))
    known = sum(path in filled for path in paths)
    return Answered(asked=len(paths) - known, filled=known)


def _leaves(answers: Mapping[str, Any], within: str, asked: Collection[str]) -> Iterator[str]:
    for name, answer in answers.items():
        path = within + name
        if name in asked:
            yield path
        elif isinstance(answer, list):
            for index, row in enumerate(answer, start=1):
                if isinstance(row, Mapping):
                    yield from _leaves(row, f"{path}[{index}]/", asked)
