"""The procedures that ship: workbooks without a flaw, bilingual, within the limits, with the lists of the state."""

from __future__ import annotations

import random
import time
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from loadtests.filling import filled
from server.features.forms import rules
from server.features.forms.asking import Moment
from server.features.forms.form import BYTES, Form, parse
from server.features.forms.publishing import CATALOGUE
from server.features.forms.xlsform import Compiled, compiled
from server.units import DEMO
from sync import canonical

FILES = sorted(CATALOGUE.glob("*.xlsx"))
AT = Moment(1_795_323_600_000)  # noon of 22 November 2026 in the city
PHOTO = {"name": "anh.jpg", "type": "image/jpeg", "len": 1, "sha256": "0" * 64}
SOUND = {"name": "tieng.m4a", "type": "audio/mp4", "len": 1, "sha256": "1" * 64}
PAPER = {"name": "giay.pdf", "type": "application/pdf", "len": 1, "sha256": "2" * 64}

every_procedure = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@cache
def made(path: Path) -> Compiled:
    return compiled(path.read_bytes(), path.name)


@cache
def form(path: Path) -> Form:
    return parse(made(path).form)


def forms() -> dict[str, Form]:
    return {path.stem: form(path) for path in FILES}


def test_the_catalogue_has_its_thirteen_procedures() -> None:
    assert [path.stem for path in FILES] == [
        "birth-registration",
        "certified-copies",
        "city-feedback",
        "complaint",
        "construction-permit",
        "death-registration",
        "denunciation",
        "household-business",
        "land-information",
        "marriage-registration",
        "marriage-status",
        "residence-confirmation",
        "social-allowance",
    ]


def test_the_whole_catalogue_compiles_in_less_than_five_seconds() -> None:
    began = time.process_time()
    for path in FILES:
        compiled(path.read_bytes(), path.name)
    assert time.process_time() - began < 5


@every_procedure
def test_a_procedure_compiles_without_error_or_warning(path: Path) -> None:
    assert (made(path).errors, made(path).warnings) == ((), ())


@every_procedure
def test_a_procedure_is_named_like_its_file_and_belongs_to_a_unit(path: Path) -> None:
    assert form(path).code == path.stem
    assert form(path).unit in {unit.code for unit in DEMO}


@every_procedure
def test_a_procedure_says_what_it_is_and_what_is_not_known_for_sure(path: Path) -> None:
    subject = form(path)
    assert subject.notes, "expected the facts that are not known for sure"
    assert subject.bring and subject.days.note and subject.fee.note and subject.search
    text = canonical.encode(made(path).form).decode()
    assert unicodedata.is_normalized("NFC", text)
    assert len(text.encode()) <= BYTES


@every_procedure
def test_a_procedure_is_filled_in_by_chance_and_nothing_is_wrong_with_it(path: Path) -> None:
    files = {"image": PHOTO, "audio": SOUND, "file": PAPER}
    for seed in range(4):
        answers = filled(form(path), random.Random(seed), AT, files=files)
        assert list(rules.check(form(path), answers, AT)) == []


@every_procedure
def test_what_is_taken_from_earlier_forms_is_asked_there(path: Path) -> None:
    for question in form(path).questions.values():
        for source in (question.fill or "").split():
            if not source.startswith("last/"):
                continue
            _, code, field = source.split("/")
            there = forms()[code].questions[field]
            assert there.type == question.type, source
            assert form(path).structure.repeats[question.name] == (), "a row of a repeat is begun by the person"
            assert forms()[code].structure.repeats[field] == (), source
            if question.choices and there.choices:
                mine, theirs = form(path).labels[question.choices], forms()[code].labels[there.choices]
                assert mine.keys() & theirs.keys(), source


@every_procedure
def test_a_workbook_is_easy_to_read(path: Path) -> None:
    book = load_workbook(path)
    for sheet in book:
        assert sheet.freeze_panes, f"{sheet.title}: expected the first row to stand still"
        assert sheet["A1"].font.bold
    assert book["survey"].data_validations.dataValidation, "expected the types to be chosen from a list"


def test_the_lists_of_the_state_are_complete() -> None:
    birth = form(CATALOGUE / "birth-registration.xlsx")
    assert list(birth.labels["ethnicity"]) == [*(f"{code:02}" for code in range(1, 55)), "foreign"]
    provinces = [label.vi for label in birth.labels["province"].values()]
    assert len(provinces) == 34
    assert sorted(label for label in provinces if label.startswith("Thành phố")) == [
        "Thành phố Cần Thơ",
        "Thành phố Huế",
        "Thành phố Hà Nội",
        "Thành phố Hải Phòng",
        "Thành phố Hồ Chí Minh",
        "Thành phố Đà Nẵng",
    ]
