"""Quản trị: the audit log in words: who did what, when, to what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, get_args

import polars as pl

from dashboard import wording
from dashboard.answers import reconcile, records
from dashboard.lists import LISTS
from dashboard.scope import ROLES
from dashboard.wording import LOCAL, NOTHING
from store.audit import Act

ACTS: Final[dict[Act, str]] = {
    "sign_in": "Đăng nhập", "sign_in_failed": "Đăng nhập sai", "sign_out": "Đăng xuất",
    "sign_out_everywhere": "Đăng xuất mọi nơi", "view_dossier": "Xem hồ sơ", "export": "Tải về",
    "record": "Ghi vào hồ sơ", "acknowledge": "Nhận cảnh báo", "urge": "Phiếu đôn đốc", "fault": "Sổ lỗi phần mềm",
    "change_person": "Đổi người dùng", "change_password": "Đổi mật khẩu", "change_settings": "Đổi cài đặt",  # nosec B105  # words
}  # fmt: skip
MOST: Final = 500
#: What the store writes → words; anchored where a name could hold the same letters.
_SAID: Final = (
    (r"^token (?=\S)", "mã "), (r"^person (?=\S)", "người dùng "), (r"^issued$", "đã cấp"),
    (r"^revoked$", "đã thu hồi"), (r"^disabled$", "đã khóa"), (r"^enabled$", "đã mở khóa"), (r"^added: ", "đã thêm: "),
    *((rf"(?:(?<=^)|(?<=: )|(?<=→ )){role}(?=, )", words) for role, words in ROLES.items()),
    (r"(?<=, )the whole province(?=$| →|;)", "toàn tỉnh"),
    (r" and the units under them(?=$| →|;)", " và đơn vị trực thuộc"), (r"^unlocked$", "hết phải chờ"),
)  # fmt: skip
#: What is taken away beside the lists of dossiers (dashboard.lists): name in the log → words.
_TAKEN: Final = {
    "nhat-ky": "Nhật ký", "don-vi-la": "Đơn vị chưa có trong danh mục", "thu-tuc-la": "Thủ tục chưa có thời hạn",
    "cach-ly": "Dòng cách ly", "doi-soat": "Đối soát", "bieu-mau": "Biểu mẫu II.06", "bao-cao-tuan": "Báo cáo tuần",
    "/api/overdue": "Quá hạn",
} | {code: listing.title for code, listing in LISTS.items()} | {
    f"doi-soat-{code}": f"Đối soát: {title}" for code, title in reconcile.names().items()
}  # fmt: skip
#: The same, of what is written beside one act alone.
_OF_ACT: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "sign_in_failed": (
        (r"^waits (\d+) s$", r"phải chờ \1 giây"),
        (r"^(\d+) more, not told singly$", r"còn \1 lần, không ghi từng lần"),
        (r"^changing the password$", "khi đổi mật khẩu"), (r"^all names$", "mọi tên"), (r"^address (?=\S)", "địa chỉ "),
        (r"(?<=: )disabled$", "tài khoản đã khóa"), (r"(?<=: )taken$", "tên đã có người dùng"),
    ),
    "sign_out_everywhere": ((r"^(\d+)$", r"\1 phiên"),),
    "urge": ((r"^(\d+) dossiers$", r"\1 hồ sơ"), (r"^answered$", "đã trả lời")),
    "fault": (
        (r"^reported$", "đã báo"), (r"^answered$", "đã trả lời"), (r"^mended$", "đã khắc phục"),
        (r"^reopened$", "lỗi lại"), (r"^note$", "ghi chú"),
    ),
    "change_settings": ((r"^replay (?=\S)", "nạp lại nguồn "),),
    "record": tuple((rf"^{kind}\b", words) for kind, words in records.KINDS.items()),
    "export": (
        *((rf"^{re.escape(name)}$", words) for name, words in _TAKEN.items()),
        (r"^([\d.]+ dòng), $", r"\1"), (r"^([\d.]+ dòng), (?=\S)", r"\1, bản số liệu "),
        (r"^(\d+) dossiers, ", r"\1 hồ sơ, bản số liệu "), (r"^(\d{4})-(\d\d)-(\d\d)$", r"\3/\2/\1"),
    ),
}  # fmt: skip
MEANS: Final = (
    "Nhật ký việc đã làm trong phần mềm: ai, lúc nào, việc gì, với cái gì. Chỉ thêm, không sửa, không xóa. "
    "Đăng nhập sai ghi tên đã gõ, không ghi mật khẩu."
)
#: Spans to choose from: code in the address → words; days back, today included.
SPANS: Final = {"7": "7 ngày qua", "1": "Hôm nay", "31": "31 ngày qua", "": "Từ đầu"}


def since(span: str, today: date) -> datetime | None:
    """Give the instant from which entries are shown; None: from the beginning."""
    if span not in SPANS or not span:
        return None
    return datetime.combine(today - timedelta(days=int(span) - 1), time(), LOCAL).astimezone(UTC)


def act_of(code: str) -> Act | None:
    """Read an act as the address writes it; None: all."""
    return next((act for act in get_args(Act) if act == code), None)


def table(entries: pl.DataFrame) -> pl.DataFrame:
    """Lay out entries (store.audit.read), the newest first."""
    rows = [
        (
            _moment(row["at"]), in_words(row["person"]), ACTS.get(row["act"], row["act"]),
            in_words(row["what"], row["act"]), in_words(row["detail"], row["act"]),
        )
        for row in entries.to_dicts()
    ]  # fmt: skip
    names = ("Lúc", "Người", "Việc", "Với", "Chi tiết")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def values(entries: pl.DataFrame) -> pl.DataFrame:
    """Lay the same out to take away: an instant is one, where the centre is."""
    at = entries["at"].cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(LOCAL.key).dt.replace_time_zone(None)
    return table(entries).with_columns(at.alias("Lúc"))


def in_words(told: str | None, act: str = "") -> str:
    """Put what was written of people, tokens and beside ``act`` in words; other codes and names stay as they are."""
    text = told or NOTHING
    for written, words in (*_SAID, *_OF_ACT.get(act, ())):
        text = re.sub(written, words, text)
    return text


def _moment(at: datetime) -> str:
    local = at.astimezone(LOCAL)
    return f"{local:%H:%M:%S} {wording.day(local.date())}"


def summary(count: int) -> str:
    """Say how many entries are shown, and when there are more."""
    more = f" ({MOST} dòng mới nhất; lọc hẹp hơn để xem tiếp)" if count >= MOST else ""
    return f"**{wording.number(count)}** việc{more}"
