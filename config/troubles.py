"""What went wrong with a source or a file, in the words of the office: a title and what to do; the detail stays beside.

An error is made in English, for the command line and the log, and kept as its text. Here it is known again by the words
that its maker chose; a test holds that some error is made with each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what the reader does about it."""

    title: str
    step: str


_NETWORK: Final = "Kiểm tra máy chủ nguồn, đường truyền và địa chỉ trong sources.toml. Dữ liệu đã đọc không mất."
_AGAIN: Final = "Lần đọc sau sẽ tiếp tục từ chỗ dừng; nếu lặp lại, liên hệ đơn vị vận hành nguồn."
_MAPPING: Final = "So lại tên cột của nguồn với bảng ánh xạ, rồi sửa ánh xạ hoặc hỏi đơn vị vận hành nguồn."
_WRONG_FILE: Final = "Mở tệp kiểm tra, xuất lại thành .xlsx hoặc .csv rồi nạp lại."

#: Words of an error → what it is called here. The first that fits.
KNOWN: Final = tuple(
    (re.compile(words, re.IGNORECASE), Trouble(title, step))
    for words, title, step in (
        (
            "files could not be loaded",
            "Nhiều tệp trong thư mục không nạp được",
            "Xem báo cáo của từng tệp trong thư mục failed/.",
        ),
        (
            "another run of it is under way",
            "Đang có một lần đọc khác của nguồn này",
            "Chờ lần đọc đó xong; lần sau tự đọc tiếp.",
        ),
        (
            "the process was cut off",
            "Lần đọc bị ngắt giữa chừng (máy tắt hoặc tiến trình dừng)",
            "Lần đọc sau tự tiếp tục từ chỗ dừng.",
        ),
        (
            "free some space|no space left|disk is full",
            "Đĩa của máy chủ đã đầy",
            "Giải phóng dung lượng, rồi chờ lần đọc sau. Phần chưa ghi xong không được lưu.",
        ),
        (
            "database is locked|lock timeout",
            "Kho dữ liệu đang bận",
            "Chờ chương trình khác ghi xong; nếu lặp lại, khởi động lại tiến trình đọc.",
        ),
        (
            "not signed in",
            "Nguồn coi là chưa đăng nhập (mã 203)",
            "Kiểm tra tài khoản, mật khẩu và group_id của nguồn.",
        ),
        (
            "refused the sign-in|does not take our sign-in|refuses the account|may not read this|closes every session"
            "|without an access_token|no password supplied|a page to sign in",
            "Nguồn từ chối đăng nhập hoặc không cho đọc",
            "Kiểm tra tài khoản và mật khẩu của nguồn; hỏi đơn vị vận hành nguồn về quyền đọc.",
        ),
        (
            "the secret .* is not set|no secret is named",
            "Chưa khai mật khẩu hoặc khóa của nguồn",
            "Đặt biến môi trường hoặc tệp mật khẩu theo tên nêu trong chi tiết.",
        ),
        ("did not answer in time|took too long", "Nguồn trả lời quá chậm", _AGAIN),
        ("cannot be reached", "Không kết nối được với nguồn", _NETWORK),
        ("broke off in the middle|went away half-way", "Kết nối với nguồn bị đứt giữa chừng", _AGAIN),
        ("requests in a row failed", "Nguồn lỗi nhiều lần liên tiếp nên tạm ngừng hỏi", _AGAIN),
        (
            "ask it less often",
            "Nguồn báo bị hỏi quá dày",
            "Giảm requests_a_minute hoặc tăng every_seconds của nguồn.",
        ),
        (r"answered 5\d\d\b|answered error|under maintenance", "Nguồn đang gặp lỗi hoặc bảo trì", _AGAIN),
        (
            r"answered [34]\d\d\b|there is no such database",
            "Địa chỉ của nguồn không đúng",
            "Kiểm tra url và các đường dẫn của nguồn trong sources.toml.",
        ),
        (
            "there is no column|a column is gone|a table is gone|the column .* is gone|came in former runs and is gone"
            "|nothing stands at|the query gives no column",
            "Không thấy cột mà ánh xạ cần",
            _MAPPING,
        ),
        (
            "not readable as TOML|is not TOML|is not a key here|there is no key"
            r"|columns\.[a-z_]+ is missing|the key .* is missing|there is no such file",
            "Bảng ánh xạ hoặc tệp cấu hình viết chưa đúng",
            "Sửa dòng nêu trong chi tiết; cách viết: docs/mapping.md.",
        ),
        ("no sheet has the mapped columns|there is no sheet", "Không thấy trang tính có các cột cần đọc", _MAPPING),
        (
            "is still being (?:written|transferred)",
            "Tệp đang được ghi dở",
            "Chờ tệp hoàn tất rồi nạp lại.",
        ),
        (
            "cut off in the middle|is (?:a )?cut off|is no JSON|cannot be unpacked",
            "Tệp hoặc câu trả lời bị thiếu đoạn",
            "Gửi lại tệp; với nguồn qua mạng, lần đọc sau sẽ hỏi lại.",
        ),
        ("is locked with|without a password", "Tệp có mật khẩu hoặc hỏng", "Lưu lại không đặt mật khẩu rồi nạp lại."),
        (
            "is empty|has no rows|no list of objects",
            "Tệp không có dòng nào",
            "Đề nghị nơi gửi xuất lại tệp.",
        ),
        (
            "is a PDF",
            "Tệp là PDF, không phải bảng dữ liệu",
            "Đề nghị đơn vị cung cấp phần mềm hoặc nơi gửi xuất ra Excel (.xlsx) hoặc CSV.",
        ),
        (
            "is no table|is a web page|is no readable|is an archive|that is no table|would unpack to|JSON that nobody"
            "|is neither UTF-8|byte .* cannot be read|several lists of objects|occurs several times|so far below"
            "|declares a|row is no header|is a folder|no encoding|numbered",
            "Không hiểu được tệp",
            _WRONG_FILE,
        ),
        (
            "there is no folder|the folder .* cannot be read|the report on a file cannot be written",
            "Không vào được thư mục theo dõi",
            "Kiểm tra đường dẫn và quyền đọc, ghi của thư mục.",
        ),
        (
            "a reading of all of it lacks",
            "Lần đọc toàn bộ thiếu quá nhiều hồ sơ nên không được tin",
            "Hỏi đơn vị vận hành nguồn: nguồn có chỉ đưa ra một phần (một năm, một đơn vị)? Nếu hồ sơ đã bị xóa thật: "
            "dunghan sync TÊN_NGUỒN --sweep --accept-missing (chấp nhận một lần).",
        ),
        (
            "pages do not fit|leads back to a page|became shorter|came without .?total|were announced; it",
            "Danh sách của nguồn không trọn vẹn",
            _AGAIN,
        ),
        (
            "are refused as|none of the exchange|answered no JSON"
            "|without any field",
            "Không hiểu được câu trả lời của nguồn",
            "Hỏi đơn vị vận hành nguồn vừa thay đổi gì.",
        ),
        (
            "its days were cut in",
            "Múi giờ của nguồn khác với lần trước",
            "Nạp dưới tên nguồn khác, hoặc khai lại múi giờ cũ.",
        ),
        (
            "is read over the network",
            "Nguồn này được đọc qua mạng, không nhận tệp",
            "Đặt cho tệp một tên nguồn riêng trong ánh xạ: source = …",
        ),
        ("cannot be read", "Không có quyền đọc tệp", "Cấp quyền đọc cho tài khoản của tiến trình."),
        ("the log says why", "Không nạp được vì lỗi của phần mềm", "Báo người quản trị xem nhật ký."),
    )
)  # fmt: skip
UNKNOWN: Final = Trouble("Không đọc được", "Xem chi tiết, hoặc gửi cho người quản trị.")


def trouble(error: str) -> Trouble:
    """Say what an error is, by its text: its place, what was found, the next step."""
    return next((told for words, told in KNOWN if words.search(error)), UNKNOWN)
