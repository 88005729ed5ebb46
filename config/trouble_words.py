"""What the readers say in English about a file, in Vietnamese: where, what was found, what to do. What is not known
here stays as it is; its title is in config.troubles."""

from __future__ import annotations

import re
from typing import Final

#: English beginning or whole sentence → Vietnamese; groups carry over.
_PLACES: Final = (
    (r", sheet (\".+\"), row (\d+)$", r", trang \1, dòng \2"),
    (r", (?:row|line) (\d+)$", r", dòng \1"),
    (r", (?:item|event) (\d+)$", r", mục \1"),
)
_ERRORS: Final = (
    (r"there is no column (\".+?\")\.(?: Did you mean (\".+\")\?)?", r"không có cột \1. \2"),
    (r"this row is no header", "dòng này không phải tiêu đề"),
    (r"^is empty\.$", "tệp rỗng."),
    (r"^is a PDF.*$", "là PDF, không đọc được thành bảng một cách chắc chắn."),
    (r"^is a web page or XML.*$", "là trang web hoặc XML, không phải bảng."),
    (r"^has no rows.*$", "không có dòng nào."),
    (r"^is no table: (.+)$", r"không phải bảng: \1"),
    (r"^is an archive of (.+)$", r"là gói nén, bên trong có \1"),
    (r"^is JSON that nobody could mean\.$", "là JSON không có nghĩa."),
    (r"^is no JSON.*$", "không phải JSON."),
    (r"^cannot be read: (.+)$", r"không đọc được: \1"),
    (r"^there is no sheet (\".+?\")\.?", r"không có trang tính \1."),
    (r"^(\d+) files could not be loaded:$", r"\1 tệp không nạp được:"),
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
    (r"^Ask the vendor or the sender for .*$", "Đề nghị đơn vị cung cấp hoặc nơi gửi xuất ra Excel (.xlsx) hoặc CSV."),
    (r"^Unpack it, and load what is inside\.$", "Giải nén, rồi nạp tệp bên trong."),
    (r"^Unpack it first.*$", "Giải nén trước."),
    (r"^Export it again.*$", "Xuất lại tệp."),
    (r"^Name the sheet with the rows in file\.sheet\.$", "Khai trang tính có dữ liệu: [file] sheet = …"),
    (r"^Load it in parts\.$", "Chia nhỏ rồi nạp."),
    (r"^Give the account (?:of the worker )?read access\.$", "Cấp quyền đọc cho tài khoản chạy chương trình."),
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


def error(text: str) -> str:
    """Give one of the three sentences of an error."""
    return _told(text, _ERRORS)


def _told(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for english, vietnamese in table:
        text = re.sub(english, vietnamese, text)
    return text.rstrip()
