"""Every procedure of the catalogue is filled, signed and received on the screens of a phone; then begun again.

Answers are made up, different in every run (`MOTCUA_SEED` repeats one), so that conditions and repeats are met as they
come. How many answers a resident need not give is counted on the way: for one who is new and has scanned the card, and
for one who has sent every procedure once, over several ways to answer each.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from loadtests.filling import filled
from loadtests.service import Service
from server.features.forms.asking import VIETNAM, Moment
from server.features.forms.form import Form, Question, parse
from server.store import Store
from sync import canonical, record
from tests.journeys import feedback
from tests.journeys.conftest import NewPhone
from tests.journeys.film import png
from tests.journeys.phone import Phone
from tests.journeys.walk import Walk

pytestmark = pytest.mark.journey
CARD = "079190001234|023456789|Nguyễn Thị Minh Khai|02091990|Nữ|12 Lê Lợi, Phường Bến Thành, TP. Hồ Chí Minh|05062021"
ANSWER, FROM = "answer/", "from/"
WAYS = 8
NEW, RETURNING = 0.2, 0.5
"""Which part of the answers the city wants not to be asked, and how many a resident who comes again is to be spared."""
_ATTACHED = {
    "image": {"name": "photo.jpg", "type": "image/jpeg", "len": 1, "sha256": "0" * 64},
    "file": {"name": "paper.pdf", "type": "application/pdf", "len": 1, "sha256": "0" * 64},
    "audio": {"name": "voice.wav", "type": "audio/wav", "len": 1, "sha256": "0" * 64},
}
"""What stands for a file in the answers that are made up; the phone finds out the rest."""


@dataclass
class Count:
    """Answers by procedure, and how many of them nobody had to give, each the mean of several ways to answer it."""

    given: dict[str, float] = field(default_factory=dict)
    spared: dict[str, float] = field(default_factory=dict)

    @property
    def part(self) -> float:
        return sum(self.spared.values()) / sum(self.given.values())

    def add(self, form: Form, drafted: Drafted, chance: random.Random) -> None:
        """Answer what a draft began with in several ways."""
        ways = [set(asked(form, drafted.answered(form, chance))) for _ in range(WAYS)]
        self.given[form.code] = sum(len(way) for way in ways) / WAYS
        self.spared[form.code] = sum(len(way & drafted.known) for way in ways) / WAYS

    def line(self, code: str) -> str:
        return f"{self.spared[code]:4.1f} of {self.given[code]:4.1f}"


@dataclass(frozen=True)
class Drafted:
    """A draft as the app began it: its answers, and which of them it knew from elsewhere."""

    id: str
    begun: Mapping[str, Any]
    known: frozenset[str]

    def answered(self, form: Form, chance: random.Random) -> dict[str, Any]:
        """Return answers that leave what stands there already."""
        return filled(form, chance, moment(), files=_ATTACHED, begun=self.begun, seed=self.id)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """One file of each sort that a question may ask for."""
    image, file, audio = tmp_path / "photo.jpg", tmp_path / "paper.pdf", tmp_path / "voice.wav"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(image, quality=70)
    file.write_bytes(b"%PDF-1.4\n" + secrets.token_bytes(20_000))
    audio.write_bytes(b"RIFF" + secrets.token_bytes(8_000))
    return {"image": image, "file": file, "audio": audio}


@pytest.mark.timeout(400)
def test_every_procedure_is_filled_signed_and_received_and_asks_less_the_next_time(
    service: Service, new_phone: NewPhone, files: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("MOTCUA_SEED", secrets.randbits(32)))
    print(f"MOTCUA_SEED={seed}")
    phone = new_phone()
    feedback.enrol(phone, None, "Nguyễn Thị Minh Khai")
    scan_card(phone)
    with service.opened() as store:
        resident, forms = Resident(phone, store, files), published(store)
        drafts = {code: resident.begin(form) for code, form in forms.items()}  # all before any is sent
        new, again = Count(), Count()
        for code, form in forms.items():
            new.add(form, drafts[code], random.Random(f"{seed} {code}"))
            resident.finish(form, drafts[code], random.Random(f"{seed} {code}"))
        for code, form in forms.items():
            again.add(form, resident.begin(form), random.Random(f"{seed} {code} again"))
    with capsys.disabled():
        print(f"\nanswers that were not asked (seed {seed}): new, with the card; having sent each once")
        for code in forms:
            print(f"  {code:24} {new.line(code)}; {again.line(code)}")
        print(f"  {'all ' + str(len(forms)):24} {new.part:.0%}; {again.part:.0%}")
    assert new.part >= NEW
    assert again.part > RETURNING


def scan_card(phone: Phone) -> None:
    """Have the citizen card read from a picture, and kept."""
    page = phone.go("/card")
    page.locator(".scanner-file input").set_input_files(
        {"name": "card.png", "mimeType": "image/png", "buffer": png(CARD)}
    )
    page.get_by_role("button", name="Lưu trên máy này").click()
    expect(page.get_by_text("079190001234")).to_be_visible()


def published(store: Store) -> dict[str, Form]:
    """Return every procedure of the catalogue, by code."""
    with store.read() as look:
        entries = look.page("public", after=0, limit=10_000, size=10**9)
        states = [look.get("form", each.id) for each in entries if each.kind == "form"]
    forms = [parse(state["form"].shown) for state in states if state is not None and "superseded_at" not in state]
    return {form.code: form for form in sorted(forms, key=lambda form: form.code)}


@dataclass
class Resident:
    """Someone at a phone, and the server's store, in which it is seen what has come of what they do."""

    phone: Phone
    store: Store
    files: Mapping[str, Path]

    def begin(self, form: Form) -> Drafted:
        """Begin a draft."""
        page = self.phone.go(f"/procedures/{form.code}")
        page.get_by_role("button", name=re.compile("^Bắt đầu")).click()
        page.wait_for_url("**/drafts/*")
        id = page.url.rpartition("/")[2]
        return drafted(id, self.arrived("draft", id))

    def finish(self, form: Form, draft: Drafted, chance: random.Random) -> None:
        """Fill a draft in and sign it: what was signed is what was filled in, and the unit has received it."""
        answers = draft.answered(form, chance)
        page = self.phone.go(f"/drafts/{draft.id}")
        Walk(page, form, answers, frozenset(draft.begun), self.files, moment(), draft.id).fill()
        feedback.sign(page)
        page.wait_for_url("**/dossiers/*")
        submission = page.url.rpartition("/")[2]
        signed = document_of(self.arrived("submission", submission))
        assert without_files(signed["answers"]) == without_files(answers)
        assert signed["filled"].keys() == draft.known & set(asked(form, answers))
        self.arrived("receipt", submission)

    def arrived(self, kind: str, id: str) -> record.State:
        """Wait until the server has a record."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with self.store.read() as look:
                state = look.get(kind, id)
            if state is not None:
                return state
            self.phone.page.wait_for_timeout(50)
        raise TimeoutError(f"expected {kind} {id} to arrive within 30 s")


def drafted(id: str, state: record.State) -> Drafted:
    shown = record.shown(state)
    begun = {key.removeprefix(ANSWER): value for key, value in shown.items() if key.startswith(ANSWER)}
    return Drafted(id, begun, frozenset(key.removeprefix(FROM) for key in shown if key.startswith(FROM)))


def moment() -> Moment:
    return Moment(time.time_ns() // 1_000_000, VIETNAM)


def document_of(state: record.State) -> Any:
    act: Any = state["act"].shown
    return canonical.decode(act["document"].encode())


def asked(form: Form, answers: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Return the paths of answers that a person gives, in all rows."""
    for name, answer in answers.items():
        part = form.structure.parts[name]
        if isinstance(part, Question):
            if not part.computed:
                yield before + name
        else:
            for index, row in enumerate(answer, 1):
                yield from asked(form, row, f"{before}{name}[{index}]/")


def without_files(answers: Any) -> Any:
    """Return answers with no word on which bytes a file has: the phone makes pictures smaller."""
    if isinstance(answers, dict):
        return "a file" if "sha256" in answers else {name: without_files(answer) for name, answer in answers.items()}
    return [without_files(each) for each in answers] if isinstance(answers, list) else answers
