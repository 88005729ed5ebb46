"""Cảnh báo: what each alert says, since when, whose it is by now, and the way to the very dossiers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import polars as pl

from config import catalogue
from config.alert_words import LEVELS, SHORT
from dashboard import wording
from dashboard.answers import signalled
from dashboard.filters import DEPARTMENT, GROUP, WEEK
from dashboard.links import NONE, week_code, written
from dashboard.shapes import DOSSIER, HANDBOOK, SOURCES, Link
from dashboard.wording import LOCAL, day, number, plain
from metrics.calendar import WorkingCalendar

Row = Mapping[str, Any]
ALL: Final = "tat-ca"
#: Rule → how it is called in the address.
CODES: Final = {
    "due_soon": "sap-den-han", "overdue": "qua-han", "acceptance": "cho-tiep-nhan", "rate": "ty-le",
    "backlog": "ton-tang", "stale_source": "nguon", "calendar": "lich", "quarantine": "cach-ly",
}  # fmt: skip
STATES: Final = {"open": "Chưa nhận", "acknowledged": "Đã nhận", "unknown": "Không rõ"}
#: The line of a list, by the working days that are left.
_NEAR: Final = {0: "hom-nay", 1: "con-1-ngay", 2: "con-2-ngay", 3: "con-3-ngay"}
#: Rules of what feeds the figures, and who sees to them.
_OF_SOURCES: Final = ("stale_source", "calendar", "quarantine")
OPERATED: Final = "Vận hành"
_ORDER: Final = {"open": 0, "unknown": 1, "acknowledged": 2}
NOTHING: Final = ("Không có cảnh báo trong phạm vi được xem", "Khi có việc cần xử lý, cảnh báo sẽ hiện ở đây.")
NOT_YET: Final = ("Chưa xét cảnh báo lần nào", "Cảnh báo được xét vài phút sau khi có số liệu đầu tiên.")
MEANS: Final = (
    "Việc cần người xem ngay: hồ sơ quá hạn, sắp đến hạn, nguồn không có dữ liệu. Nguồn im lặng thì cảnh báo của "
    "nguồn đó là “Không rõ”, không tự hết."
)


def groups(rows: pl.DataFrame) -> dict[str, str]:
    """Name the rules of which anything stands, with counts: code → words; all of them first."""
    counts = dict(rows.group_by("rule").len().iter_rows())
    found = {CODES[rule]: f"{name} · {number(counts[rule])}" for rule, name in SHORT.items() if rule in counts}
    return {ALL: f"Tất cả · {number(rows.height)}"} | found


def chosen(rows: pl.DataFrame, code: str) -> pl.DataFrame:
    """Keep a group of the address; first what nobody sees to, highest level first, then by rule and by the day that was
    promised: the earliest first, before it what names none, for that was late when it was first watched; then by age.
    """
    kept = rows if code == ALL else rows.filter(pl.col("rule").replace(CODES) == code)
    order = pl.col("state").replace_strict(_ORDER, default=3, return_dtype=pl.Int64)
    rule = pl.col("rule").replace_strict({name: n for n, name in enumerate(SHORT)}, return_dtype=pl.Int64)
    promised = pl.col("detail").str.json_path_match("$.due_on")  # ISO: letters are in the order of days
    by = (order, "level", rule, promised, "raised_at", "id")
    return kept.sort(*by, descending=[False, True, False, False, False, False], nulls_last=False)


def lines(rows: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Lay the alerts out as a table of texts. ``titles``: source → what it is called."""
    told = [
        (
            SHORT[row["rule"]], because(row, titles), row["department"] or "Toàn tỉnh", _shortly(row["raised_at"]),
            _whose(row), number(row["told"]), STATES[row["state"]],
        )
        for row in rows.to_dicts()
    ]  # fmt: skip
    names = ("Cảnh báo", "Vì sao", "Đơn vị", "Từ lúc", "Cấp", "Đã nhắc", "Tình trạng")
    return pl.DataFrame(told, schema=dict.fromkeys(names, pl.String), orient="row")


def _whose(row: Row) -> str:
    """Say whose it is by now: what feeds the figures is nobody's on the ladder."""
    return OPERATED if row["rule"] in _OF_SOURCES else LEVELS[row["level"]]


def because(row: Row, titles: Mapping[str, str]) -> str:
    """Say why an alert stands, in one sentence without a full stop."""
    told = json.loads(row["detail"] or "{}")
    match row["rule"]:
        case "due_soon":
            left = f"mốc {told['days']} ngày làm việc" if told["days"] else "hôm nay"
            return f"{number(told['n'])} hồ sơ hẹn trả {day(date.fromisoformat(told['due_on']))}, {left}"
        case "overdue" | "acceptance":
            return _late(row, told)
        case "rate":
            share = wording.percent(told["met"], told["n"])
            week = wording.week_number(date.fromisoformat(told["week"])).lower()
            title = catalogue.load()[told["metric"]].title
            under = wording.percent(round(told["below"] * 1000), 1000)
            said = f"{title} {share} ({number(told['met'])}/{number(told['n'])}) {week}, dưới {under}"
            between = wording.within(told["met"], told["n"])
            return "; ".join(text for text in (said, between, signalled.kept(told, "rate")) if text)
        case "backlog":
            week = wording.week_number(date.fromisoformat(told["week"])).lower()
            grown = f"{number(told['n'])} hồ sơ quá hạn, tăng {number(told['more'])} {week}"
            return f"{grown}; {signalled.kept(told, 'stock')}"
    return _feed(row, told, titles)


def _late(row: Row, told: Row) -> str:
    if row["code"] is None:
        late = "đã quá hạn" if row["rule"] == "overdue" else "đã chờ quá thời hạn"
        return f"{number(told['n'])} hồ sơ {late} từ trước khi theo dõi"
    limit = day(date.fromisoformat(told["due_on"]))
    said = "hẹn trả" if row["rule"] == "overdue" else "phải trả lời tiếp nhận chậm nhất"
    return f"{row['code']}: {said} {limit}"


def _feed(row: Row, told: Row, titles: Mapping[str, str]) -> str:
    name = titles.get(row["source"] or "", row["source"] or "")
    match row["rule"]:
        case "stale_source":
            since = told.get("heard_at")
            return f"{name}: lần cuối {_since(datetime.fromisoformat(since))}" if since else f"{name}: chưa có lần nào"
        case "quarantine":
            return f"{name}: {number(told['more'])} dòng mới trong 24 giờ, {number(told['n'])} dòng đang chờ"
    after = day(date.fromisoformat(told["after"]))
    return f"Ngày nghỉ lễ mới xác nhận đến {after}, còn {number(told['left'])} ngày"


def _since(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def _shortly(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m}"


def ways(row: Row, today: date, calendar: WorkingCalendar) -> list[Link]:
    """Lead to the dossiers that an alert is about, or to where it is mended."""
    if row["code"] is not None:
        return [Link("Mở hồ sơ", {"nguon": row["source"], "ma": row["code"]}, DOSSIER)]
    told = json.loads(row["detail"] or "{}")
    unit = {DEPARTMENT: written(row["department"] or NONE)}
    match row["rule"]:
        case "due_soon":
            left = calendar.of(row["department"]).between(today, date.fromisoformat(told["due_on"]))
            return [Link("Mở danh sách", {GROUP: _NEAR.get(left, "trong-han"), **unit})]
        case "overdue" | "backlog":
            return [Link("Mở danh sách", {GROUP: "qua-han", **unit})]
        case "acceptance":
            return [Link("Mở danh sách", {GROUP: "cho-qua-8-gio", **unit})]
        case "rate":
            week = week_code(date.fromisoformat(told["week"]))
            return [Link("Mở danh sách", {GROUP: "tre-hen", WEEK: week, **unit})]
        case "calendar":
            return [Link("Xem sổ tay", {}, HANDBOOK)]
    return [Link("Xem nguồn", {}, SOURCES)]


def seen_to(row: Row) -> str:
    """Say who sees to an alert, since when, and what they noted; nothing where nobody does."""
    if not row["acknowledged_by"]:
        return ""
    note = f": {plain(row['note'], 300)}" if row["note"] else ""
    return f"Đã nhận: **{plain(row['acknowledged_by'], 60)}**, {_since(row['acknowledged_at'])}{note}"
