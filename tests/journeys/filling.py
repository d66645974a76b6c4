"""How a resident goes through a form that has every sort of question (`forms/every-question.json`), in Vietnamese."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from loadtests.service import Service
from server.features.forms.publishing import publish
from tests.journeys.phone import Phone

FORM = Path(__file__).parent / "forms" / "every-question.json"
CODE = "every-question"


def publish_form(service: Service, change: Callable[[Any], object] = lambda form: None) -> None:
    """Publish the form, or a later version of it that `change` makes."""
    form = json.loads(FORM.read_text())
    change(form)
    published(service, form)


def published(service: Service, form: Any) -> None:
    """Publish any form, straight in the service's data."""
    with service.opened() as store:
        store.write(lambda transaction: publish(form, transaction, now=int(time.time() * 1000)))


def begin(phone: Phone, code: str = CODE) -> str:
    """Begin a draft and return its route."""
    page = phone.go(f"/procedures/{code}")
    page.get_by_role("button", name="Bắt đầu điền").click()
    page.wait_for_url(re.compile(r"/drafts/[0-9a-f-]{36}$"))
    return page.url.removeprefix(phone.origin)


def question(page: Page, path: str) -> Locator:
    """The question at a path."""
    return page.locator(f'[data-question="{path}"]')


def go_on(page: Page) -> None:
    """Press the button that leaves a page or row, and wait until another one is there."""
    before = page.url
    page.locator("[data-next]").click()
    expect(page).not_to_have_url(before)


def type_date(page: Page, path: str, day: str, month: str, year: str) -> None:
    """Type a date, day first."""
    for label, value in (("Ngày", day), ("Tháng", month), ("Năm", year)):
        question(page, path).get_by_label(label, exact=True).fill(value)


def type_time(page: Page, path: str, hour: str, minute: str) -> None:
    """Type a time of day."""
    for label, value in (("Giờ", hour), ("Phút", minute)):
        question(page, path).get_by_label(label, exact=True).fill(value)


def fill_sender(page: Page) -> None:
    """Fill the first page: groups, and a list that follows another answer."""
    question(page, "phone").get_by_role("textbox").fill("0901234567")
    page.get_by_label("Thành phố Hồ Chí Minh").check()
    page.get_by_label("Phường Sài Gòn").check()


def fill_numbers(page: Page) -> None:
    """Fill the second page: times and numbers."""
    type_date(page, "day", "2", "11", "2026")
    type_time(page, "clock", "7", "30")
    type_date(page, "appointment", "3", "11", "2026")
    type_time(page, "appointment", "14", "00")
    question(page, "people").get_by_role("textbox").fill("4")
    question(page, "area").get_by_role("textbox").fill("50,5")
    question(page, "distance").get_by_role("textbox").fill("7")
    question(page, "vehicles_count").get_by_role("textbox").fill("2")


def fill_opinions(page: Page) -> None:
    """Fill the third page: choices and an order."""
    page.get_by_label("Rất hài lòng").check()
    question(page, "ways").get_by_label("Trên ứng dụng").check()
    question(page, "ways").get_by_label("Tại quầy").check()
    question(page, "order").get_by_role("button", name="Đưa “Trên ứng dụng” lên").click()
    question(page, "language_spoken").get_by_role("combobox").select_option("km")
    question(page, "remark").get_by_role("textbox").fill("Dòng một\nDòng hai")
    question(page, "truth").get_by_role("checkbox").check()


def fill_place(page: Page) -> None:
    """Fill the fourth page: a place copied from a map, and a code."""
    question(page, "where").get_by_label("Vĩ độ").fill("10.776889, 106.700806")
    question(page, "tag").get_by_role("textbox").fill("8934563138165")


def add_child(page: Page, name: str, toys: tuple[str, ...] = ()) -> None:
    """Add a child and its toys, and come back to the list."""
    page.locator('[data-add="children"]').click()
    page.get_by_label("Họ và tên con").fill(name)
    n = re.findall(r"\d+", page.get_by_role("heading", level=1).inner_text())[-1]
    type_date(page, f"children[{n}]/child_born", "9", "3", "2020")
    if toys:
        question(page, f"children[{n}]/has_toys").get_by_label("Có", exact=True).check()
    for toy in toys:
        page.locator(f'[data-add="children[{n}]/toys"]').click()
        page.get_by_label("Tên đồ chơi").fill(toy)
        go_on(page)
    go_on(page)


def fill_vehicles(page: Page) -> None:
    """Fill the rows that a count asks for."""
    for n, plate in ((1, "59-X1 234.56"), (2, "59-X2 987.65")):
        page.locator(f'[data-edit="vehicles[{n}]"]').click()
        page.get_by_label("Biển số").fill(plate)
        go_on(page)


def ean13(digits: str) -> Image.Image:
    """Draw the bars that stand on goods (GS1 General Specifications, 5.2)."""
    left = (
        "0001101",
        "0011001",
        "0010011",
        "0111101",
        "0100011",
        "0110001",
        "0101111",
        "0111011",
        "0110111",
        "0001011",
    )
    sets = ("AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA")
    right = ["".join("10"[int(bit)] for bit in code) for code in left]
    first, *rest = (int(digit) for digit in digits)
    halves = [left[n] if kind == "A" else right[n][::-1] for n, kind in zip(rest[:6], sets[first], strict=True)]
    bars = "101" + "".join(halves) + "01010" + "".join(right[n] for n in rest[6:]) + "101"
    quiet = "0" * 11
    line = Image.frombytes("L", (len(bars) + 22, 1), bytes(0 if bit == "1" else 255 for bit in quiet + bars + quiet))
    return line.resize((line.width * 4, 260), Image.Resampling.NEAREST)
