"""Xin lỗi, đôn đốc: which letters are owed, which slips wait for an answer, and how both are said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from dashboard.answers.dossier import Entry
from dashboard.filters import GROUP
from dashboard.lists import LISTS
from dashboard.shapes import DOSSIER, Link
from dashboard.wording import day, flat, moment, number, plain
from store import urgings

Row = Mapping[str, Any]
#: Lists of dossiers about which somebody has to write to the applicant → what is owed.
OWED: Final[Mapping[str, str]] = {
    "sap-han-chua-xin-loi": "Mẫu 04 phải gửi trước ngày hẹn ít nhất một ngày làm việc, nếu không trả kịp.",
    "qua-han-chua-xin-loi": "Đã qua ngày hẹn mà chưa ghi nhận văn bản xin lỗi nào.",
    "cho-bo-sung-khong-van-ban": "Đang chờ bổ sung mà nguồn không ghi có văn bản yêu cầu (mẫu 02).",
}
MEANS: Final = "Văn bản còn nợ người nộp và phiếu đôn đốc các đơn vị. Mở hồ sơ để tải mẫu đã điền và ghi số văn bản."
NO_SLIPS: Final = ("Chưa có phiếu đôn đốc nào", "Phiếu đã lập, hạn trả lời và câu trả lời sẽ hiện ở đây.")
#: What is wrong with a slip → what the page says.
NOT_KEPT: Final[Mapping[str, str]] = {
    "role": "Chưa lập được: tài khoản này không được lập phiếu.",
    "dossier": "Chưa lập được: chọn ít nhất một hồ sơ do đơn vị này giải quyết.",
    "text": "Chưa lập được: viết nội dung đôn đốc, không quá 2.000 ký tự.",
    "day": "Chưa lập được: hạn trả lời phải là ngày làm việc sau hôm nay.",
    "again": "Phiếu này đã lập rồi: cùng hồ sơ, nội dung và hạn trả lời.",
}
#: What is wrong with an answer → what the page says.
NOT_ANSWERED: Final[Mapping[str, str]] = {
    "role": "Chưa ghi được: tài khoản này không được trả lời phiếu.",
    "text": "Chưa ghi được: viết nội dung trả lời, không quá 2.000 ký tự.",
    "slip": "Phiếu này không còn, hoặc ngoài phạm vi được xem. Tải lại trang.",
}
_STATES: Final[Mapping[urgings.State, str]] = {
    "waits": "Chờ trả lời", "late": "Quá hạn trả lời", "answered": "Đã trả lời",
}  # fmt: skip
ASKED: Final = "Đề nghị đơn vị giải quyết dứt điểm các hồ sơ quá hạn sau đây và báo cáo nguyên nhân."
COLUMNS: Final = ("Số", "Đơn vị", "Hồ sơ", "Trả lời chậm nhất", "Tình trạng", "Nội dung đôn đốc")
#: Dossiers of a unit that may be chosen from, and that are chosen at first: the longest overdue.
MOST, FIRST = 200, 10
#: Working days that a unit is given at first.
GIVEN: Final = 3


def title(code: str) -> str:
    """Name a list of what is owed."""
    return LISTS[code].title


def to(code: str) -> Link:
    """Lead to the dossiers of a list."""
    return Link("Mở danh sách", {GROUP: code})


def listed(rows: pl.DataFrame, today: date) -> pl.DataFrame:
    """Lay slips (store.urgings.issued) out as a table of texts."""
    told = [
        (
            urgings.named(row), row["department"], number(len(keys(row))),
            day(date.fromisoformat(row["answer_by"])), _STATES[urgings.state(row, today)], row["asked"],
        )
        for row in rows.to_dicts()
    ]  # fmt: skip
    return pl.DataFrame(told, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def keys(row: Row) -> list[tuple[str, str]]:
    """Give the dossiers of a slip: source, code."""
    return [(source, code) for source, code in json.loads(row["dossiers"])]


def dossiers(row: Row) -> list[Link]:
    """Lead to each dossier of a slip."""
    return [Link(code, {"nguon": source, "ma": code}, DOSSIER) for source, code in keys(row)]


def urged(slips: pl.DataFrame) -> str:
    """Say how often a dossier was urged (store.urgings.of_dossier), the last slip, how it stands; nothing if never."""
    if slips.is_empty():
        return ""
    last = slips.row(-1, named=True)
    until = day(date.fromisoformat(last["answer_by"]))
    said = "đơn vị đã trả lời" if last["answered_at"] else f"trả lời chậm nhất {until}"
    return f"Đã đôn đốc {number(slips.height)} lần; phiếu gần nhất số {urgings.named(last)}, {said}."


def entries(slips: pl.DataFrame) -> list[Entry]:
    """Give the slips about a dossier, and their answers, as lines of the time line."""
    rows = slips.to_dicts()
    made = [(row["made_at"], f"{plain(row['made_by'])} đôn đốc, phiếu số {urgings.named(row)}") for row in rows]
    told = [
        (
            row["answered_at"],
            f"{plain(row['answered_by']) if row['answered_by'] else 'Đơn vị'} trả lời phiếu số {urgings.named(row)}",
        )
        for row in rows
        if row["answered_at"]
    ]
    return [Entry(at, at, text) for at, text in made + told]


def choice(row: Row, urged: int) -> str:
    """Name a dossier that a unit may be urged about."""
    again = f" · đã đôn đốc {number(urged)} lần" if urged else ""
    return f"{flat(row['code'], 60)} · quá hạn {number(row['days_late'])} ngày làm việc{again}"


def answered(row: Row) -> str:
    """Say who recorded the answer of a unit, and when; nothing where there is none."""
    if not row["answer"]:
        return ""
    return f"Đơn vị trả lời, {plain(row['answered_by'])} ghi {moment(row['answered_at'])}:"
