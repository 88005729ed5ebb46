"""Dự báo: when more comes than usual, and how long the backlog lasts at the present pace, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from config.insight_risk import Capacity
from dashboard.wording import NOTHING, number, plain
from metrics.capacity import Clearance
from metrics.freshness import Silent

NO_SEASON: Final = (
    "Chưa đủ năm để nói về mùa",
    "Cần ít nhất mười hai tháng trọn; xem lại khi có thêm dữ liệu.",
)
NO_PACE: Final = ("Chưa đủ tuần để nói về nhịp", "Cần ít nhất vài tuần làm việc có dữ liệu.")
HOW: Final = (
    "Chỉ số 1: ngày làm việc bình thường của năm đó. Tính trên mỗi ngày làm việc, nên tháng có ngày nghỉ không bị coi "
    "là tháng ít."
)
#: By what arrivals are told, in the address.
BYS: Final = {"": "Theo tháng", "tet": "Quanh Tết", "cuoi-nam": "Quanh năm mới"}


def of_months(rows: pl.DataFrame, settings: Capacity) -> list[str]:
    """Say which month is the busiest and which the quietest (metrics.capacity.SEASON)."""
    if rows.is_empty():
        return []
    most = rows.sort("index", descending=True).row(0, named=True)
    least = rows.sort("index").row(0, named=True)
    years = int(rows.select(pl.col("years").min()).item())
    texts = [
        f"Tháng {most['place']} nhiều nhất: mỗi ngày làm việc gấp **{number(most['index'], 2)}** lần ngày thường"
        f"{_range(most['low'], most['high'], years)}; tháng {least['place']} ít nhất: {number(least['index'], 2)} lần"
        f"{_range(least['low'], least['high'], years)}."
    ]
    return [*texts, rests_on(years, settings)]


def around(rows: pl.DataFrame, name: str, settings: Capacity) -> list[str]:
    """Say what the five working days before and after Tết or a new year bring."""
    if rows.is_empty():
        return []
    told = {row["place"]: row for row in rows.to_dicts()}
    years = int(rows.select(pl.col("years").min()).item())
    before, after = told[-1], told[1]
    text = (
        f"5 ngày làm việc trước {name}: **{number(before['index'], 2)}** lần ngày thường"
        f"{_range(before['low'], before['high'], years)}; 5 ngày đầu sau đó: **{number(after['index'], 2)}** lần"
        f"{_range(after['low'], after['high'], years)}."
    )
    return [text, rests_on(years, settings)]


def rests_on(years: int, settings: Capacity) -> str:
    """Say on how many years a season rests."""
    if years < settings.fewest_years:
        return f"Mới có {years} năm: chưa đủ để kết luận, chỉ để tham khảo."
    return f"Tính trên {years} năm."


def _range(low: float, high: float, years: int) -> str:
    return f" ({number(low, 2)}–{number(high, 2)})" if years > 1 else ""


def table(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Lay out a season: texts."""
    told = [
        (place(row["place"], by), number(row["index"], 2), _between(row["low"], row["high"], row["years"]),
         number(row["years"]), number(row["received"]))
        for row in rows.to_dicts()
    ]  # fmt: skip
    heads = ("Khi nào", "So với ngày thường", "Thấp nhất – cao nhất", "Số năm", "Hồ sơ tiếp nhận")
    return pl.DataFrame(told, schema=dict.fromkeys(heads, pl.String), orient="row")


def values(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Give the same to take away, numbers as numbers."""
    names = pl.Series([place(n, by) for n in rows["place"]], dtype=pl.String)
    return rows.select(
        names.alias("Khi nào"), pl.col("index").round(3).alias("So với ngày thường"),
        pl.col("low").round(3).alias("Thấp nhất"), pl.col("high").round(3).alias("Cao nhất"),
        pl.col("years").alias("Số năm"), pl.col("received").alias("Hồ sơ tiếp nhận"),
    )  # fmt: skip


def _between(low: float, high: float, years: int) -> str:
    return f"{number(low, 2)} – {number(high, 2)}" if years > 1 else NOTHING


def place(number_of: int, by: str) -> str:
    """Name a month, or a stretch of five working days before or after."""
    if not by:
        return f"Tháng {number_of}"
    weeks = abs(number_of)
    return f"{5 * weeks - 4}–{5 * weeks} ngày {'trước' if number_of < 0 else 'sau'}"


# ---------- pace ----------


def cleared(found: Clearance, settings: Capacity) -> list[str]:
    """Say how long the backlog lasts as now more leaves than comes, or that it does not fall."""
    pace = (
        f"{number(found.weeks)} tuần gần đây, mỗi ngày làm việc nhận {number(found.received, 1)} và giải quyết "
        f"{number(found.resolved, 1)} hồ sơ."
    )
    if not found.pending:
        return ["Không có hồ sơ nào đang giải quyết.", pace]
    work = (
        f"Đang giải quyết **{number(found.pending)}** hồ sơ, bằng {number(found.work, 1)} ngày làm việc nếu không nhận "
        "thêm."
        if found.work is not None
        else f"Đang giải quyết **{number(found.pending)}** hồ sơ; không có hồ sơ nào được giải quyết trong các tuần đó."
    )
    return [work, f"{pace} {_ends(found, settings)}"]


def unheard(quiet: Sequence[Silent], held: int, titles: Mapping[str, str]) -> str:
    """Say who is in neither the pace nor the backlog, and how many dossiers they hold."""
    names = sorted({plain(each.department or titles.get(each.source, each.source)) for each in quiet})
    said = "Không tính ở cả nhịp và số đang giải quyết, vì không có dữ liệu đến hết tuần trọn gần nhất"
    return f"{said}: {', '.join(names)} ({number(held)} hồ sơ)."


def _ends(found: Clearance, settings: Capacity) -> str:
    if not found.falls or found.days is None:
        return "Số đang giải quyết **không giảm**: số giải quyết không nhiều hơn số nhận."
    if found.days > settings.longest_days:
        return f"Giảm rất chậm: phải hơn {number(settings.longest_days)} ngày làm việc mới hết."
    soonest = number(round(found.soonest or 0))
    if found.latest is None:
        until = f"sớm nhất {soonest} ngày; theo dao động từng tuần thì cũng có thể không giảm"
    elif found.latest > settings.longest_days:
        until = f"từ {soonest} đến hơn {number(settings.longest_days)} ngày"
    else:
        until = f"từ {soonest} đến {number(round(found.latest))} ngày"
    return f"Giữ nhịp này thì hết sau khoảng **{number(round(found.days))}** ngày làm việc ({until})."


def whole_weeks(last: date, count: int) -> list[date]:
    """Give the Mondays of the last ``count`` weeks that ended by ``last``, oldest first."""
    end = last - timedelta(days=(last.weekday() + 1) % 7)  # the last Sunday
    return [end - timedelta(days=7 * n + 6) for n in reversed(range(count))]
