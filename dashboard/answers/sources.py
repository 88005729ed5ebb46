"""Nguồn dữ liệu: are the sources fresh and complete, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.answers import fresh
from dashboard.wording import NOTHING, moment, number

#: Rules a row can break, in words (metrics.dossier, connectors.check); an unknown one is shown by its name.
REASONS: Final = {
    "started": "Không có ngày nộp, ngày tiếp nhận",
    "finish_of_a_result_known": "Đã kết thúc nhưng không có ngày kết thúc",
    "received_before_a_result": "Có kết quả nhưng không có ngày tiếp nhận",
    "believable_years": "Năm ngoài khoảng 1990–2100",
    "unknown_status": "Trạng thái không có trong bảng ánh xạ",
    "ambiguous_date": "Ngày không rõ ngày trước hay tháng trước",
    "unreadable_date": "Ngày không đọc được",
    "missing_code": "Thiếu mã hồ sơ",
    "duplicate": "Trùng mã hồ sơ trong cùng một lần đọc",
}
STATES: Final = {"ok": "● Đủ", "late": "◆ Chậm", "failed": "▲ Lỗi", "running": "○ Đang đọc", "new": "○ Chưa đọc"}


def reason(name: str) -> str:
    """Say in Vietnamese which rule a row broke."""
    column, _, rule = name.partition("|")  # dataframely names a column's rule "due_at|nullability"
    told = REASONS.get(name) or REASONS.get(rule)
    return told or {"nullability": f"Thiếu {column}", "primary_key": REASONS["duplicate"]}.get(rule, name)


def state_of(source: dict[str, Any], now: datetime) -> str:
    """Give how a source stands: ok, late, failed, running, new."""
    if source["last_state"] == "failed":
        return "failed"
    if fresh.silence(source, now) is not None:
        return "late"
    if source["last_state"] == "running":
        return "running"
    return "new" if source["last_ok_at"] is None else "ok"


def table(sources: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Lay out the sources, those in trouble first."""
    order = ("failed", "late", "running", "new", "ok")
    rows = sorted(sources.to_dicts(), key=lambda s: (order.index(state_of(s, now)), fresh.name_of(s)))
    lines = [
        (
            STATES[state_of(s, now)],
            fresh.name_of(s),
            moment(s["last_ok_at"]),
            _rhythm(s),
            number(s["dossiers"]),
            number(s["refused"]),
        )
        for s in rows
    ]
    names = ["Tình trạng", "Nguồn", "Lần đọc xong gần nhất", "Nhịp", "Hồ sơ", "Cách ly"]
    return pl.DataFrame(lines, schema=names, orient="row")


def _rhythm(source: dict[str, Any]) -> str:
    every = source["cadence_minutes"]
    return "theo tệp" if every is None else f"{number(every)} phút"


def summary(sources: pl.DataFrame, now: datetime) -> str:
    """Say in one sentence how the sources stand."""
    troubled = sum(state_of(s, now) in ("late", "failed") for s in sources.to_dicts())
    held, refused = int(sources["dossiers"].sum()), int(sources["refused"].sum())
    trouble = f"**{number(troubled)} nguồn cần xem**" if troubled else "Mọi nguồn đều đủ"
    return f"{trouble} · {number(held)} hồ sơ từ {number(sources.height)} nguồn · {number(refused)} dòng cách ly"


def trouble(sources: pl.DataFrame, now: datetime) -> Sequence[str]:
    """Say for each source in trouble what happened, in the source's own words where it failed."""
    said = []
    for source in sources.to_dicts():
        if source["last_state"] == "failed" and source["last_error"]:
            said.append(f"**{wording.plain(fresh.name_of(source))}:** {wording.plain(source['last_error'], 400)}")
    return said


RUN_COLUMNS: Final = ["Bắt đầu", "Nguồn", "Kiểu", "Kết quả", "Đọc", "Mới", "Đổi", "Không đổi", "Gộp", "Cách ly", "Từ"]


def runs(history: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay out the runs, newest first; đọc = mới + đổi + không đổi + gộp + cách ly."""
    return pl.DataFrame([_run(r, titles) for r in history.to_dicts()], schema=RUN_COLUMNS, orient="row")


def _run(run: dict[str, Any], titles: dict[str, str]) -> tuple[str, ...]:
    counts = ("read", "new", "changed", "unchanged", "merged", "quarantined")
    kind, state = wording.RUN_KINDS.get(run["kind"], run["kind"]), wording.RUN_STATES.get(run["state"], run["state"])
    who = titles.get(run["source"], run["source"])
    return moment(run["started_at"]), who, kind, state, *(number(run[c]) for c in counts), run["origin"]


def titles(sources: pl.DataFrame) -> dict[str, str]:
    """Give source → what it is called."""
    return {s["name"]: fresh.name_of(s) for s in sources.to_dicts()}


@dataclass(frozen=True, slots=True)
class Refused:
    """The refused rows: how many for each reason, and the rows themselves."""

    reasons: pl.DataFrame
    rows: pl.DataFrame


def refused(rows: pl.DataFrame, names: dict[str, str]) -> Refused:
    """Count refused rows by reason and lay them out, newest first."""
    reasons = rows.select(pl.col("reasons").list.explode(empty_as_null=False, keep_nulls=False).alias("reason"))
    counted = reasons.group_by("reason").len().sort("len", "reason", descending=[True, False])
    by_reason = [(reason(str(name)), number(count)) for name, count in counted.iter_rows()]
    lines = [
        ("; ".join(reason(n) for n in r["reasons"] or []), r["found"], r["code"] or NOTHING, r["place"],
         names.get(r["source"], r["source"]), moment(r["seen_at"]), r["raw"])
        for r in rows.to_dicts()
    ]  # fmt: skip
    columns = ["Lý do", "Thấy gì", "Mã hồ sơ", "Ở đâu", "Nguồn", "Thấy lúc", "Dòng gốc"]
    return Refused(
        pl.DataFrame(by_reason, schema=["Lý do", "Số dòng"], orient="row"),
        pl.DataFrame(lines, schema=columns, orient="row"),
    )
