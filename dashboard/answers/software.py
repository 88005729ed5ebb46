"""Phần mềm: how the software of each source does by week, and the log of its faults, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.wording import NOTHING, day, number, percent
from metrics.software import MISSING, WRONG
from reports.software import ACTS, FIELDS, KINDS, STATES
from store import faults

WEEKS: Final = 13
WEEK_HEADS: Final = (
    "Nguồn", "Tuần từ", "Đọc được", "Gián đoạn lâu nhất", "Trễ, trung vị", "Trễ, phân vị 90", "Dòng bị giữ lại",
    "Hồ sơ tiếp nhận",
)  # fmt: skip
FAULT_HEADS: Final = (
    "Số", "Nguồn", "Nhóm", "Lỗi", "Nhà cung cấp", "Ngày báo", "Tình trạng", "Chờ trả lời", "Chờ khắc phục"
)  # fmt: skip
NO_WEEKS: Final = ("Chưa có số liệu", "Chưa có nguồn nào được đọc tự động trong 13 tuần.")
NO_FAULTS: Final = ("Chưa ghi lỗi nào", "Lỗi báo cho nhà cung cấp được ghi ở đây, cùng ngày trả lời và ngày khắc phục.")
NOT_KEPT: Final[Mapping[str, str]] = {
    "role": "Bạn không được ghi sổ lỗi.", "source": "Nguồn này chưa từng được đọc.", "kind": "Chọn nhóm lỗi.",
    "text": "Ghi nhà cung cấp và lỗi; mô tả không quá 2.000 ký tự.",
    "day": "Ngày phải không sau hôm nay và không trước việc đã ghi.",
    "again": "Nội dung này đã ghi rồi.", "fault": "Không có lỗi này.",
    "act": "Không hợp với tình trạng của lỗi: chỉ mở lại lỗi đã khắc phục.",
}  # fmt: skip


def summary(weeks: pl.DataFrame, titles: Mapping[str, str]) -> Sequence[str]:
    """Say of each source how its newest week went."""
    newest = weeks.filter(pl.col("runs").is_not_null()).unique("source", keep="first", maintain_order=True)
    found = []
    for row in newest.to_dicts():
        ran = f"{percent(row['ok'], row['runs'])} ({number(row['ok'])} / {number(row['runs'])} lần)"
        parts = [f"Đọc được: {ran}", f"Gián đoạn lâu nhất: {lasted(row['gap_minutes'])}"]
        parts.append(f"Trễ, trung vị: {lasted(row['delay_median'])}")
        found.append(f"**{wording.plain(titles.get(row['source'], row['source']))}** · " + " · ".join(parts))
    return found


def lasted(minutes: float | None) -> str:
    """Write minutes in the units of people: 45 phút, 3,2 giờ, 2,5 ngày."""
    if minutes is None:
        return NOTHING
    if minutes < 90:
        return f"{number(minutes)} phút"
    return f"{number(minutes / 60, 1)} giờ" if minutes < 48 * 60 else f"{number(minutes / 60 / 24, 1)} ngày"


def weeks(rows: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Lay out the weeks: WEEK_HEADS and what is missing or wrong in what was received, as texts."""
    heads = [*WEEK_HEADS, *(FIELDS[name] for name in (*MISSING, *WRONG))]
    return pl.DataFrame([_week(row, titles) for row in rows.to_dicts()], schema=heads, orient="row")


def _week(row: dict[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    ran = NOTHING if row["runs"] is None else f"{percent(row['ok'], row['runs'])} ({_of(row['ok'], row['runs'])})"
    refused = NOTHING if row["refused"] is None else _of(row["refused"], row["read"])
    received = row["received"]
    lacks = (_share(row[name], received) for name in (*MISSING, *WRONG))
    times = (lasted(row[name]) for name in ("gap_minutes", "delay_median", "delay_p90"))
    who = wording.flat(titles.get(row["source"], row["source"]), 80)
    return who, day(row["week"]), ran, *times, refused, number(received), *lacks


def _of(part: int, whole: int | None) -> str:
    return number(part) if whole is None else f"{number(part)} / {number(whole)}"


def _share(part: int | None, whole: int | None) -> str:
    return NOTHING if part is None or not whole else f"{percent(part, whole)} ({number(part)} / {number(whole)})"


def values(rows: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Give the weeks to take away, numbers as numbers."""
    told = {
        "Tuần từ": "week", "Lần đọc": "runs", "Đọc được": "ok", "Đọc lỗi": "failed",
        "Gián đoạn lâu nhất (phút)": "gap_minutes", "Thay đổi có dấu giờ": "stamped",
        "Trễ, trung vị (phút)": "delay_median", "Trễ, phân vị 90 (phút)": "delay_p90", "Dòng đã đọc": "read",
        "Dòng bị giữ lại": "refused", "Hồ sơ tiếp nhận": "received",
    } | {FIELDS[name]: name for name in (*MISSING, *WRONG)}  # fmt: skip
    who = pl.col("source").replace(list(titles), list(titles.values()))
    return rows.select(who.alias("Nguồn"), *(pl.col(name).alias(head) for head, name in told.items()))


def listed(rows: pl.DataFrame, titles: Mapping[str, str]) -> pl.DataFrame:
    """Lay out faults (store.faults.listed): FAULT_HEADS, texts."""
    return pl.DataFrame([_fault(row, titles) for row in rows.to_dicts()], schema=list(FAULT_HEADS), orient="row")


def _fault(row: dict[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
    who = wording.flat(titles.get(row["source"], row["source"]), 80)
    waits = (f"{number(row[name])} ngày làm việc" for name in ("answer_days", "mend_days"))
    return (
        number(row["seq"]), who, KINDS.get(row["kind"], row["kind"]), wording.flat(row["title"], 120),
        wording.flat(row["vendor"], 60), _day(row["reported_on"]), STATES[row["state"]], *waits,
    )  # fmt: skip


def happened(row: Mapping[str, Any]) -> tuple[str, str]:
    """Say an act: when and what, in our words; and what was written of it, as it was."""
    return f"{_day(row['on'])}: {ACTS.get(row['act'], row['act'])}", row["text"] or ""


def _day(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else NOTHING


def acts(row: Mapping[str, Any]) -> dict[str, str]:
    """Give what may become of a fault as it stands: act → words."""
    fitting = ("reopened", "note") if row["state"] == "mended" else ("answered", "mended", "note")
    return {name: ACTS[name] for name in faults.ACTS if name in fitting}
