"""What the letter of an invitation says, to people, to mail programs, to calendars and to scanners."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import png
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from loadtests.service import REPOSITORY
from server.features.gate.letters import Content, Words, address
from server.features.gate.letters.letter import letter
from server.features.gate.letters.picture import picture
from sync import record
from sync.record import State
from tests.conftest import BEGAN
from tests.posting import SENDER, code, content

INVITATION = "0193c0de-0000-7000-8000-000000000001"
DECODER = """
import { readFile } from 'node:fs/promises';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
const wasmBinary = await readFile('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');
await prepareZXingModule({ overrides: { wasmBinary: wasmBinary.buffer }, fireImmediately: true });
const found = [];
for (const file of process.argv.slice(1)) {
  const codes = await readBarcodes(new Blob([await readFile(file)]), { formats: ['QRCode'] });
  found.push(codes.map((code) => ({ text: code.text, version: code.version, level: code.ecLevel })));
}
console.log(JSON.stringify(found));
"""
"""Reads pictures with the library that the guard's app scans with."""


def state(sort: str = "invite", *, to: str = "an@dan.example", queued_at: int = BEGAN, **changes: Any) -> State:
    """Return the record of a letter."""
    values = {
        "unit": "ben-thanh", "invitation": INVITATION, "to": to, "sort": sort, "queued_at": queued_at,
        "content": content(**changes).to_value(), "state": "queued", "attempts": 0, "next_at": queued_at,
    }  # fmt: skip
    return record.written({}, values, replica="server", at=queued_at)


def message(sort: str = "invite", **changes: Any) -> EmailMessage:
    """Return the letter as a mail program reads it."""
    made = letter(f"{INVITATION}-1", state(sort, **changes), sender=SENDER)
    return cast(EmailMessage, message_from_bytes(made.data, policy=policy.SMTP))


def parts(read: EmailMessage, kind: str) -> list[EmailMessage]:
    return [cast(EmailMessage, part) for part in read.walk() if part.get_content_type() == kind]


def only(read: EmailMessage, kind: str) -> Any:
    (part,) = parts(read, kind)
    return part.get_content()


def shape(part: EmailMessage) -> Any:
    """Return the tree of content types."""
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_subtype(), *map(shape, part.iter_parts())


class Page(HTMLParser):
    """What stands in an HTML page: its text, and the addresses that it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.sources, self.tags = "", list[str](), list[str](), set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src", "background", "srcset", "action"):
                (self.links if tag == "a" else self.sources).append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_letter_has_every_form_of_the_invitation() -> None:
    invite = ("mixed", ("alternative", "text/plain", ("related", "text/html", "image/png"), "text/calendar"))
    assert shape(message()) == (*invite, "image/png", "application/ics")
    cancel = ("mixed", ("alternative", "text/plain", "text/html", "text/calendar"), "application/ics")
    assert shape(message("cancel", code=None)) == cancel
    files = [part.get_filename() for part in message().walk() if part.get_content_disposition() == "attachment"]
    assert files == ["ma-vao-cong.png", "invite.ics"]


def test_the_head_names_the_unit_the_guest_and_the_matter() -> None:
    read = message()
    assert read["From"].addresses[0].display_name == "Ủy ban nhân dân phường Bến Thành"
    assert read["From"].addresses[0].addr_spec == SENDER
    assert (read["To"].addresses[0].display_name, read["To"].addresses[0].addr_spec) == (
        "Nguyễn Thị Hồng Hạnh", "an@dan.example",
    )  # fmt: skip
    title = "Họp lấy ý kiến về chỉnh trang hẻm 53 Lê Thánh Tôn"
    assert read["Subject"] == f"Thư mời: {title}, 18:06 19/11/2026"
    assert message("update")["Subject"].startswith("Thay đổi thư mời: Họp")
    assert message("cancel", code=None, language="en")["Subject"].startswith("Cancelled invitation: Họp")
    assert read["Date"].datetime.isoformat() == "2026-11-18T18:06:40+07:00"
    assert read["Message-ID"] == f"<{INVITATION}-1@motcua.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert (read["Reply-To"], read["MIME-Version"]) == (None, "1.0")


def test_every_try_of_one_letter_is_the_same_bytes() -> None:
    made = [letter(f"{INVITATION}-1", state(), sender=SENDER) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].message_id == f"<{INVITATION}-1@motcua.example>"
    assert letter(f"{INVITATION}-2", state(), sender=SENDER).message_id != made[0].message_id


@pytest.mark.parametrize("sort", ["invite", "update", "cancel"])
def test_a_letter_is_ascii_in_short_lines(sort: str) -> None:
    data = letter("x-1", state(sort, unit=Words(vi="Ủy ban nhân dân " * 20, en="x")), sender=SENDER).data
    lines = data.split(b"\r\n")
    assert data.isascii()
    assert not re.search(rb"[^\r]\n|\r[^\n]", data)
    assert max(map(len, lines)) <= 78
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]+\?=", data))  # RFC 2047, 2


def test_both_languages_stand_in_the_letter_the_guests_first() -> None:
    for language, first, second in (("vi", "Kính gửi", "Dear"), ("en", "Dear", "Kính gửi")):
        read = message(language=language)
        for text in (only(read, "text/plain"), Page(only(read, "text/html")).text):
            assert 0 <= text.index(first) < text.index(second)
        assert read["Content-Language"] == ("vi, en" if language == "vi" else "en, vi")


def test_the_facts_are_there_in_the_citys_time() -> None:
    read = message()
    for text in (only(read, "text/plain"), Page(only(read, "text/html")).text):
        for fact in (
            "18 giờ 06 – 19 giờ 36, thứ Năm, ngày 19/11/2026", "18:06–19:36, Thursday, 19 November 2026",
            "Trụ sở phường Bến Thành, 92 Nguyễn Trãi, phường Bến Thành", "Bến Thành Ward Office",
            "Cổng chính, Cổng phụ", "Main gate, Side gate", "Phòng họp A, tầng 2", "Trần Thị Bích", "Một lượt",
            "Xin mang theo căn cước công dân.", "Có chỗ gửi xe.", "Mã có hiệu lực từ 17 giờ 36", "It works from 17:36",
            "xuất trình mã này cho bảo vệ", "thư này đã gửi nhầm", "this message was sent in error",
            "dành riêng cho Ông/Bà",
        ):  # fmt: skip
            assert fact in text, fact


def test_what_is_not_known_is_left_out() -> None:
    text = only(message(host="", room=" ", note="", address="", entries=0, gates=()), "text/plain")
    for word in ("Người tiếp", "Phòng", "Lời nhắn", "Cửa vào:", "Host", "Room", "Message", "Entrance:"):
        assert word not in text
    assert "Địa điểm: Trụ sở phường Bến Thành\n" in text
    assert "Số lượt vào: Không giới hạn" in text
    assert "Số lượt vào: Tối đa 3 lượt" in only(message(entries=3), "text/plain")


def test_a_meeting_over_midnight_names_both_days() -> None:
    text = only(message(starts=BEGAN, ends=BEGAN + 86_400_000, opens=24 * 60), "text/plain")
    assert "18 giờ 06, thứ Tư, ngày 18/11/2026 – 18 giờ 06, thứ Năm, ngày 19/11/2026" in text
    assert "18:06, Wednesday, 18 November 2026 – 18:06, Thursday, 19 November 2026" in text
    assert "It works from 18:06, Tuesday, 17 November 2026." in text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_change_says_that_earlier_codes_are_dead(language: str) -> None:
    for sort, dead in (("invite", False), ("update", True)):
        read = message(sort, language=language)
        for text in (only(read, "text/plain"), Page(only(read, "text/html")).text):
            assert ("Các mã đã gửi trước đây không còn hiệu lực" in text) is dead
            assert ("Codes that were sent to you before no longer work" in text) is dead


def test_a_letter_that_cancels_has_no_code() -> None:
    read = message("cancel", code=None)
    text, page = only(read, "text/plain"), only(read, "text/html")
    for each in (text, page):
        assert "xin thông báo huỷ thư mời dưới đây" in each
        assert "has been cancelled" in each
        assert "Các mã đã gửi trước đây không còn hiệu lực" in each
        assert "MCI1" not in each
        assert "/claim" not in each
        assert "Số lượt vào" not in each
    assert parts(read, "image/png") == []
    assert Page(page).links == Page(page).sources == []


def test_the_link_puts_the_code_into_the_app() -> None:
    text = "MCI1:" + "$ %*+-./:09AZ" * 12 + "."
    read = message(code=text)
    (expected,) = set(re.findall(r"^https:.*$", only(read, "text/plain"), flags=re.MULTILINE))
    assert re.fullmatch(r"https://motcua\.example/claim#(?:[0-9A-Z]|%[0-9A-F]{2})+", expected)
    page = Page(only(read, "text/html"))
    assert page.links == [expected, expected]
    assert unquote(expected.partition("#")[2]) == text


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    read = message()
    page = Page(only(read, "text/html"))
    inline = next(part for part in parts(read, "image/png") if part.get_content_disposition() == "inline")
    assert page.sources == [f"cid:{inline['Content-ID'].strip('<>')}"]
    assert not page.tags & {"script", "link", "iframe", "form", "object", "base"}
    assert "url(" not in only(read, "text/html")
    assert "@import" not in only(read, "text/html")


def test_html_in_what_people_write_stays_text() -> None:
    evil = "<img src=x onerror=alert(1)>&\"'</title>"
    page = Page(
        only(
            message(title=evil, name=evil, note=f"{evil}\n{evil}", room=evil, unit=Words(vi=evil, en=evil)), "text/html"
        )
    )
    assert page.text.count(evil) >= 9
    assert len(page.sources) == 1


def test_a_scanner_reads_both_pictures(tmp_path: Path) -> None:
    texts = [code("one"), code("two"), "MCI1:" + "$ %*+-./:09AZ" * 12]
    files = []
    for number, text in enumerate(texts):
        for part in parts(message(code=text), "image/png"):
            file = tmp_path / f"{number}-{part.get_content_disposition()}.png"
            file.write_bytes(cast(bytes, part.get_content()))
            files.append(file)
            width, height, _, info = png.Reader(filename=str(file)).read()
            assert width == height >= 500
            assert (info["bitdepth"], info["greyscale"]) == (1, True)
    command = ["node", "--input-type=module", "-e", DECODER, *map(str, files)]
    done = subprocess.run(command, cwd=REPOSITORY / "pwa", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [each["text"] for (each,) in found] == [text for text in texts for _ in range(2)]
    assert {each["level"] for (each,) in found} == {"M"}
    assert all(int(each["version"]) <= 9 for (each,) in found)


def test_a_picture_has_whole_pixels_and_a_quiet_zone() -> None:
    width, _, rows, _ = png.Reader(bytes=picture(code("one")).png).read()
    modules = 53 + 8
    assert (width, width % modules) == (549, 0)
    grid = [bytes(row) for row in rows]
    edge = 4 * width // modules
    assert all(row == b"\x01" * width for row in grid[:edge] + grid[-edge:])
    assert all(row[:edge] == row[-edge:] == b"\x01" * edge for row in grid)
    assert all(grid[y] == grid[y - y % 9] for y in range(width))


@pytest.mark.parametrize("sort", ["invite", "update", "cancel"])
def test_a_calendar_reads_the_event(sort: str) -> None:
    read = message(sort, version=3, code=None if sort == "cancel" else code("one"))
    (asks,) = parts(read, "text/calendar")
    method = "CANCEL" if sort == "cancel" else "REQUEST"
    assert asks["Content-Type"].params["method"] == method
    for data in (asks.get_content(), only(read, "application/ics")):
        calendar = Calendar.from_ical(data)
        assert calendar["METHOD"] == method
        (event,) = calendar.events
        assert event.errors == []
        assert (event["UID"], event["SEQUENCE"]) == (f"{INVITATION}@motcua.example", 3)
        assert event["STATUS"] == ("CANCELLED" if sort == "cancel" else "CONFIRMED")
        starts = datetime.fromtimestamp((BEGAN + 86_400_000) // 1000, UTC)
        assert (event.start, (event.end - event.start).total_seconds()) == (starts, 5400)
        assert event["DTSTAMP"].dt == datetime.fromtimestamp(BEGAN // 1000, UTC)
        assert event["SUMMARY"] == "Họp lấy ý kiến về chỉnh trang hẻm 53 Lê Thánh Tôn"
        assert event["LOCATION"].startswith("Trụ sở phường Bến Thành, 92 Nguyễn Trãi")
        assert (str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]) == (
            f"mailto:{SENDER}", "Ủy ban nhân dân phường Bến Thành",
        )  # fmt: skip
        assert str(event["ATTENDEE"]) == "mailto:an@dan.example"
        assert "MCI1" not in str(data)


EVIL = "An\r\nBcc: evil@evil.example\r\n\r\n<b>\x00\u2028\u202e"


@pytest.mark.parametrize("sort", ["invite", "update", "cancel"])
@pytest.mark.parametrize("field", ["name", "title", "address", "host", "room", "note", "unit", "place", "gates"])
def test_line_breaks_in_no_field_make_a_header(field: str, sort: str) -> None:
    words = Words(vi=EVIL, en=EVIL)
    value: Any = {"unit": words, "place": words, "gates": (words,)}.get(field, EVIL)
    read = message(sort, **{field: value})
    assert set(read.keys()) == set(message(sort).keys())
    assert shape(read) == shape(message(sort))
    for data in (only(read, "text/calendar"), only(read, "application/ics")):
        (event,) = Calendar.from_ical(data).events
        assert set(event) == {
            "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS",
            "ORGANIZER", "ATTENDEE",
        }  # fmt: skip
    everything = only(read, "text/plain") + only(read, "text/html")
    assert not set(everything) & set("\r\x00\u2028\u202e")


@pytest.mark.parametrize(
    "to", ["an@dan.example\r\nBcc: x@y.example", "an@dan.example,x@y.example", "an", "@dan.example", "a n@dan.example",
           "Nguyễn@dan.example", "an@" + "a" * 64 + ".example", "an@dan..example", "<an@dan.example>", ""],
)  # fmt: skip
def test_a_letter_to_no_address_is_not_made(to: str) -> None:
    with pytest.raises(ValueError):
        letter("x-1", state(to=to), sender=SENDER)


def test_an_address_is_brought_to_the_form_that_every_server_takes() -> None:
    assert address(" an.nguyen+hop@dan.example ") == "an.nguyen+hop@dan.example"
    host = address("an@bến-thành.vn").partition("@")[2]
    assert host.isascii()
    assert host.encode().decode("idna") == "bến-thành.vn"


RECORDED = st.text(max_size=200).map(lambda text: unicodedata.normalize("NFC", text))
"""Texts of records, which are in normal form C (SPEC.md R10)."""


@settings(max_examples=60, deadline=None)
@given(RECORDED, RECORDED)
@example(unicodedata.normalize("NFC", "\uf900"), "")
def test_any_name_and_title_comes_through_the_head(name: str, title: str) -> None:
    read = message(name=name, title=title, unit=Words(vi=name, en=name))
    seen = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    assert "".join(read["To"].addresses[0].display_name.split()) == "".join(seen.split())
    assert "".join(read["From"].addresses[0].display_name.split()) == "".join(seen.split())
    assert read["To"].addresses[0].addr_spec == "an@dan.example"
    assert len(read["To"].addresses) == len(read["From"].addresses) == 1


def test_a_code_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(ValueError, match="code"):
        Content.model_validate({**content().to_value(), "code": "MCI1:<b>"})
