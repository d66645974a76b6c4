"""Python and TypeScript give the same for expressions and answers that chance made.

EXPRESSIONS is how many, EXPRESSION_SEED the first seed: a longer run takes other ones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.features.forms.expressions import ExpressionError, evaluate, parse
from tests.features.forms.expression_cases import as_json, scope_from
from tests.features.forms.expressions_by_chance import Chance

PWA = Path(__file__).parents[3] / "pwa"
CASES = int(os.environ.get("EXPRESSIONS", "12000"))
SEED = int(os.environ.get("EXPRESSION_SEED", "20261122"))


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the browser's engine into one file that Node runs as it is."""
    node = shutil.which("node")
    bundler = PWA / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    assert node is not None, "expected node on the PATH"
    assert bundler.exists(), f"expected the packages of {PWA} to be installed (npm ci)"
    bundle = tmp_path_factory.mktemp("answering") / "answer.mjs"
    source = PWA / "src" / "features" / "forms" / "expressions" / "testing" / "answer.ts"
    command = [node, str(bundler), str(source), "--file", str(bundle), "--format", "esm", "--platform", "node"]
    subprocess.run(command, check=True, cwd=PWA, stdout=subprocess.DEVNULL)
    return [node, str(bundle)]


def answered(case: dict[str, Any]) -> list[Any]:
    try:
        parsed = parse(case["expression"], columns="column" in case)
    except ExpressionError as error:
        return [str(error), error.at]
    return [as_json(evaluate(parsed, scope_from(case))), sorted(parsed.names), parsed.this, sorted(parsed.calls)]


def test_both_languages_give_the_same_for_any_expression(answering: list[str]) -> None:
    cases = [Chance(SEED + index).case() for index in range(CASES)]
    ours = [answered(case) for case in cases]
    done = subprocess.run(answering, input=json.dumps(cases), stdout=subprocess.PIPE, text=True, check=True)
    theirs: list[Any] = json.loads(done.stdout)
    assert len(theirs) == CASES
    refused = sum(len(one) == 2 for one in ours)
    for index, (case, one, other) in enumerate(zip(cases, ours, theirs, strict=True)):
        assert json.loads(json.dumps(one)) == other, f"seed {SEED + index}: {case}"
    print(f"{CASES} expressions over answers: Python and TypeScript agree ({refused} of them refused by both)")
