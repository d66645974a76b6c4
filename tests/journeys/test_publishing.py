"""An officer publishes a form from a spreadsheet, and a resident fills it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from loadtests.service import Service
from tests.features.forms.xlsform.workbooks import workbook
from tests.journeys import audit, feedback, staff
from tests.journeys.conftest import NewPhone

pytestmark = pytest.mark.journey
UNIT = "ben-thanh"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = (
    *("type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "required", "relevant"),
    *("constraint", "constraint_message::Tiếng Việt (vi)", "constraint_message::English (en)", "calculation"),
)
SURVEY = (
    HEADER,
    ("begin group", "owner", "Chủ nuôi", "Owner"),
    ("text", "full_name", "Họ và tên", "Full name", "yes"),
    ("select_one yes_no", "has_dog", "Nhà có nuôi chó không?", "Is there a dog?", "yes"),
    ("end group",),
    ("begin group", "dogs", "Chó nuôi", "Dogs", None, "${has_dog} = 'yes'"),
    ("begin repeat", "dog", "Con chó", "Dog"),
    ("text", "dog_name", "Tên", "Name", "yes"),
    ("integer", "dog_age", "Tuổi", "Age", None, None, ". >= 0 and . < 30", "Từ 0 đến 29", "From 0 to 29"),
    ("image", "dog_photo", "Ảnh", "Photo"),
    ("end repeat",),
    ("note", "told", "${full_name} đăng ký ${n} con chó.", "${full_name} registers ${n} dogs."),
    ("calculate", "n", None, None, None, None, None, None, None, "count(${dog})"),
    ("end group",),
)
CHOICES = (
    ("list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)"),
    ("yes_no", "yes", "Có", "Yes"),
    ("yes_no", "no", "Không", "No"),
)
SETTINGS = (
    (
        *("form_id", "version", "unit", "title::Tiếng Việt (vi)", "title::English (en)"),
        *("summary::Tiếng Việt (vi)", "summary::English (en)", "fee", "days"),
        *("result::Tiếng Việt (vi)", "result::English (en)", "authority::Tiếng Việt (vi)", "authority::English (en)"),
    ),
    (
        *("dog-registration", "1", UNIT, "Đăng ký nuôi chó", "Dog registration"),
        *("Đăng ký chó nuôi với phường.", "Register dogs with the ward.", "0", "3"),
        *("Giấy đăng ký", "Certificate", "Ủy ban nhân dân phường Bến Thành", "People's Committee of Bến Thành Ward"),
    ),
)


def spreadsheet(*, version: str = "1", spoilt: bool = False) -> FilePayload:
    """Return the file that an officer chooses; spoilt, it has two mistakes and a missing translation."""
    survey = [list(row) for row in SURVEY]
    if spoilt:
        survey[2][0] = "txet"
        survey[5][5] = "${has_dgo} = 'yes'"
        survey[3][3] = None
    settings = [SETTINGS[0], (SETTINGS[1][0], version, *SETTINGS[1][2:])]
    data = workbook({"survey": survey, "choices": CHOICES, "settings": settings})
    return {"name": "nuôi-chó.xlsx", "mimeType": XLSX, "buffer": data}


def officer_at(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Biểu mẫu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Biểu mẫu của đơn vị")


def choose(page: Page, file: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(file)


def test_an_officer_mends_tries_and_publishes_a_form_that_a_resident_then_finds(
    service: Service, new_phone: NewPhone
) -> None:
    phone = new_phone()
    link = staff.link(service, "officer", UNIT)
    page = feedback.enrol(phone, link, "Trần Thị Bích")
    officer_at(page)
    wrong = audit.problems(page, "forms")

    page.get_by_role("link", name="Đưa bảng tính lên").click()
    wrong += audit.problems(page, "form-new")
    choose(page, spreadsheet(spoilt=True))
    expect(page.get_by_role("heading", name="Bảng tính này chưa thành biểu mẫu")).to_be_focused()
    table = page.get_by_role("table")
    expect(table.locator("tr[data-code=type_unknown_close]")).to_contain_text("survey A3")
    expect(table.locator("tr[data-code=name_unknown_close]")).to_contain_text("Có phải bạn muốn viết “has_dog”?")
    expect(table.locator("tr[data-code=translation_missing]")).to_contain_text("survey C4")
    expect(page.get_by_role("button", name="Công bố")).to_have_count(0)
    wrong += audit.problems(page, "form-problems")

    choose(page, spreadsheet())
    expect(page.get_by_role("heading", name="Biểu mẫu dùng được")).to_be_focused()
    expect(page.get_by_text("2 trang · 7 câu hỏi")).to_be_visible()
    wrong += try_out(page)

    page.get_by_role("button", name="Công bố").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Công bố “Đăng ký nuôi chó”, phiên bản 1?")
    wrong += audit.problems(page, "form-confirm")
    dialog.get_by_role("button", name="Công bố").click()
    expect(page.get_by_role("status").filter(has_text="Đã công bố")).to_be_focused()
    wrong += audit.problems(page, "form-published")

    second = spreadsheet(version="2")
    choose(page, second)
    expect(page.get_by_text("Đang công bố")).to_be_visible()
    page.get_by_role("button", name="Công bố").click()
    page.get_by_role("dialog").get_by_role("button", name="Công bố").click()
    expect(page.get_by_role("status").filter(has_text="Đã công bố")).to_be_visible()
    page.get_by_role("link", name="Biểu mẫu của đơn vị").click()
    published = page.locator("[data-form=dog-registration]")
    expect(published.get_by_role("listitem")).to_contain_text(["Phiên bản 2", "Phiên bản 1"])
    expect(published.get_by_text("Đang dùng")).to_have_count(1)
    wrong += audit.problems(page, "forms-published")
    with page.expect_download() as download:
        published.get_by_role("button", name="Tải bảng tính").first.click()
    assert download.value.suggested_filename == "dog-registration-2.xlsx"
    assert Path(download.value.path()).read_bytes() == second["buffer"]

    resident = new_phone().go("/procedures/dog-registration")
    expect(resident.get_by_role("heading", level=1)).to_have_text("Đăng ký nuôi chó")
    assert wrong == []


def try_out(page: Page) -> list[str]:
    """Fill the form in memory: conditions, rows and messages work, and nothing of it is stored."""
    before = drafts(page)
    page.get_by_role("button", name="Điền thử biểu mẫu").click()
    expect(page.locator("[data-page=dogs]")).to_have_count(0)
    page.locator("[data-next]").click()
    expect(page.get_by_role("alert").filter(has_text="Có chỗ cần sửa")).to_be_focused()
    wrong = audit.problems(page, "form-try-wrong")
    page.get_by_label("Họ và tên").fill("Lê Văn Bảy")
    page.get_by_label("Có", exact=True).check()
    page.locator("[data-next]").click()
    expect(page.get_by_role("heading", name="Chó nuôi", level=3)).to_be_focused()
    page.locator("[data-add=dog]").click()
    page.locator("[data-add=dog]").click()
    page.locator("[data-question='dog[1]/dog_name'] input").fill("Vện")
    page.locator("[data-question='dog[1]/dog_age'] input").fill("40")
    page.locator("[data-remove='dog[2]']").click()
    expect(page.get_by_text("Lê Văn Bảy đăng ký 1 con chó.")).to_be_visible()
    page.locator("[data-next]").click()
    expect(page.locator("[data-question='dog[1]/dog_age']")).to_contain_text("Từ 0 đến 29")
    wrong += audit.problems(page, "form-try-rows")
    page.locator("[data-question='dog[1]/dog_age'] input").fill("4")
    page.locator("[data-next]").click()
    expect(page.get_by_role("heading", name="Bản tóm tắt để ký")).to_be_visible()
    expect(page.locator("pre.summary")).to_contain_text("Vện")
    wrong += audit.problems(page, "form-try-end")
    assert drafts(page) == before
    return wrong


def drafts(page: Page) -> int:
    """Count what this phone keeps of drafts."""
    count: int = page.evaluate(
        """() => new Promise((resolve) => {
          indexedDB.open('motcua').onsuccess = ({ target: { result } }) => {
            const asked = result.transaction('base').objectStore('base').getAllKeys();
            asked.onsuccess = () => {
              result.close();
              resolve(asked.result.filter(([kind]) => kind === 'draft').length);
            };
          };
        })"""
    )
    return count


def test_a_resident_has_nothing_to_publish(new_phone: NewPhone) -> None:
    page = new_phone().go("/forms/new")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dành cho cán bộ")
