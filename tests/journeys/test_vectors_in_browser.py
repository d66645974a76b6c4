"""The shared vectors of the gate, played in a real browser: its cryptography, its zlib, its JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from loadtests.service import REPOSITORY
from loadtests.sources import sources as serve

VECTORS = REPOSITORY / "tests" / "vectors" / "gate"
FILES = ("codes", "card", "verdict", "presence")
CASES = "/src/features/gate/testing/browser.ts"


@pytest.fixture(scope="module")
def sources() -> Iterator[str]:
    """The origin that serves the app's TypeScript, module by module."""
    with serve(CASES) as origin:
        yield origin


def test_every_vector_of_the_gate_holds_in_the_browser(browser: Browser, sources: str) -> None:
    files = {name: json.loads((VECTORS / f"{name}.json").read_text()) for name in FILES}
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{sources}/blank", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto(f"{sources}/blank")

    played: dict[str, list[Any]] = page.evaluate(
        "async ([module, files]) => (await import(module)).played(files)", [CASES, files]
    )

    context.close()
    wrong = [(name, got, expected) for each in played.values() for name, got, expected in each if got != expected]
    assert (wrong, errors) == ([], [])
    counts = {name: len(each) for name, each in played.items()}
    verdict, presence = files["verdict"], files["presence"]
    assert counts["verdict"] == len(verdict["cases"])
    assert counts["presence"] == len(presence["cases"]) + len(presence["random"])
    assert min(counts.values()) > 0
    print(f"\nplayed in {browser.browser_type.name} {browser.version}: {counts}, {sum(counts.values())} in all")
