"""G1: Python and TypeScript make the same changes, give the same answers and reach the same bytes."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.sync.histories import invent, play

PWA = Path(__file__).parents[2] / "pwa"
BAD_SEEDS: tuple[int, ...] = ()  # what ever differed stays here, with a word on why
FRESH = 600


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the TypeScript player into one file that Node runs as it is."""
    node = shutil.which("node")
    bundler = PWA / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    assert node is not None, "expected node on the PATH"
    assert bundler.exists(), f"expected the packages of {PWA} to be installed (npm ci)"
    bundle = tmp_path_factory.mktemp("player") / "play.mjs"
    source = PWA / "src" / "sync" / "testing" / "play.ts"
    command = [node, str(bundler), str(source), "--file", str(bundle), "--format", "esm", "--platform", "node"]
    subprocess.run(command, check=True, cwd=PWA, stdout=subprocess.DEVNULL)
    return [node, str(bundle)]


def test_G1_both_languages_play_any_history_to_the_same_digests(player: list[str]) -> None:
    start = random.randrange(2**32)
    seeds = [*BAD_SEEDS, *range(start, start + FRESH)]
    histories = [invent(seed) for seed in seeds]
    done = subprocess.run(player, input=json.dumps(histories), stdout=subprocess.PIPE, text=True, check=True)
    theirs: list[Any] = json.loads(done.stdout)
    assert len(theirs) == len(seeds)
    for seed, history, summary in zip(seeds, histories, theirs, strict=True):
        assert play(history).summary() == summary, f"the history of seed {seed} differs: add it to BAD_SEEDS"
