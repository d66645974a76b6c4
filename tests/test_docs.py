"""What the pages say is true of the code, and every code that a person may meet has its words."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import click
import pytest
from flask import Flask

from server.auth import Parts
from server.cli import cli
from server.errors import PROBLEMS
from tests.conftest import ORIGIN

REPOSITORY = Path(__file__).parent.parent
PAGES = [REPOSITORY / "README.md", REPOSITORY / "ARCHITECTURE.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
PUBLIC = {
    "/", "/<path:path>", "/auth/links/<token>", "/auth/me", "/auth/register", "/auth/register/options", "/auth/signin",
    "/auth/signin/options", "/auth/signout", "/healthz", "/live", "/metrics", "/readyz", "/statuslists/<id>", "/sync",
}  # fmt: skip
"""Every address that needs no session. A new one is added here on purpose, or it is guarded."""


def texts(language: str) -> dict[str, str]:
    """Return all texts in a language, also of the parts that load with their screens."""
    folder = REPOSITORY / "pwa/src/text"
    found: dict[str, str] = {}
    for file in (folder / f"{language}.json", *sorted(folder.glob(f"*.{language}.json"))):
        found |= json.loads(file.read_text())
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_problem_has_a_text(language: str) -> None:
    known = texts(language)
    missing = [code for code in PROBLEMS if not known.get(f"problem.{code}", "").strip()]
    assert missing == []


def test_both_languages_have_the_same_texts() -> None:
    assert texts("vi").keys() == texts("en").keys()


def codes_in(folder: str, name: str) -> set[str]:
    """Return the codes with which `Problem(...)` or `Invalid(...)` is raised anywhere in a package."""
    found = set()
    for file in (REPOSITORY / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_code_that_is_raised_stands_in_the_list_of_problems() -> None:
    raised = codes_in("server", "Problem") | codes_in("server", "Invalid") | codes_in("sync", "Invalid")
    assert len(raised) > 40
    assert raised <= PROBLEMS.keys()


def test_every_code_of_the_specification_stands_in_the_list_of_problems() -> None:
    table = (REPOSITORY / "sync/SPEC.md").read_text().split("## Codes of the pure core")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `([a-z0-9_]+)`", table, flags=re.MULTILINE))
    assert len(named) >= 15
    assert named <= PROBLEMS.keys()
    assert codes_in("sync", "Invalid") <= named


def pages() -> list[Path]:
    return [page for page in PAGES if page.exists()]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE))
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", page.read_text(), flags=re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code))
    assert named <= targets


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", page.read_text(), flags=re.DOTALL))
    named = set(re.findall(r"\bmotcua ([a-z][a-z-]*)", code))
    named |= {each for line in re.findall(r"motcua ((?:[a-z-]+ \| )+[a-z-]+)", code) for each in line.split(" | ")}
    assert named <= set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_link_within_the_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_file_in_the_plan_of_the_house_exists() -> None:
    plan = (REPOSITORY / "ARCHITECTURE.md").read_text().split("```")[1]
    tops = ("server", "sync", "pwa/src", "loadtests", "tests")
    existing = {path.name for top in tops for path in (REPOSITORY / top).rglob("*")}
    named = set(re.findall(r"\b([a-z_]+\.(?:py|tsx?|json|md))\b|\bSPEC\.md\b", plan)) - {""}
    assert len(named) > 15
    assert named <= existing


def test_every_address_is_guarded_or_declared_public(web: Flask) -> None:
    declared: dict[str, set[str]] = {}
    for rule in web.url_map.iter_rules():
        guard = web.view_functions[rule.endpoint].__dict__.get("guard")
        assert guard in ("public", "signed_in"), f"{rule.rule} is neither guarded nor declared public"
        declared.setdefault(guard, set()).add(rule.rule)
    assert declared["public"] == PUBLIC
    assert len(declared["signed_in"]) >= 5


def test_every_guarded_address_turns_a_stranger_away(web: Flask, city: Parts) -> None:
    asked = 0
    for rule in web.url_map.iter_rules():
        if web.view_functions[rule.endpoint].__dict__["guard"] == "public":
            continue
        assert rule.methods is not None
        for method in rule.methods - {"OPTIONS"}:
            path = re.sub(r"<[^>]+>", "x", rule.rule)
            answer = web.test_client().open(path, method=method, json={}, headers={"Origin": ORIGIN})
            assert answer.status_code == 401, f"{method} {path}"
            asked += 1
    assert asked >= 6
