"""`motcua form eval` shows an author what an expression gives, or where it goes wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.features.forms.command import form
from server.features.forms.trying import moment

ANSWERS = {
    "who": "Ánh",
    "born": "1992-02-29",
    "likes": ["tea", "rice"],
    "photo": {"name": "house.jpg", "type": "image/jpeg", "len": 3, "sha256": "00"},
    "kids": [{"age": 12, "toys": [{"price": "3"}, {"price": "4.5"}]}, {"age": 7, "toys": []}],
    "pets": [],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(form, ["eval", *arguments])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(${kids}/age)", "19"),
        ("${age}", "kids[1]/age: 12\nkids[2]/age: 7"),
        ("/data/kids[age > 8]", "kids[1]"),
        ("count(/data/kids/toys)", "2"),
        ("sum(${price})", "7.5"),
        ("int((today() - ${born}) div 365.25)", "34"),
        ("now()", "2026-11-22T08:00:00.000+07:00"),
        ("selected(${likes}, 'rice')", "true"),
        ("${photo}", "house.jpg"),
        ("${who}", "Ánh"),
        ("${nothing}", ""),
        ("count(${pets})", "0"),
    ],
)
def test_a_value_is_printed(file: Path, expression: str, expected: str) -> None:
    result = run(expression, "--answers", str(file), "--now", "2026-11-22T08:00", "--timezone", "Asia/Ho_Chi_Minh")
    assert result.output == f"{expected}\n"
    assert result.exit_code == 0


def test_a_row_asks_for_its_own_answers(file: Path) -> None:
    assert run(". * 2", "--answers", str(file), "--at", "kids[2]/age").output == "14\n"
    assert run("position(..) + sum(../../kids/age)", "--answers", str(file), "--at", "kids[2]/age").output == "21\n"


def test_what_is_wrong_stands_below_its_place() -> None:
    result = run("1 + (2 3)")
    assert result.exit_code == 1
    assert result.output == "Error: expected ')', got '3' at character 8\n  1 + (2 3)\n         ^\n"


def test_what_takes_too_long_is_said(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"kids": [{"age": age} for age in range(400)]}))
    result = run("count(${kids}[count(${kids}) > 0])", "--answers", str(path))
    assert result.exit_code == 1
    assert "expected at most 100,000 steps" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--timezone", "Nowhere/X"), "expected a time zone as Asia/Ho_Chi_Minh or +07:00, got 'Nowhere/X'"),
        (("--now", "tomorrow"), "tomorrow"),
        (("--at", "kids/age"), "expected a path as children[2]/name, got 'kids/age'"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(arguments: tuple[str, ...], message: str) -> None:
    result = run("now()", *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_zone_is_what_it_is_at_that_moment() -> None:
    clock = datetime(2026, 1, 1, tzinfo=UTC)
    assert moment(None, "+05:45", clock=clock) == (1_767_225_600_000, 345)
    assert moment(None, "-0330", clock=clock)[1] == -210
    assert moment("2026-07-01T00:00Z", "Europe/Berlin", clock=clock) == (1_782_864_000_000, 120)
    assert moment("2026-01-01T01:00", "Europe/Berlin", clock=clock) == (1_767_225_600_000, 60)
