"""G1: Python and TypeScript make the same changes, give the same answers and reach the same bytes."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any

import pytest

from tests.bundling import bundled
from tests.sync.histories import invent, play

BAD_SEEDS: tuple[int, ...] = ()  # what ever differed stays here, with a word on why
FRESH = 600


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Bundle the TypeScript player into one file that Node runs as it is."""
    return bundled("sync/testing/play.ts", tmp_path_factory.mktemp("player"))


def test_G1_both_languages_play_any_history_to_the_same_digests(player: list[str]) -> None:
    start = random.randrange(2**32)
    seeds = [*BAD_SEEDS, *range(start, start + FRESH)]
    histories = [invent(seed) for seed in seeds]
    done = subprocess.run(player, input=json.dumps(histories), stdout=subprocess.PIPE, text=True, check=True)
    theirs: list[Any] = json.loads(done.stdout)
    assert len(theirs) == len(seeds)
    for seed, history, summary in zip(seeds, histories, theirs, strict=True):
        assert play(history).summary() == summary, f"the history of seed {seed} differs: add it to BAD_SEEDS"
