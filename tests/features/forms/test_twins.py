"""The server's rules and the browser's agree on forms and answers that chance made, to the byte of the summary."""

from __future__ import annotations

import json
import os
import random
import subprocess
from typing import Any

import pytest

from server.features.forms.form import FormError, parse
from tests.bundling import bundled
from tests.features.forms.invented import Inventor, judged

BAD_SEEDS: tuple[int, ...] = ()  # what ever differed stays here
CASES = int(os.environ.get("MOTCUA_TWINS", "400"))  # about 25 ms each


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the browser's rules into one file that Node runs as it is."""
    return bundled("features/forms/testing/judge.ts", tmp_path_factory.mktemp("judge"))


def test_both_languages_judge_any_form_and_answers_alike(judge: list[str]) -> None:
    seed = random.randrange(2**32)
    seeds: list[int] = []
    cases: list[dict[str, Any]] = []
    ours: list[dict[str, Any]] = []
    fresh = iter(range(seed, seed + 100 * CASES))
    candidates = [*BAD_SEEDS]
    while len(cases) < len(BAD_SEEDS) + CASES:
        number = candidates.pop() if candidates else next(fresh)
        case = Inventor(number).case()
        try:
            form = parse(case["form"])
        except FormError:
            continue  # chance has made something depend on itself
        seeds.append(number)
        cases.append(case)
        ours.append(json.loads(json.dumps(judged(form, case))))
    done = subprocess.run(judge, input=json.dumps(cases), stdout=subprocess.PIPE, text=True, check=True)
    theirs: list[Any] = json.loads(done.stdout)
    assert len(theirs) == len(cases)
    for number, mine, other in zip(seeds, ours, theirs, strict=True):
        for what, value in mine.items():
            assert value == other[what], f"{what} of seed {number} differs: add it to BAD_SEEDS"
        assert mine["cleaned_again"] == mine["cleaned"], f"cleaning twice differs, seed {number}"
    print(f"{len(cases)} forms with answers: Python and TypeScript agree")
