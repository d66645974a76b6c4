"""Looks at a screen as axe-core does, in the shapes and colours that people use, and keeps pictures when asked to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from loadtests.service import REPOSITORY

AXE = (REPOSITORY / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text()
PICTURES = REPOSITORY / "tests" / "journeys" / "pictures"
WANTED = "PICTURES" in os.environ
"""Whether pictures are kept (`make pictures`)."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ({ tags, night }) => {
    const colours = () => window.axe.getRules(tags).filter((rule) => rule.tags.includes('cat.color'));
    const runOnly = night ? { type: 'rule', values: colours().map(({ ruleId }) => ruleId) } : tags;
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return Object.fromEntries(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]));
}"""
"""Brings over what is wrong, and not what is right, which is a hundred times as much. At night the rules that look at
colours are enough, since nothing else is different then (`night.test.ts`)."""


@dataclass(frozen=True)
class View:
    """How a screen is looked at."""

    name: str
    width: int
    height: int
    colours: Literal["light", "dark"]


VIEWS = (
    View("phone-light", 360, 740, "light"),
    View("phone-dark", 360, 740, "dark"),
    View("narrow-light", 320, 640, "light"),
    View("desktop-light", 1280, 800, "light"),
    View("desktop-dark", 1280, 800, "dark"),
)


def problems(page: Page, name: str) -> list[str]:
    """Return what is wrong with the screen in any view: rules of axe that it breaks, text that runs off its side."""
    found = [f"{name}: {problem}" for view in VIEWS for problem in _look(page, name, view)]
    page.set_viewport_size({"width": VIEWS[0].width, "height": VIEWS[0].height})
    page.emulate_media(color_scheme="light")
    return found


def _look(page: Page, name: str, view: View) -> Iterator[str]:
    page.set_viewport_size({"width": view.width, "height": view.height})
    page.emulate_media(color_scheme=view.colours, reduced_motion="reduce")
    if WANTED:
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{view.name}.png", full_page=True)
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        yield f"{view.name}: {over} px run off the side"
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    violations: dict[str, list[str]] = page.evaluate(RUN, {"tags": RULES, "night": view.colours == "dark"})
    for rule, nodes in violations.items():
        yield f"{view.name}: {rule}: {nodes}"
