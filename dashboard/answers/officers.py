"""Cán bộ: what each officer did and holds, by code in its order; how few steps that is of; and the sheet of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from config.officers import Criterion
from dashboard import wording
from dashboard.wording import NOTHING, number, percent
from metrics.calendar import WorkingCalendar
from metrics.officers import FEWEST_OTHERS, told_of_others
from reports import daily_sheet
from reports.daily_sheet import UNNAMED, Sheet

HEADS: Final = (
    "Đơn vị", "Cán bộ (mã)", "Đã xử lý", "Trễ ở bước", "Tỷ lệ trễ", "Cùng việc: trễ", "Cùng việc: như nơi khác",
    "Đang giữ", "Quá hạn bước", "Ngày làm việc mất", "Hồ sơ", "Mới đến", "Không hạn bước",
)  # fmt: skip
#: The same to take away: heading → figure.
_VALUES: Final[Mapping[str, str]] = {
    "Đã xử lý": "handled", "Có hạn bước": "judged", "Trễ ở bước": "late", "Không hạn bước": "no_due",
    "Cùng việc: có hạn": "compared", "Cùng việc: trễ": "compared_late", "Cùng việc: như nơi khác": "expected",
    "Đang giữ": "held", "Đang giữ có hạn bước": "held_due", "Quá hạn bước": "held_past_due",
    "Ngày làm việc mất": "days_lost", "Hồ sơ": "dossiers", "Mới đến": "arrived",
}  # fmt: skip
MIX_HEADS: Final = ("Thủ tục", "Bước", "Đã xử lý", "Có hạn bước", "Trễ ở bước", "Người khác: có hạn", "Người khác: trễ")
DAYS: Final = 10
NO_OFFICERS: Final = ("Chưa có số liệu về cán bộ", "Không có bước xử lý nào trong kỳ và phạm vi đã chọn.")
NO_SHEET: Final = ("Không có việc nào trong ngày", "Không ai xử lý, nhận hoặc giữ hồ sơ vào ngày này. Chọn ngày khác.")
FAIR: Final = "Theo mã, không xếp hạng: hồ sơ khó dễ khác nhau, cán bộ không chọn hồ sơ."
NO_CRITERIA: Final = "Trung tâm chưa đặt tiêu chí nào cho phiếu (tệp officers.toml)."


def summary(rows: pl.DataFrame) -> str:
    """Say what all of them did together."""
    told = rows.select(pl.col("handled", "judged", "late", "no_due", "held", "held_past_due").sum()).row(0, named=True)
    between = wording.within(told["late"], told["judged"])
    parts = f"{number(told['late'])} / {number(told['judged'])}" + (f"; {between}" if between else "")
    share = f"{percent(told['late'], told['judged'])} ({parts})"
    said = [
        f"**{number(rows.height)}** cán bộ", f"**{number(told['handled'])}** bước đã xử lý", f"Trễ ở bước: {share}",
        f"**{number(told['held'])}** đang giữ", f"**{number(told['held_past_due'])}** quá hạn bước",
    ]  # fmt: skip
    if told["no_due"]:
        said.append(f"**{number(told['no_due'])}** bước không có hạn, không vào tỷ lệ")
    return " · ".join(said)


def meaning(small: int) -> Sequence[str]:
    """Say how the numbers are counted."""
    return (
        "Trễ ở bước: bước có hạn, kết thúc sau ngày hạn của bước. Ngày làm việc mất: số ngày làm việc trong kỳ đã qua "
        "hạn của bước.",
        f"Cùng việc: các bước mà từ {number(FEWEST_OTHERS)} người khác cũng làm, từ {number(small)} bước có hạn trở "
        "lên, cùng thủ tục. Như nơi khác: số bước sẽ trễ nếu theo tỷ lệ của những người đó.",
        f"Dưới {number(small)} bước có hạn: chỉ ghi n, không ghi tỷ lệ.",
    )


def untold(titles: Sequence[str]) -> str:
    """Say which sources tell no step; "" where all do."""
    if not titles:
        return ""
    names = ", ".join(wording.plain(title) for title in titles)
    return f"Nguồn không gửi từng bước xử lý, chỉ biết ai đang giữ: {names}."


def table(rows: pl.DataFrame, small: int) -> pl.DataFrame:
    """Lay out officers in the order of units and codes: HEADS, texts."""
    return pl.DataFrame([_line(row, small) for row in rows.to_dicts()], schema=list(HEADS), orient="row")


def _line(row: dict[str, Any], small: int) -> tuple[str, ...]:
    few = row["judged"] < small
    share = f"n = {number(row['judged'])}" if few else wording.rated(row["late"], row["judged"])
    beside = (NOTHING, NOTHING)
    if row["expected"] is not None:
        beside = f"{number(row['compared_late'])} / {number(row['compared'])}", number(row["expected"], 1)
    after = (number(row[name]) for name in ("held", "held_past_due", "days_lost", "dossiers", "arrived", "no_due"))
    return (*_who(row), number(row["handled"]), number(row["late"]), share, *beside, *after)


def _who(row: Mapping[str, Any]) -> tuple[str, str]:
    return wording.flat(row["department"] or UNNAMED, 80), wording.flat(row["handler"] or UNNAMED, 60)


def values(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the same to take away, numbers as numbers."""
    who = {"Đơn vị": pl.col("department").fill_null(UNNAMED), "Cán bộ (mã)": pl.col("handler").fill_null(UNNAMED)}
    return rows.select(**who, **{head: pl.col(name) for head, name in _VALUES.items()})


def mix(cells: pl.DataFrame, names: Mapping[str, str], small: int) -> pl.DataFrame:
    """Lay out what one officer did by procedure and step, beside all others: MIX_HEADS, texts. Of few others nothing is
    said: it could be one neighbour."""
    found = []
    for row in cells.with_columns(told=told_of_others(small)).to_dicts():
        procedure = names.get(row["procedure"] or "", row["procedure"] or UNNAMED)
        others = [number(row[name]) for name in ("others_judged", "others_late")]
        known = others if row["told"] else [NOTHING, NOTHING]
        own = (number(row[name]) for name in ("handled", "judged", "late"))
        found.append((wording.flat(procedure, 120), wording.flat(row["step"] or UNNAMED, 60), *own, *known))
    return pl.DataFrame(found, schema=list(MIX_HEADS), orient="row")


@dataclass(frozen=True, slots=True)
class Shown:
    """The sheet of a day as texts: the criteria after the counts."""

    rows: pl.DataFrame
    asked: Sequence[str]


def shown(told: Sheet) -> Shown:
    """Lay out the sheet of a day."""
    heads = ["Đơn vị", "Cán bộ (mã)", *(name for name, _ in daily_sheet.COUNTS)]
    titles = [wording.flat(each.title, 80) for each in told.criteria]
    named = [title if titles.count(title) == 1 else f"{title} ({n})" for n, title in enumerate(titles, start=1)]
    found = [
        (
            *_who(row),
            *(number(row[key]) for _, key in daily_sheet.COUNTS),
            *(row[daily_sheet.key_of(each)] for each in told.criteria),
        )
        for row in daily_sheet.lines(told)
    ]
    return Shown(pl.DataFrame(found, schema=[*heads, *named], orient="row"), [_asked(each) for each in told.criteria])


def _asked(criterion: Criterion) -> str:
    """Say what a criterion asks, since when and why."""
    days = f"{number(criterion.days)} ngày" if criterion.days > 1 else "trong ngày"
    least = f"ít nhất {number(criterion.least_n)} bước"
    since = f"từ {wording.day(criterion.from_)}"
    title, basis = wording.plain(criterion.title), wording.plain(criterion.basis)
    return f"**{title}** · {daily_sheet.bound(criterion)} · {days} · {least} · {since} · {basis}"


def days(today: date, calendar: WorkingCalendar) -> dict[str, str]:
    """Give the days whose sheet can be chosen, the newest first: ISO day → words."""
    found: dict[str, str] = {}
    day = today
    while len(found) < DAYS:
        if day == today or calendar.is_working(day):
            found[day.isoformat()] = f"{wording.weekday(day)}/{day.year}"
        day -= timedelta(days=1)
    return found
