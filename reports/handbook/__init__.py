"""Sổ tay chỉ số: what every figure means and how it is worked out, from the catalogue, the settings and code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from config import catalogue
from metrics import declared
from reports.formats import NBSP
from reports.handbook import asked, clocks, days, figures, forms, methods, opened, people, reading

TITLE = "Sổ tay chỉ số"
MADE = (
    "Do `dunghan handbook` viết ra từ danh mục chỉ số, các tệp cài đặt và mã nguồn đang dùng; không sửa bằng tay. "
    "Đơn vị đổi cài đặt thì sổ tay đổi theo."
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its heading, and Markdown whose own headings are of level 3."""

    title: str
    text: str


def chapters() -> tuple[Chapter, ...]:
    """Write every chapter from the settings in use. Raises ConfigError where a setting or the catalogue is wrong."""
    told = catalogue.load()
    catalogue.agree(told, shares=declared.SHARES, counts=declared.COUNTS, durations=declared.DURATIONS)
    written = (
        ("Cách đọc các con số", reading.how_to_read(told)),
        ("Văn bản áp dụng theo ngày", clocks.law()),
        ("Lịch làm việc và giờ làm việc", days.calendar_and_hours()),
        ("Cách đếm thời hạn", days.limits()),
        ("Ngày đến hạn có hiệu lực", clocks.effective_due_day()),
        ("Cài đặt theo từng nguồn", clocks.terms()),
        ("Hai bản đồ đơn vị", reading.maps()),
        ("Biểu II.06", forms.form_ii06()),
        ("Các tỷ lệ", figures.listed(told, declared.SHARES - declared.REGISTER)),
        ("Thời gian giải quyết", figures.listed(told, declared.DURATIONS)),
        ("Các số đếm", figures.listed(told, declared.COUNTS - declared.REGISTER)),
        ("Danh mục thủ tục", figures.listed(told, declared.REGISTER)),
        ("Mức độ hài lòng và chỉ số nhập tay", asked.satisfied_and_entered(told.small)),
        ("Phân tích: phương pháp và độ tin cậy", methods.methods()),
        ("Các đẳng thức luôn đúng", figures.identities(told)),
        ("Dữ liệu cá nhân", people.people()),
        ("Những điều còn để mở", opened.questions()),
    )
    return tuple(Chapter(f"{n}. {title}", _unbroken(text)) for n, (title, text) in enumerate(written, start=1))


def document() -> str:
    """Give the whole handbook as one Markdown file."""
    written = chapters()
    contents = "\n".join(f"- {chapter.title}" for chapter in written)
    body = "\n\n".join(f"## {chapter.title}\n\n{chapter.text}" for chapter in written)
    return f"# {TITLE}\n\n{MADE}\n\n{contents}\n\n{body}\n"


def _unbroken(text: str) -> str:
    """Keep a number and its percent sign on one line."""
    return re.sub(r"(?<=\d) %", f"{NBSP}%", text)
