"""Nguồn dữ liệu: are the sources fresh and complete, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.answers import fresh
from dashboard.answers.found import found
from dashboard.wording import NOTHING, moment, number
from store import terms

#: Why a row was refused, in words (connectors, docs/mapping.md); an unknown reason is shown by its name.
REASONS: Final = {
    "started": "không có ngày nộp, ngày tiếp nhận",
    "no_start_date": "không có ngày nộp, ngày tiếp nhận",
    "finish_of_a_result_known": "đã kết thúc nhưng không có ngày kết thúc",
    "closed_without_finish": "đã kết thúc nhưng không có ngày kết thúc",
    "received_before_a_result": "có kết quả nhưng không có ngày tiếp nhận",
    "result_without_receipt": "có kết quả nhưng không có ngày tiếp nhận",
    "believable_years": "năm ngoài khoảng 1990–2100",
    "unbelievable_year": "năm ngoài khoảng 1990–2100",
    "unknown_status": "trạng thái không có trong bảng ánh xạ",
    "status_missing": "thiếu trạng thái",
    "ambiguous_date": "ngày không rõ ngày trước hay tháng trước",
    "non_existent_time": "giờ không có thật",
    "unreadable_date": "ngày không đọc được",
    "event_time_missing": "sự kiện không có thời điểm",
    "supplement_without_date": "yêu cầu bổ sung không có ngày",
    "due_days_unreadable": "số ngày hẹn không đọc được",
    "code_missing": "thiếu mã hồ sơ",
    "too_many_cells": "nhiều ô hơn dòng tiêu đề",
    "damaged_text": "chữ bị hỏng",
    "code_too_long": "mã hồ sơ quá dài",
    "conflicting_copies": "các bản cùng mã trái nhau",
    "source_missing": "thiếu tên nguồn",
}
STATES: Final = {"ok": "● Đủ", "late": "◆ Chậm", "failed": "▲ Lỗi", "running": "○ Đang đọc", "new": "○ Chưa đọc"}


def reason(name: str) -> str:
    """Say in Vietnamese why a row was refused."""
    return REASONS.get(name, name)


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
    if sources.is_empty():
        return "Chưa có nguồn nào"
    states = [state_of(s, now) for s in sources.to_dicts()]
    troubled, reading = sum(s in ("late", "failed") for s in states), states.count("running")
    held, refused = int(sources["dossiers"].sum()), int(sources["refused"].sum())
    fine = f"{number(reading)} nguồn đang đọc" if reading else "Mọi nguồn đều đủ"
    trouble = f"**{number(troubled)} nguồn cần xem**" if troubled else fine
    return f"{trouble} · {number(held)} hồ sơ từ {number(sources.height)} nguồn · {number(refused)} dòng cách ly"


def trouble(sources: pl.DataFrame, now: datetime) -> Sequence[str]:
    """Say for each source in trouble what happened, in the source's own words where it failed."""
    said = []
    for source in sources.to_dicts():
        if source["last_state"] == "failed" and source["last_error"]:
            said.append(f"**{wording.plain(fresh.name_of(source))}:** {wording.plain(source['last_error'], 400)}")
    return said


RUN_COLUMNS: Final = ["Bắt đầu", "Nguồn", "Tệp", "Kết quả", "Đọc", "Mới", "Đổi", "Không đổi", "Gộp", "Cách ly"]


def taken(sources: pl.DataFrame) -> Sequence[str]:
    """Say for each source whose word is not taken the common way how it is taken."""
    told = ((s, terms.read(s["terms"], s["time_zone"]).said) for s in sources.to_dicts())
    return [f"**{wording.plain(fresh.name_of(s))}:** {wording.plain('; '.join(said))}" for s, said in told if said]


def runs(history: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Lay out the runs, newest first; đọc = mới + đổi + không đổi + gộp + cách ly. Without files no column for them."""
    rows = pl.DataFrame([_run(r, titles) for r in history.to_dicts()], schema=RUN_COLUMNS, orient="row")
    return rows if (rows["Tệp"] != NOTHING).any() else rows.drop("Tệp")


def _run(run: dict[str, Any], titles: dict[str, str]) -> tuple[str, ...]:
    counts = ("read", "new", "changed", "unchanged", "merged", "quarantined")
    state = wording.RUN_STATES.get(run["state"], run["state"])
    who = titles.get(run["source"], run["source"])
    file = wording.flat(run["origin"] or NOTHING, 32) if run["kind"] == "load" else NOTHING
    return moment(run["started_at"]), who, file, state, *(number(run[c]) for c in counts)


def titles(sources: pl.DataFrame) -> dict[str, str]:
    """Give source → what it is called."""
    return {s["name"]: fresh.name_of(s) for s in sources.to_dicts()}


@dataclass(frozen=True, slots=True)
class Refused:
    """The refused rows: how many for each reason, in one sentence, and the rows themselves."""

    reasons: str
    rows: pl.DataFrame


def refused(rows: pl.DataFrame, names: dict[str, str]) -> Refused:
    """Count refused rows by reason and lay them out, newest first."""
    reasons = rows.select(pl.col("reasons").list.explode(empty_as_null=False, keep_nulls=False).alias("reason"))
    counted = reasons.group_by("reason").len().sort("len", "reason", descending=[True, False])
    told = [f"**{number(count)}** {wording.plain(reason(str(name)))}" for name, count in counted.iter_rows()]
    columns = ["Vì sao", "Thấy gì", "Mã hồ sơ", "Ở đâu", "Nguồn", "Thấy lúc", "Dòng gốc"]
    lines = [_refused(row, names) for row in rows.to_dicts()]
    return Refused(" · ".join(told), pl.DataFrame(lines, schema=columns, orient="row"))


def _refused(row: dict[str, Any], names: dict[str, str]) -> tuple[str, ...]:
    why = "; ".join(reason(name) for name in row["reasons"] or [])
    who = names.get(row["source"], row["source"])
    return (
        why,
        found(row["found"] or "", row["reasons"] or []),
        row["code"] or NOTHING,
        row["place"],
        who,
        moment(row["seen_at"]),
        row["raw"],
    )
