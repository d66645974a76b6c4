"""Answers to every procedure of the catalogue, made up once a process, with places for the files that are attached."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loadtests.filling import Unfilled, filled
from server.features.forms.asking import Moment
from server.features.forms.form import parse
from server.features.forms.publishing import catalogue

_NOTHING: Final = {"len": 1, "sha256": "0" * 64}
_FILES: Final[Mapping[str, Any]] = {
    "image": {"name": "anh.jpg", "type": "image/jpeg", **_NOTHING},
    "audio": {"name": "tieng.m4a", "type": "audio/mp4", **_NOTHING},
    "file": {"name": "giay.pdf", "type": "application/pdf", **_NOTHING},
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A procedure and answers to it; files are named but not there yet."""

    procedure: str
    answers: Mapping[str, Any]

    def attached(self, attach: Callable[[], tuple[str, int]]) -> dict[str, Any]:
        """Return the answers with true files: `attach` sends one and returns its SHA-256 and length."""
        answers = _attached(self.answers, attach)
        assert isinstance(answers, dict)
        return answers


def papers(most: int, *, seed: int = 7) -> list[Paper]:
    """Return some ways to fill procedures, none of them wrong: at most `most`, and three of each procedure."""
    chance, at, found = random.Random(seed), Moment(time.time_ns() // 1_000_000), list[Paper]()
    forms = [parse(form) for form in catalogue().values()] * 3
    for form in forms[:most]:
        try:
            found.append(Paper(form.code, filled(form, chance, at, files=_FILES)))
        except Unfilled:
            continue  # chance found no answer to one of its questions
    return found


def _attached(value: Any, attach: Callable[[], tuple[str, int]]) -> Any:
    if isinstance(value, list):
        return [_attached(each, attach) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("sha256") == _NOTHING["sha256"]:
        sha256, length = attach()
        return {**value, "sha256": sha256, "len": length}
    return {name: _attached(each, attach) for name, each in value.items()}
