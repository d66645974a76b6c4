"""A tab that is killed at any keystroke: what the screen called saved is there when the form is opened again."""

from __future__ import annotations

import os
import random
import string

import pytest
from playwright.sync_api import Page, expect

from loadtests.service import Service
from tests.journeys import feedback, filling
from tests.journeys.conftest import NewPhone

pytestmark = pytest.mark.journey
KILLS = int(os.environ.get("MOTCUA_KILLS", "50"))
SEED = 4
LETTERS = "ăâđêôơưáàảãạ" + string.ascii_lowercase
SAID = "document.querySelector('[data-testid=saved]')?.textContent === 'Đã lưu trên máy này'"
"""Whether the screen says that all is saved."""
TYPE = f"""async ([letters, pauses]) => {{
    const field = document.getElementById('email');
    let saved = field.value;
    for (const [index, letter] of [...letters].entries()) {{
        field.value += letter;
        field.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
        const until = performance.now() + pauses[index];
        do {{
            await new Promise((resolve) => setTimeout(resolve, 5));
            if ({SAID}) saved = field.value;
        }} while (performance.now() < until);
    }}
    return saved;
}}"""
"""Types letters, each with a pause after it, and returns what stood in the field when it was last called saved."""


@pytest.mark.timeout(120 + 6 * KILLS)
def test_what_was_shown_as_saved_outlives_killed_tabs(service: Service, new_phone: NewPhone) -> None:
    filling.publish_form(service)
    phone = new_phone()
    page = feedback.enrol(phone, None, "Nguyễn Văn An")
    draft = filling.begin(phone)
    chance = random.Random(SEED)
    promised = ""
    saved = 0
    for kill in range(KILLS):
        phone.go(f"{draft}/sender")
        found = _email(page)
        assert found.startswith(promised), f"kill {kill} lost what was shown as saved: {promised!r}, found {found!r}"
        letters = "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 6)))
        pauses = [chance.choice((0, 15, 255, 300, 400)) for _ in letters]
        promised = page.evaluate(TYPE, [letters, pauses])
        saved += promised != found
        page = phone.crash() if kill % 5 == 4 else phone.new_tab()
    assert KILLS > saved > KILLS / 5, "expected some kills to come after letters were called saved, and some before"


def _email(page: Page) -> str:
    field = page.locator("#email")
    expect(field).to_be_visible()
    return field.input_value()
