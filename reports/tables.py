"""Tables of the workbook, as JSON values inside the content object: counts, shares 0–1, ISO days; null is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from metrics import intervals
from metrics.signals import Judged, Verdict
from reports.headlines import AGES
from reports.measure import Unit, change, pair
from reports.overdue import NO_CAUSE
from reports.sheets import Kind
from reports.verdicts import worded

Row = dict[str, Any]

CHANNELS: Final = {"online": "Trực tuyến", "counter": "Trực tiếp", "post": "Bưu chính"}
#: Columns of the list of overdue dossiers: heading, kind, column.
OVERDUE: Final[tuple[tuple[str, Kind, str], ...]] = (
    ("TT", "count", "n"),
    ("Mã hồ sơ", "text", "code"),
    ("Mã TTHC", "text", "procedure"),
    ("Thủ tục hành chính", "text", "procedure_name"),
    ("Lĩnh vực", "text", "field"),
    ("Cơ quan, đơn vị", "text", "department"),
    ("Bước đang giữ", "text", "step"),
    ("Kênh", "text", "channel"),
    ("Nguồn", "text", "source"),
    ("Ngày tiếp nhận", "day", "received_on"),
    ("Hẹn trả lần đầu", "day", "first_due_on"),
    ("Hẹn trả hiện tại", "day", "due_on"),
    ("Số ngày quá hạn (ngày làm việc)", "count", "days_late"),
    ("Tạm dừng", "text", "suspended"),
    ("Nguyên nhân", "text", "reason"),
    ("Văn bản xin lỗi", "text", "letter"),
    ("Ngày văn bản", "day", "letter_on"),
    ("Hẹn lại", "day", "promised_on"),
    ("Trả lời người nộp", "text", "answer"),
)


def units_table(units: Sequence[Unit], unheard: Collection[str | None], places: int) -> list[Row]:
    """Lay out one row per department or field: due cohort, limits, verdict, overdue stock and its ages."""
    return [_unit(u, u.name in unheard, places) for u in units]


def _unit(unit: Unit, unheard: bool, places: int) -> Row:
    (n, d), before = pair(unit.now), pair(unit.before)
    limits = unit.chart.at(d) if unit.chart and d else None
    chance = intervals.interval(n, d, below=unit.rules.interval_below)
    judged = Judged(Verdict.UNKNOWN) if unheard else unit.judged
    return {
        "name": unit.name,
        "d": d,
        "n": n,
        "rate": n / d if d else None,
        "low": chance[0] if chance else None,
        "high": chance[1] if chance else None,
        "before_d": before[1] if unit.before is not None else None,
        "before_n": before[0] if unit.before is not None else None,
        "before": before[0] / before[1] if before[1] else None,
        "points": change(unit, places),
        "lcl": limits.lower if limits else None,
        "ucl": limits.upper if limits else None,
        "verdict": worded(judged),
        "overdue": unit.count("pending_overdue"),
        **{column: unit.count(column) for _, column in AGES},
    }


def overdue_table(rows: pl.DataFrame) -> list[Row]:
    """Lay out every overdue dossier; ``rows``: reports.overdue.overdue_list or metrics.standing.overdue."""
    known = [c for _, _, c in OVERDUE if c in rows.columns]
    return [_dossier(row, i) for i, row in enumerate(rows.select(known).to_dicts(), start=1)]


def _dossier(row: Mapping[str, Any], n: int) -> Row:
    told = {c: _plain(row.get(c)) for _, _, c in OVERDUE}
    halted = row.get("suspended")
    return told | {
        "n": n,
        "channel": CHANNELS.get(str(row.get("channel"))),
        "suspended": None if halted is None else "Có" if halted else "Không",
        "reason": row.get("reason") or NO_CAUSE,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
