"""Quản trị: the audit log in words: who did what, when, to what."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, get_args

import polars as pl

from dashboard import wording
from dashboard.scope import ROLES
from dashboard.wording import LOCAL, NOTHING
from store.audit import Act

ACTS: Final[dict[Act, str]] = {
    "sign_in": "Đăng nhập", "sign_in_failed": "Đăng nhập sai", "sign_out": "Đăng xuất",
    "sign_out_everywhere": "Đăng xuất mọi nơi", "view_dossier": "Xem hồ sơ", "export": "Tải về",
    "record": "Ghi vào hồ sơ",
    "change_person": "Đổi người dùng", "change_password": "Đổi mật khẩu", "change_settings": "Đổi cài đặt",
}  # fmt: skip
MOST: Final = 500
#: What the store writes → words; anchored where a name could hold the same letters.
_SAID: Final = (
    (r"^token (?=\S)", "mã "), (r"^person (?=\S)", "người dùng "), (r"^issued$", "đã cấp"),
    (r"^revoked$", "đã thu hồi"), (r"^disabled$", "đã khóa"), (r"^enabled$", "đã mở khóa"), (r"^added: ", "đã thêm: "),
    *((rf"(?:(?<=^)|(?<=: )|(?<=→ )){role}(?=, )", words) for role, words in ROLES.items()),
    (r"(?<=, )the whole province(?=$| →|;)", "toàn tỉnh"),
    (r" and the units under them(?=$| →|;)", " và đơn vị trực thuộc"),
)  # fmt: skip
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
            _moment(row["at"]), row["person"] or NOTHING, ACTS.get(row["act"], row["act"]), in_words(row["what"]),
            in_words(row["detail"]),
        )
        for row in entries.to_dicts()
    ]  # fmt: skip
    names = ("Lúc", "Người", "Việc", "Với", "Chi tiết")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def in_words(told: str | None) -> str:
    """Put what the store wrote of people and tokens in words; codes and names stay as they are."""
    text = told or NOTHING
    for written, words in _SAID:
        text = re.sub(written, words, text)
    return text


def _moment(at: datetime) -> str:
    local = at.astimezone(LOCAL)
    return f"{local:%H:%M:%S} {wording.day(local.date())}"


def summary(count: int) -> str:
    """Say how many entries are shown, and when there are more."""
    more = f" ({MOST} dòng mới nhất; lọc hẹp hơn để xem tiếp)" if count >= MOST else ""
    return f"**{wording.number(count)}** việc{more}"
