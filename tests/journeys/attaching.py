"""A form with photos and files, and how a resident adds them, in Vietnamese."""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from loadtests.service import Service
from tests.journeys import filling
from tests.journeys.phone import Phone

CODE = "photo-set"
IN_MEMORY = re.compile("^blob:")


def publish_form(service: Service, questions: Mapping[str, str]) -> None:
    """Publish a form of one page that asks for files: types by name."""
    form: dict[str, Any] = json.loads(filling.FORM.read_text()) | {"code": CODE, "choices": {}}
    form["title"] = {"vi": "Tờ khai có ảnh kèm theo", "en": "A form with photos"}
    asked = [
        {"name": name, "type": type, "label": {"vi": f"Tệp {name}", "en": f"File {name}"}, "required": True}
        for name, type in questions.items()
    ]
    form["pages"] = [{"name": "photos", "label": {"vi": "Ảnh", "en": "Photos"}, "questions": asked}]
    filling.published(service, form)


def begin(phone: Phone) -> str:
    """Begin a draft, open its page, and return the draft's route."""
    draft = filling.begin(phone, CODE)
    phone.go(f"{draft}/photos")
    return draft


def add(page: Page, question: str, name: str, type: str, data: bytes) -> None:
    """Choose a file for a question, and wait until it is kept on the phone."""
    field = page.locator(f'[data-question="{question}"]')
    field.locator("input[type=file]").last.set_input_files(FilePayload(name=name, mimeType=type, buffer=data))
    expect(field.locator("figure")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Đã lưu trên máy này", exact=True)).to_be_visible()


def noise(length: int) -> bytes:
    """Return bytes that nothing makes smaller."""
    return secrets.token_bytes(length)


def photo(width: int, height: int) -> bytes:
    """Return a JPEG of noise as a camera writes it: with where and by whom it was taken."""
    picture = Image.frombytes("RGB", (width // 8, height // 8), noise(width // 8 * (height // 8) * 3))
    exif = Image.Exif()
    exif[0x010F] = "MAYANH-CUA-AN"
    exif[0x0112] = 6  # held upright
    exif.get_ifd(0x8825)[2] = (10.0, 46.0, 30.0)
    made = io.BytesIO()
    picture.resize((width, height), Image.Resampling.NEAREST).save(made, "JPEG", quality=90, exif=exif)
    return made.getvalue()
