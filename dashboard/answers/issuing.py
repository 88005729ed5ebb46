"""Báo cáo tuần, the life of a report: in which state it is, what stands against it, what was learned since it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl

from config.notes import Note
from dashboard import wording
from dashboard.wording import LOCAL, day, plain
from reports.hours import hours
from store.issued import Edition

KINDS: Final = {
    "friday": "Báo cáo tuần", "month": "Báo cáo tháng", "quarter": "Báo cáo quý", "year": "Báo cáo năm",
}  # fmt: skip
STATES: Final = {
    "claimed": "Đang lập", "draft": "Chờ giám đốc duyệt", "held": "Chưa gửi", "approved": "Đã duyệt, chờ đến giờ gửi",
}  # fmt: skip
NONE_ISSUED: Final = ("Chưa phát hành báo cáo nào", "Báo cáo đã phát hành, có số và ngày, sẽ hiện ở đây.")
NOT_NOW: Final = "Báo cáo vừa được lập lại, đã gửi hoặc đã đổi trạng thái. Tải lại trang rồi xem lại."
NO_CAVEAT: Final = "Ghi lý do gửi; câu này được in ở trang một."
NOTHING_TO_SEND: Final = "Chưa lập được báo cáo này nên chưa có gì để gửi."
UNCHANGED: Final = "Số liệu của báo cáo này chưa có điều chỉnh từ khi phát hành."
#: Codes of dossiers named beside a figure; the others are counted.
NAMED: Final = 8


def name(one: Edition) -> str:
    """Name a report by its kind, its days and whose sheet it is."""
    unit = (plain(one.department),) if one.department else ()
    return " · ".join((KINDS[one.kind], wording.days_between(one.start, one.end), *unit))


def state(one: Edition) -> str:
    """Say where a report stands and on which day it is due."""
    return f"{STATES[one.state]} · ngày phát hành {day(one.issue_on)}"


def approval(one: Edition, now: datetime) -> str:
    """Say what an approval does: a report whose hour is past goes out at once."""
    return "Duyệt và gửi ngay" if hours(one.end, one.issue_on)[1] <= now else "Duyệt và gửi đúng giờ"


def reasons(one: Edition, *, english: bool) -> list[str]:
    """Say what stands against a report, in the reader's language."""
    told = [Note.read(dict(kept)) for kept in one.held]
    return [plain(note.english if english else note.vietnamese, 400) for note in told]


def listed(found: Sequence[Edition]) -> pl.DataFrame:
    """Lay issued reports out as a table of texts."""
    rows = [
        (
            f"{one.number}/{one.year}", KINDS[one.kind], wording.days_between(one.start, one.end), day(one.issue_on),
            one.department or "Toàn tỉnh",
        )
        for one in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


COLUMNS: Final = ("Số", "Loại", "Kỳ số liệu", "Ngày phát hành", "Phạm vi")


def about(one: Edition, digest: str) -> list[str]:
    """Say of an issued report when it went, who approved it, and the hash of its pages."""
    at = f"{one.issued_at.astimezone(LOCAL):%H:%M %d/%m/%Y}" if one.issued_at else ""
    approved = [f"Duyệt: {plain(one.approved_by, 60)}"] if one.approved_by else []
    return [" · ".join((f"Phát hành lúc {at}", *approved)), f"SHA-256 (PDF): `{digest}`"]


def changes(restatements: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say figure by figure what was learned since, newest restatement first: then, now, which dossiers, why."""
    return [_change(kept, each) for kept in reversed(restatements) for each in kept["told"]]


def _change(kept: Mapping[str, Any], each: Mapping[str, Any]) -> str:
    codes = [plain(one["code"], 60) for one in each["dossiers"]]
    more = [f"và {len(codes) - NAMED} hồ sơ khác"] if len(codes) > NAMED else []
    named = f" ({', '.join([*codes[:NAMED], *more])})" if codes else ""
    then, now = each["then"]["t"], each["now"]["t"]
    found = f"{kept['found_at'].astimezone(LOCAL):%d/%m/%Y}"
    return f"Điều chỉnh {kept['number']}, {found}: **{plain(each['name'], 120)}** {then} → {now}; {each['why']}{named}"
