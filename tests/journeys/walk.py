"""Walks through any form on the screens of the app: whatever its questions are, they are answered as a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from server.features.forms import rules
from server.features.forms.asking import Moment
from server.features.forms.form import Form, Question, Repeat


@dataclass(frozen=True)
class Walk:
    """One walk: `answers` is what will be signed in the end, `kept` the paths that the app had filled in by itself.

    `files` has a file to attach for each of the types image, file and audio.
    """

    page: Page
    form: Form
    answers: Mapping[str, Any]
    kept: frozenset[str]
    files: Mapping[str, Path]
    at: Moment
    seed: str

    def fill(self) -> None:
        """Go from the draft's overview through all pages to the review."""
        found = rules.evaluate(self.form, self.answers, self.at, self.seed)
        self.page.locator(f'a[href$="/{found.pages[0]}"]').click()
        for name in found.pages:
            self.page.wait_for_url(f"**/{name}")
            (page,) = (each for each in self.form.pages if each.name == name)
            self._place(page, self.answers, "", found)
            self._next()
        self.page.wait_for_url("**/review")

    def _place(self, items: Any, answers: Mapping[str, Any], before: str, found: rules.Evaluation) -> None:
        """Answer what stands at one place: a page, or a row of a repeat."""
        for item in items.questions:
            path = before + item.name
            if path not in found.relevant:
                continue
            if isinstance(item, Question):
                if item.name in answers and path not in self.kept and path not in found.computed:
                    self._answer(item, path, answers[item.name], found)
            elif isinstance(item, Repeat):
                self._rows(item, answers.get(item.name, []), path, found)
            else:
                self._place(item, answers, before, found)

    def _rows(self, repeat: Repeat, rows: list[Any], path: str, found: rules.Evaluation) -> None:
        for index, row in enumerate(rows, 1):
            if repeat.count is None:
                self.page.locator(f'[data-add="{path}"]').click()
            else:
                self.page.locator(f'[data-edit="{path}[{index}]"]').click()
            self._place(repeat, row, f"{path}[{index}]/", found)
            self._next()
            expect(self.page.locator(f'[data-edit="{path}[{index}]"]')).to_be_visible()

    def _next(self) -> None:
        address = self.page.url
        self.page.locator("[data-next]").click()
        self.page.wait_for_url(lambda url: url != address)

    def _answer(self, question: Question, path: str, answer: Any, found: rules.Evaluation) -> None:
        box = self.page.locator(f'[data-question="{path}"]')
        box.wait_for()
        if question.choices is not None:
            names = [choice.name for choice in rules.choices_of(self.form, found, path)]
            _choose(box, question, names, answer)
        elif question.type in ("image", "file", "audio"):
            box.locator("input[type=file]").first.set_input_files(self.files[question.type])
            expect(box.locator("figure")).to_be_visible(timeout=30_000)
        else:
            _FIELDS.get(question.type, _text)(box, answer)


def _choose(box: Locator, question: Question, names: list[str], answer: Any) -> None:
    if question.type == "rank":
        _rank(box, names, answer)
    elif question.type == "select_multiple":
        for name in answer:
            box.locator("input[type=checkbox]").nth(names.index(name)).check()
    elif box.locator("select").count():
        box.locator("select").select_option(answer)
    else:
        box.locator("input[type=radio]").nth(names.index(answer)).check()


def _rank(box: Locator, names: list[str], wanted: list[str]) -> None:
    """Move each name up to its place; an order that is right already is said to be so."""
    order = list(names)
    if order == wanted:
        box.get_by_role("button", name="Giữ thứ tự này").click()
    for place, name in enumerate(wanted):
        while order.index(name) > place:
            at = order.index(name)
            order[at - 1], order[at] = name, order[at - 1]
            box.locator(f'[data-move="{name} -1"]').click()


def _text(box: Locator, answer: Any) -> None:
    box.locator("input, textarea").first.fill(str(answer))


def _decimal(box: Locator, answer: Any) -> None:
    box.locator("input").first.fill(str(answer).replace(".", ","))


def _date(box: Locator, answer: str) -> None:
    year, month, day = answer.split("-")
    _each(box, day, month, year)


def _time(box: Locator, answer: str) -> None:
    _each(box, *answer.split(":"))


def _moment(box: Locator, answer: str) -> None:
    date, time = answer.split("T")
    year, month, day = date.split("-")
    _each(box, day, month, year, *time.split(":"))


def _place(box: Locator, answer: str) -> None:
    latitude, longitude, *_ = answer.split()
    _each(box, latitude.replace(".", ","), longitude.replace(".", ","))


def _range(box: Locator, answer: Any) -> None:
    box.locator("input[type=text]").fill(str(answer).replace(".", ","))


def _acknowledge(box: Locator, _: Any) -> None:
    box.locator("input[type=checkbox]").check()


def _each(box: Locator, *values: str) -> None:
    for index, value in enumerate(values):
        box.locator("input").nth(index).fill(value)


_FIELDS: Final[Mapping[str, Callable[[Locator, Any], None]]] = {
    "decimal": _decimal,
    "date": _date,
    "time": _time,
    "datetime": _moment,
    "geopoint": _place,
    "range": _range,
    "acknowledge": _acknowledge,
}
