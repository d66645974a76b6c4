"""Files that are no sound workbook, or would do harm, are refused quickly and with a reason."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from server.features.forms.xlsform import compiled
from server.features.forms.xlsform.container import BYTES, UNPACKED
from server.features.forms.xlsform.workbook import COLUMNS, ROWS
from tests.features.forms.xlsform.workbooks import SETTINGS, workbook

BINARIES = Path(__file__).parent / "binaries"
SURVEY = (
    ("type", "name", "label::vi", "label::en"),
    ("begin group", "g", "Nhóm", "Group"),
    ("text", "a", "Tên", "Name"),
    ("end group",),
)
GOOD = workbook({"survey": SURVEY, "settings": SETTINGS})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def codes(data: bytes) -> list[str]:
    """Return the codes of errors; it must not take long to find them."""
    began = time.process_time()
    found = compiled(data, "file.xlsx")
    assert time.process_time() - began < 4
    assert (found.form is None) == bool(found.errors)
    return [problem.code for problem in found.errors]


def changed(parts: dict[str, bytes | None], *, data: bytes = GOOD) -> bytes:
    """Return the workbook with these parts put in, replaced or, for None, taken out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*dict.fromkeys([*old.namelist(), *parts])]:
            content = parts[name] if name in parts else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_unknown"),
        (b"type,name,label\ntext,a,A\n", "file_csv"),
        ("loại;tên\nvăn bản;a\n".encode(), "file_csv"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "file_xls"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file_locked"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "file_unknown"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "file_unknown"),
        (b"PK\x03\x04 and no more", "file_broken"),
        (GOOD[:-200], "file_broken"),
        (GOOD[: len(GOOD) // 2], "file_broken"),
        (b"PK" + b"\0" * BYTES, "file_large"),
        (changed({"xl/vbaProject.bin": b"\0"}), "file_macros"),
        (changed({"xl/macrosheets/sheet1.xml": b"<a/>"}), "file_macros"),
        (changed({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "file_links"),
        (changed({"xl/workbook.bin": b"\0"}), "file_xlsb"),
        (changed({"content.xml": b"<a/>"}), "file_ods"),
        (changed({"word/document.xml": b"<a/>"}), "file_unknown"),
        (changed({"xl/workbook.xml": None}), "file_broken"),
        (changed({"xl/workbook.xml": b"<workbook"}), "file_broken"),
        (changed({"xl/worksheets/sheet1.xml": b"<no"}), "file_broken"),
        (changed({"xl/worksheets/sheet1.xml": b"\xff\xfe\0"}), "file_broken"),
        (changed({"xl/worksheets/sheet1.xml": None}), "sheet_missing"),
        (changed({"xl/bomb.bin": b"\0" * (UNPACKED + 1)}), "file_unpacked"),
        (changed({f"xl/media/{number}.png": b"" for number in range(500)}), "file_unpacked"),
        (workbook({f"s{number}": [["x"]] for number in range(40)}), "file_sheets"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert codes(data) == [code]


def test_a_part_that_unpacks_to_more_than_it_says_is_not_unpacked() -> None:
    data = changed({"xl/worksheets/sheet1.xml": sheet("<row/>" * 300_000)})
    lied = bytearray(data)
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    lied[entry + 24 : entry + 28] = (100).to_bytes(4, "little")  # the size that the central directory gives
    assert codes(bytes(lied)) == ["file_broken"]


def test_entities_that_grow_are_not_expanded() -> None:
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9)
    )
    assert codes(changed({"xl/worksheets/sheet1.xml": laughs + b"]><l>&j;</l>"})) == ["file_broken"]


def test_a_million_rows_are_not_read() -> None:
    cell = '<c t="inlineStr"><is><t>a</t></is></c>'
    assert "sheet_rows" in codes(changed({"xl/worksheets/sheet1.xml": sheet(f"<row>{cell}</row>" * 40_000)}))
    assert "sheet_rows" in codes(changed({"xl/worksheets/sheet1.xml": sheet(f'<row r="1048576">{cell}</row>')}))
    assert "sheet_rows" in codes(changed({"xl/worksheets/sheet1.xml": sheet("<row/>" * 300_000)}))
    assert codes(changed({"xl/worksheets/sheet1.xml": sheet("<row/>" * 1_000_000)})) == ["file_unpacked"]


def test_too_many_columns_and_rows_have_a_place() -> None:
    wide = [[f"_c{at}" for at in range(COLUMNS + 5)]]
    assert set(codes(workbook({"survey": [*SURVEY], "settings": SETTINGS, "choices": wide}))) == {
        "sheet_columns",
        "column_missing",
    }
    notes = [["text", f"n{at}", "Tên", "Name"] for at in range(ROWS + 5)]
    assert "sheet_rows" in codes(workbook({"survey": [*SURVEY[:2], *notes, ["end group"]], "settings": SETTINGS}))


def test_a_form_past_its_limits_says_so() -> None:
    many = [["text", f"n{at}", "Tên", "Name"] for at in range(301)]
    assert codes(workbook({"survey": [*SURVEY[:2], *many, ["end group"]], "settings": SETTINGS})) == ["form_questions"]
    long = [["text", f"n{at}", f"Tên {at} " + "x" * 900, "Name"] for at in range(80)]
    assert codes(workbook({"survey": [*SURVEY[:2], *long, ["end group"]], "settings": SETTINGS})) == ["form_large"]
    cell = [["text", "b", "y" * 20_000, "Name"]]
    assert codes(workbook({"survey": [*SURVEY[:2], *cell, ["end group"]], "settings": SETTINGS})) == [
        "cell_long",
        "text_long",
    ]


def test_hundreds_of_mistakes_are_told_and_not_all_of_them() -> None:
    wrong = [["txet", f"n{at}", "Tên", "Name"] for at in range(1_000)]
    assert len(codes(workbook({"survey": [*SURVEY[:2], *wrong, ["end group"]], "settings": SETTINGS}))) == 200


@pytest.mark.parametrize("path", sorted(BINARIES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_workbooks_as_other_programs_write_them_compile(path: Path) -> None:
    found = compiled(path.read_bytes(), path.name)
    assert found.errors == ()


def test_a_row_of_a_million_cells_does_not_hold_the_service() -> None:
    cells = sheet(f"<row>{'<c><v>1</v></c>' * 120_000}</row>")
    assert "sheet_columns" in codes(changed({"xl/worksheets/sheet1.xml": cells}))
