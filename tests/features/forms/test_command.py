"""`motcua form`: check, publish, list and export, as an author runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server.auth import Parts
from server.cli import cli
from server.features.forms.publishing import CATALOGUE
from tests.features.forms.test_publishing import spreadsheet
from tests.features.forms.xlsform.workbooks import SETTINGS, workbook


@pytest.fixture
def run(city: Parts, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `motcua form` on the city's data."""
    monkeypatch.setenv("MOTCUA_DATA", str(city.config.data))
    monkeypatch.setenv("MOTCUA_DATABASE", city.config.database)
    monkeypatch.setenv("MOTCUA_KEY", city.config.key)

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli, ["form", *map(str, arguments)])

    return invoke


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Write a spreadsheet; return its path."""

    def write(data: bytes) -> Path:
        path = tmp_path / "mẫu.xlsx"
        path.write_bytes(data)
        return path

    return write


def test_a_sound_spreadsheet_is_said_to_be_ready(run: Any, file: Any) -> None:
    result = run("check", file(spreadsheet()))
    assert result.exit_code == 0
    assert "thu 1: 1 pages, 1 questions, 0 warnings; ready to publish" in result.output


def test_a_wrong_one_is_told_where_and_in_which_language(run: Any, file: Any) -> None:
    path = file(workbook({"survey": [("type", "name", "label"), ("txet", "a", "A")], "settings": SETTINGS}))
    result = run("check", path)
    assert result.exit_code == 1
    assert "mẫu.xlsx: survey A2 (type): error: There is no type “txet”. Did you mean “text”?" in result.output
    assert "Không có kiểu câu hỏi “txet”" in run("check", path, "--language", "vi").output


def test_a_check_prints_the_form_as_json(run: Any, file: Any) -> None:
    output = run("check", "--json", file(spreadsheet())).output
    assert json.loads(output[: output.rindex("}") + 1])["code"] == "thu"


def test_publishing_listing_and_exporting_go_around(run: Any, file: Any) -> None:
    path = file(spreadsheet())
    assert run("publish", path, "--unit", "ben-thanh").exit_code == 0
    later = spreadsheet(version="2", label="Full name")
    assert run("publish", file(later), "--unit", "ben-thanh").exit_code == 0
    lines = [line.split() for line in run("list").output.splitlines() if line.startswith("thu ")]
    assert [line[1:4] for line in lines] == [["2", "ben-thanh", "current"], ["1", "ben-thanh", "superseded"]]
    assert json.loads(run("export", "thu").output)["version"] == "2"
    assert json.loads(run("export", "thu", "--version", "1").output)["version"] == "1"
    assert run("export", "thu", "--xlsx").stdout_bytes == later


def test_what_ships_is_exported_as_the_spreadsheet_that_it_is(run: Any) -> None:
    for path in CATALOGUE.glob("*.xlsx"):
        assert run("export", path.stem, "--xlsx").stdout_bytes == path.read_bytes()


def test_what_can_not_be_published_says_why(run: Any, file: Any) -> None:
    plain = file(workbook({"survey": [("type", "name", "label"), ("text", "a", "A")]}))
    result = run("publish", plain, "--unit", "ben-thanh")
    assert result.exit_code == 1
    assert "translation_none" in result.output
    assert "expected --unit to be a unit that exists" in run("publish", plain, "--unit", "nowhere").output
    assert run("publish", file(spreadsheet()), "--unit", "ben-thanh").exit_code == 0
    changed = run("publish", file(spreadsheet(label="Other")), "--unit", "ben-thanh")
    assert changed.exit_code == 1
    assert "expected a new version, got 1" in changed.output
    assert "expected a published form" in run("export", "nothing").output
    assert "expected a published form" in run("export", "thu", "--version", "9").output
