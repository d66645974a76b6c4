"""The server's rules and the browser's agree on forms and answers that chance made, to the byte of the summary."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.features.forms.form import FormError, parse
from tests.features.forms.invented import Inventor, judged

PWA = Path(__file__).parents[3] / "pwa"
BAD_SEEDS: tuple[int, ...] = ()  # what ever differed stays here
CASES = int(os.environ.get("MOTCUA_TWINS", "400"))  # about 25 ms each


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the browser's rules into one file that Node runs as it is."""
    node = shutil.which("node")
    bundler = PWA / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    assert node is not None, "expected node on the PATH"
    assert bundler.exists(), f"expected the packages of {PWA} to be installed (npm ci)"
    bundle = tmp_path_factory.mktemp("judge") / "judge.mjs"
    source = PWA / "src" / "features" / "forms" / "testing" / "judge.ts"
    command = [node, str(bundler), str(source), "--file", str(bundle), "--format", "esm", "--platform", "node"]
    subprocess.run(command, check=True, cwd=PWA, stdout=subprocess.DEVNULL)
    return [node, str(bundle)]


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
