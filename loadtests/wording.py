"""The words of a rehearsal's report, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final, NamedTuple


class Words(NamedTuple):
    """One thing said in both languages."""

    vi: str
    en: str

    @property
    def html(self) -> str:
        """Return both, of which the page shows one."""
        if self.vi == self.en:
            return escape(self.vi)
        return f'<span class="vi" lang="vi">{escape(self.vi)}</span><span class="en" lang="en">{escape(self.en)}</span>'

    def __or__(self, other: Words) -> Words:
        """Join two, as two sentences are joined."""
        return Words(f"{self.vi} {other.vi}".strip(), f"{self.en} {other.en}".strip())


def number(value: float, digits: int = 0) -> Words:
    """Write a number as each language does."""
    text = f"{value:,.{digits}f}"
    return Words(text.translate(str.maketrans(",.", ".,")), text)


def amount(value: float, unit: str, digits: int = 0) -> Words:
    """Write a number with a unit."""
    said = number(value, digits)
    return Words(f"{said.vi} {unit}", f"{said.en} {unit}")


SCENARIOS: Final[Mapping[str, Words]] = {
    "storm": Words("Bão kết nối lại", "Reconnect storm"),
    "morning": Words("Giờ cao điểm sáng ở cổng", "Morning rush at the gates"),
    "evening": Words("Tối cuối hạn nộp", "Deadline evening"),
    "patchy": Words("Mạng chậm và hay đứt", "Slow and cut links"),
}

STORIES: Final[Mapping[str, Words]] = {
    "storm": Words(
        "Sau một sự cố, {people} điện thoại cùng trở lại trong {lasts} giây, mỗi máy mang theo những gì người dân đã"
        " điền và ký khi không có mạng.",
        "After an outage {people} phones come back within {lasts} seconds, each with what its owner filled in and"
        " signed while there was no network.",
    ),
    "morning": Words(
        "Cán bộ mời, người dân nhận giấy mời vào điện thoại, bảo vệ quét và ghi lượt ra vào; có máy mất mạng vài phút"
        " rồi gửi dồn. Lúc đông nhất có {people} người dân, trong {lasts} giây.",
        "Officers invite, residents take invitations into their phones, guards scan and note who comes and goes; some"
        " phones lose the network for minutes and then send all at once. At the peak there are {people} residents,"
        " for {lasts} seconds.",
    ),
    "evening": Words(
        "Hạn nộp là nửa đêm: người dân điền, đính kèm ảnh và giấy tờ, ký và nộp; lúc đông nhất có {people} người,"
        " trong {lasts} giây.",
        "The deadline is midnight: people fill in, attach photos and papers, sign and send; {people} of them at the"
        " peak, for {lasts} seconds.",
    ),
    "patchy": Words(
        "{people} người nộp hồ sơ có tệp đính kèm qua mạng chậm, cứ vài giây lại đứt, trong {lasts} giây.",
        "{people} people send in forms with attachments over slow links that are cut every few seconds, for {lasts}"
        " seconds.",
    ),
}

REQUESTS: Final[Mapping[str, Words]] = {
    "/sync outbox": Words("Điện thoại gửi những gì đã chờ", "A phone sends what has waited"),
    "/sync submit": Words("Nộp hồ sơ", "Sending in a form"),
    "/sync draft": Words("Lưu tờ khai đang điền", "Saving a draft"),
    "/sync pull": Words("Xem có gì mới", "Looking what is new"),
    "/sync acknowledge": Words("Cán bộ tiếp nhận", "An officer acknowledges"),
    "/sync check-ins": Words("Bảo vệ gửi lượt ra vào", "A guard sends check-ins"),
    "/sync claim": Words("Nhận giấy mời vào điện thoại", "Taking an invitation into the phone"),
    "/sync invite": Words("Cán bộ mời", "An officer invites"),
    "/sync meeting": Words("Tạo cuộc họp", "Making a meeting"),
    "/gate/pack": Words("Tải gói dữ liệu của cổng", "Fetching the gate's pack"),
    "/auth/register": Words("Tạo tài khoản", "Making an account"),
    "/auth/register/options": Words("Bắt đầu tạo tài khoản", "Beginning an account"),
    "/auth/devices": Words("Đăng ký điện thoại", "Enrolling a phone"),
    "/auth/signin": Words("Đăng nhập", "Signing in"),
    "/auth/signin/options": Words("Bắt đầu đăng nhập", "Beginning to sign in"),
    "/live poke after a push": Words("Báo tin ngay sau khi gửi", "Live word after sending"),
    "PATCH /blobs": Words("Gửi một phần tệp", "Sending a part of a file"),
    "HEAD /blobs": Words("Hỏi tệp đã đến đâu", "Asking how much of a file is there"),
    "Aggregated": Words("Tất cả", "All"),
}

MEASURES: Final[Mapping[str, Words]] = {
    "p95": Words("95 % yêu cầu được trả lời trong", "95 % are answered within"),
    "p99": Words("99 % yêu cầu được trả lời trong", "99 % are answered within"),
    "errors": Words("Tỉ lệ lỗi", "Share of errors"),
    "per_second": Words("Số yêu cầu mỗi giây", "Requests a second"),
    "memory": Words("Bộ nhớ của dịch vụ, lúc cao nhất", "Memory of the service, at its highest"),
    "seconds": Words("Thời gian cả đợt", "Time it took"),
    "outboxes": Words("Điện thoại đã gửi hết", "Phones that got everything in"),
    "audit": Words("Sai lệch khi kiểm toán kho dữ liệu", "Faults that the audit of the store found"),
}

SHORT: Final[Mapping[str, Words]] = {
    "p95": Words("95 % trong", "95 % within"),
    "p99": Words("99 % trong", "99 % within"),
    "errors": Words("lỗi", "errors"),
    "per_second": Words("mỗi giây", "a second"),
}
"""Measures as heads of columns."""

AUDIT: Final[Mapping[str, Words]] = {
    "submissions that the server acknowledged to people": Words(
        "hồ sơ mà máy chủ đã báo nhận với người dân", "submissions that the server acknowledged to people"
    ),
    "submissions in the store": Words("hồ sơ có trong kho", "submissions in the store"),
    "receipts, each with a code of its own": Words(
        "biên nhận, mỗi cái một mã riêng", "receipts, each with its own code"
    ),
    "batches that the server acknowledged to phones": Words(
        "gói thay đổi đã báo nhận với điện thoại", "batches that the server acknowledged to phones"
    ),
    "batches, each signed and in its place": Words(
        "gói có chữ ký đúng và đúng thứ tự", "batches, each signed and in its place"
    ),
    "registers that hold what was written to them": Words(
        "ô dữ liệu giữ đúng điều đã ghi", "registers that hold what was written to them"
    ),
    "devices with a chain": Words("điện thoại đã gửi", "phones that have sent"),
    "files, each whole": Words("tệp, đủ từng byte", "files, each whole to the last byte"),
    "feeds without a gap": Words("dòng tin không thiếu số nào", "feeds without a missing number"),
}
