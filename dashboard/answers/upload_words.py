"""What the readers say in English about a file, in the words of the page; what is not known is shown as it is."""

from __future__ import annotations

import re
from typing import Final

#: English beginning or whole sentence → Vietnamese; groups carry over.
_PLACES: Final = (
    (r", sheet (\".+\"), row (\d+)$", r", trang \1, dòng \2"),
    (r", (?:row|line) (\d+)$", r", dòng \1"),
    (r", (?:item|event) (\d+)$", r", mục \1"),
)
_SUGGESTED: Final = (
    (r"^# A start for (.+): check every line.*$", r"# Gợi ý cho \1: xem lại từng dòng, sửa chỗ chưa đúng."),
    (r"  # the clock the file was written by$", "  # múi giờ của tệp"),
    (r"  # 03/04 is 3 April; false: 4 March$", "  # 03/04 là ngày 3 tháng 4; false: ngày 4 tháng 3"),
    (r"  # one row per event; the last one wins$", "  # mỗi dòng một sự kiện; dòng cuối quyết định"),
    (r"  # (\d+) rows: one of the statuses$", r"  # \1 dòng: chọn một trạng thái (docs/mapping.md, mục 6)"),
    (r"  # (\d+) rows: online, counter or post$", r"  # \1 dòng: online, counter hoặc post"),
    (r"  # (\d+) rows$", r"  # \1 dòng"),
)
_ERRORS: Final = (
    (r"there is no column (\".+?\")\.(?: Did you mean (\".+\")\?)?", r"không có cột \1. \2"),
    (r"this row is no header", "dòng này không phải tiêu đề"),
    (r"^is empty\.$", "tệp rỗng."),
    (r"^is a web page, XML or PDF.*$", "là trang web, XML hoặc PDF, không phải bảng."),
    (r"^is no readable workbook.*$", "không mở được như bảng tính (thiếu đoạn, có mật khẩu hoặc hỏng)."),
    (r"^is (?:a )?cut off.*$", "bị thiếu đoạn: chưa truyền xong."),
    (r"^is locked with .*$", "có mật khẩu."),
    (r"^would unpack to .*$", "giải nén ra quá lớn, không phải bảng."),
    (r"^is not TOML: (.+)$", r"ánh xạ không đúng cú pháp TOML: \1"),
    (r"^no sheet has the mapped columns; sheets: (.+)$", r"không trang tính nào có các cột đã khai; các trang: \1"),
    (r"^there is no key (.+)$", r"không có khóa \1"),
    (r"Did you mean", "Có phải là"),
    (r"^columns\.code is missing.*$", "thiếu columns.code: cột mã hồ sơ."),
    (r"^columns\.received_at is missing.*$", "thiếu columns.received_at: cột ngày tiếp nhận hoặc ngày nộp."),
    (r"^Write one of these in the mapping: ", "Ghi một trong các cột này vào ánh xạ: "),
    (r"^Transfer it again.*$", "Gửi lại tệp."),
    (r"^Ask the source to export it again.*$", "Đề nghị nơi gửi xuất lại."),
    (r"^Wait until the transfer is complete.*$", "Chờ truyền xong, hoặc gửi lại."),
    (r"^Open it in Excel and save it as \.xlsx.*$", "Mở bằng Excel và lưu lại thành .xlsx."),
    (r"^Save it again as \.xlsx without a password.*$", "Lưu lại thành .xlsx, bỏ mật khẩu."),
    (r"^Name the row of the header in file\.header_row.*$", "Khai dòng tiêu đề: [file] header_row = …"),
    (r"^See docs/mapping\.md for what may stand there\.$", "Xem docs/mapping.md."),
    (r"^Mend that line; texts stand in quotes\.$", "Sửa dòng đó; chữ phải nằm trong ngoặc kép."),
)


def place(text: str) -> str:
    """Give where a row stands."""
    return _told(text, _PLACES)


def suggested(text: str) -> str:
    """Give a suggested mapping with its remarks in Vietnamese; keys and values stay."""
    return "\n".join(_told(line, _SUGGESTED) for line in text.split("\n"))


def error(text: str) -> str:
    """Give one of the three sentences of an error."""
    return _told(text, _ERRORS)


def _told(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for english, vietnamese in table:
        text = re.sub(english, vietnamese, text)
    return text.rstrip()
