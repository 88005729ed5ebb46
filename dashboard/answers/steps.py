"""Điểm nghẽn: who has what now, where late dossiers lost their days, how long steps take, what turning back costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.ball_lists import HOLDERS
from dashboard.filters import GROUP, Choice
from dashboard.shapes import Link
from dashboard.wording import NOTHING, number, percent
from metrics.ball import Ball
from metrics.step_figures import HALF_HOUR, told_times

#: Working minutes of the day in which lost time is told, and half hours of it.
A_DAY: Final = 480
_HALVES: Final = A_DAY // HALF_HOUR
#: For how long: working days, at least and at most.
AGES: Final = (("đến 3 ngày", 0, 3), ("4–10 ngày", 4, 10), ("11–30 ngày", 11, 30), ("trên 30 ngày", 31, None))
NO_AGE: Final = "không rõ từ khi nào"
HONEST: Final = "Số liệu cho biết ai đang giữ hồ sơ, không cho biết có ai đang làm hay không."
UNNAMED: Final = "Chưa rõ bước"
AFTER: Final = "Sau bước: "
UNKNOWN_PLACE: Final = "không rõ nơi giữ"
MOST_BARS: Final = 10
NOTHING_MADE: Final = ("Chưa tính các bước", "Số liệu này được tính trong đêm. Lần đầu tính ngay sau khi có hồ sơ.")
NO_STEPS: Final = (
    "Chưa có bước xử lý nào",
    "Nguồn không gửi từng bước, hoặc phạm vi đã chọn không có hồ sơ. Xem trang Nguồn dữ liệu.",
)
#: Marks what is told of fewer than the catalogue's small: counts alone.
FEW: Final = "{} (ít)"
NO_OPEN: Final = ("Không có hồ sơ đang mở", "Bỏ bớt bộ lọc để xem phạm vi rộng hơn.")


@dataclass(frozen=True, slots=True)
class Held:
    """With whom open dossiers lie: names, counts by AGES and NO_AGE, and the list of each."""

    names: Sequence[str]
    counts: Sequence[Sequence[int]]
    links: Sequence[Link]
    text: str


def held(rows: pl.DataFrame, choice: Choice) -> Held:
    """Lay out open dossiers (metrics.ball.held) by with whom they lie and for how long; who has none is left out."""
    counted = {who: _aged(rows.filter(pl.col("ball") == who)) for who in HOLDERS}
    there = [who for who, counts in counted.items() if sum(counts)]
    links = [
        Link(f"{HOLDERS[who][0]}: {number(sum(counted[who]))}", choice.query(**{GROUP: HOLDERS[who][1]}))
        for who in there
    ]
    return Held([HOLDERS[who][0] for who in there], [counted[who] for who in there], links, _held_text(rows, counted))


def _aged(rows: pl.DataFrame) -> list[int]:
    days = rows["ball_days"].drop_nulls()
    bands = [int(((days >= low) & (days <= (high if high is not None else 1 << 30))).sum()) for _, low, high in AGES]
    return [*bands, rows.height - days.len()]


def _held_text(rows: pl.DataFrame, counted: Mapping[Ball, Sequence[int]]) -> str:
    total = rows.height
    parts = [
        f"{HOLDERS[who][0]}: {number(sum(counted[who]))} ({percent(sum(counted[who]), total)})"
        for who in (Ball.DEPARTMENT, Ball.OTHER, Ball.APPLICANT)
        if sum(counted[who])
    ]
    waiting = sum(counted[Ball.INTAKE])
    opened = f"**{number(total)}** hồ sơ đang mở"
    if waiting:
        opened += f" ({number(total - waiting)} đang giải quyết, {number(waiting)} chờ tiếp nhận)"
    return " · ".join([opened, *parts])


def first_words(rows: pl.DataFrame) -> str:
    """Say of how many dossiers the steps are known, and of how many not; "" of none."""
    every, told, seen = (int(rows[name].sum()) for name in ("dossiers", "told", "seen"))
    if not every:
        return ""
    left = every - told - seen
    known = f"Biết từng bước của **{percent(told, every)}** hồ sơ ({number(told)} / {number(every)})"
    return f"{known}; **{number(left)}** hồ sơ không biết qua bước nào." if left else f"{known}."


def known(rows: pl.DataFrame, titles: Mapping[str, str]) -> Sequence[str]:
    """Say of which dossiers steps were only seen to change, and which sources tell none."""
    every, seen = (int(rows[name].sum()) for name in ("dossiers", "seen"))
    texts = []
    if seen:
        texts.append(
            f"Của {percent(seen, every)} ({number(seen)}) chỉ thấy bước đổi giữa hai lần đọc: không tách được lúc chờ "
            "với lúc có người giữ."
        )
    by = rows.group_by("source").agg(pl.col("told", "seen").sum()).filter(told=0, seen=0)
    if by.height:
        names = ", ".join(wording.plain(titles.get(name, name)) for name in sorted(by["source"]))
        texts.append(f"Không biết bước nào của nguồn: {names}.")
    return texts


def losses(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up where late dossiers lost time (metrics.step_losses.LOSSES): step, unit, lost, dossiers; the most first,
    and last what lies at no step that anybody knows."""
    summed = rows.group_by("step", "after", "unit").agg(pl.col("lost", "dossiers", "spent").sum())
    known = pl.col("step").is_not_null()
    order = [known, pl.col("lost"), "step", "after", "unit"]
    return summed.filter(pl.col("lost") > 0).sort(order, descending=[True, True, False, False, False])


def lost_text(found: pl.DataFrame, late: pl.DataFrame, small: int) -> Sequence[str]:
    """Say how much late dossiers lost, where most of it, and how many of them that is of; of a place with few dossiers
    no share is told."""
    every, compared = (int(late[name].sum()) for name in ("late", "compared"))
    if not every:
        return ("Không có hồ sơ trễ nào biết được các bước.",)
    if found.is_empty():
        return (f"{number(every)} hồ sơ trễ, không đủ hồ sơ đúng hạn cùng thủ tục để biết mất thời gian ở đâu.",)
    total, first = float(found["lost"].sum()), found.row(0, named=True)
    days = (
        f"{number(compared)} hồ sơ trễ mất tổng cộng **{number(round(total / A_DAY))}** ngày làm việc nhiều hơn mức "
        "thường của hồ sơ đúng hạn cùng"
    )
    few = first["dossiers"] < small
    most = "nhiều nhất ở" if few else f"**{percent(round(first['lost']), round(total))}** ở"
    of = f": {number(round(first['lost'] / A_DAY))} ngày, {number(first['dossiers'])} hồ sơ (ít)" if few else ""
    texts = [f"{days} thủ tục; {most} {place(first)}{of}."]
    unknown = float(found.filter(pl.col("step").is_null())["lost"].sum())
    if unknown and first["step"]:
        texts.append(f"Không rõ ở bước nào: {_lost(unknown, total)}.")
    if compared < every:
        texts.append(
            f"Tính trên {number(compared)} / {number(every)} hồ sơ trễ: các hồ sơ kia thuộc thủ tục có quá ít hồ sơ "
            "đúng hạn để so."
        )
    return texts


def place(row: Mapping[str, Any]) -> str:
    """Name in a sentence where time was lost: "bước Thẩm định, Sở Y tế", or what was waited for after it."""
    at = wording.plain(row["unit"], 80) if row["unit"] else UNKNOWN_PLACE
    if not row["step"]:
        return f"{UNNAMED.lower()}, {at}"
    name = f"bước {wording.plain(row['step'], 60)}"
    return f"sau {name} (chờ bước kế tiếp), {at}" if row["after"] else f"{name}, {at}"


def step_named(row: Mapping[str, Any]) -> str:
    """Name the step of a place where time was lost, or after which it was."""
    return f"{AFTER}{row['step']}" if row["after"] else str(row["step"] or UNNAMED)


@dataclass(frozen=True, slots=True)
class Bars:
    """Where time was lost: names, days, what stands behind each bar, which are of few dossiers, and what lies beyond
    MOST_BARS, in words ("" for nothing)."""

    names: Sequence[str]
    days: Sequence[float]
    labels: Sequence[str]
    few: Sequence[bool]
    more: str


def lost_bars(found: pl.DataFrame, small: int) -> Bars:
    """Give the bars of what was lost; what lies at no known step is always a bar. Of few dossiers no share is told."""
    total = float(found["lost"].sum())
    known, unknown = found.filter(pl.col("step").is_not_null()), found.filter(pl.col("step").is_null())
    top, rest = known.head(MOST_BARS), known.slice(MOST_BARS)
    rows = pl.concat([top, unknown]).to_dicts()
    names = [f"{step_named(row)} · {row['unit'] or UNKNOWN_PLACE}" if row["step"] else UNNAMED for row in rows]
    few = [row["dossiers"] < small for row in rows]
    labels = [_behind(row, total, few=scarce) for row, scarce in zip(rows, few, strict=True)]
    more = f"Còn {number(rest.height)} nơi khác: {_lost(float(rest['lost'].sum()), total)}." if rest.height else ""
    return Bars(names, [row["lost"] / A_DAY for row in rows], labels, few, more)


def _behind(row: Mapping[str, Any], total: float, *, few: bool) -> str:
    if few:
        return f"{number(round(row['lost'] / A_DAY))} ngày, {number(row['dossiers'])} hồ sơ (ít)"
    return f"{_lost(row['lost'], total)}, {number(row['dossiers'])} hồ sơ"


def _lost(minutes: float, total: float) -> str:
    return f"{number(round(minutes / A_DAY))} ngày ({percent(round(minutes), max(1, round(total)))})"


def lost_table(found: pl.DataFrame) -> pl.DataFrame:
    """Give the same to take away, numbers as numbers."""
    days = (pl.col("lost") / A_DAY).round(1)
    names = pl.Series("Bước", [step_named(row) for row in found.to_dicts()], pl.String)
    return found.select(
        names, pl.col("unit").fill_null(UNKNOWN_PLACE).alias("Nơi giữ"),
        days.alias("Ngày làm việc mất"), pl.col("dossiers").alias("Hồ sơ trễ"),
        (pl.col("spent") / A_DAY).round(1).alias("Cả thời gian ở bước"),
    )  # fmt: skip


#: In the address → by what steps are told beside their name, its heading.
BYS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("", ""),
    "noi": ("unit", "Nơi giữ"),
    "thu-tuc": ("procedure", "Thủ tục"),
}
TIME_HEADS: Final = (
    "Lượt", "Chờ: trung vị", "Chờ: 90 %", "Giữ: trung vị", "Giữ: 90 %", "Cả bước: trung vị", "Cả bước: 90 %",
    "Tỷ trọng thời gian",
)  # fmt: skip
#: Less than a quarter of an hour, by which times are rounded.
NOUGHT: Final = "0 giờ"
_KINDS: Final = ("waiting", "holding", "whole")


def times(counted: pl.DataFrame, by: str, names: Mapping[str, str], small: int) -> pl.DataFrame:
    """Lay out how long steps take (metrics.step_figures.TIMES), the most time first: texts. Few visits stand last, as
    counts; a column of noughts is left out (``noughts``)."""
    column, head = BYS[by]
    found = told_times(counted, ["step", column] if column else ["step"])
    every = int(found["whole_minutes"].sum())
    rows = []
    for row in found.sort(pl.col("whole_n") < small, maintain_order=True).to_dicts():
        beside = [_named(row[column], names)] if column else []
        told = [span(row[f"{kind}_{what}"], row[f"{kind}_n"], small) for kind in _KINDS for what in ("median", "p90")]
        few = row["whole_n"] < small
        n = counts(row["whole_n"], small)
        share = NOTHING if few else percent(row["whole_minutes"], every)
        rows.append([wording.flat(row["step"] or UNNAMED, 60), *beside, n, *told, share])
    heads = ["Bước", *([head] if head else []), *TIME_HEADS]
    shown = pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row")
    return shown.drop(noughts(shown))


def noughts(shown: pl.DataFrame) -> list[str]:
    """Name the columns of times that say nothing: nought wherever they say anything."""
    return [name for name in shown.columns if name in TIME_HEADS and set(shown[name]) <= {NOUGHT, NOTHING}]


def noughts_text(shown: pl.DataFrame) -> str:
    """Say in words which columns of ``times`` were left out; "" for none."""
    left = [name for name in TIME_HEADS if name not in shown.columns]
    return f"Không lập cột vì đều dưới 15 phút: {'; '.join(left)}." if left and shown.height else ""


def few_text(shown: pl.DataFrame, small: int) -> str:
    """Say what "(ít)" means; "" where no line has it."""
    few = shown["Lượt"].str.ends_with(FEW.format("")).any()
    return f"Ít: dưới {number(small)} lượt, chỉ ghi số đếm." if few else ""


def counts(n: int | None, small: int) -> str:
    """Write a count; what is few is marked, and only counted."""
    return FEW.format(number(n)) if n and n < small else number(n)


def _named(value: str | None, names: Mapping[str, str]) -> str:
    return wording.flat(names.get(value or "", value or UNKNOWN_PLACE), 120)


def span(halves: int | None, n: int | None, small: int) -> str:
    """Write a time of work: below a day in hours, else in days of eight; of few visits nothing."""
    if halves is None or (n or 0) < small:
        return NOTHING
    if halves < _HALVES:
        return f"{number(halves / 2, 0 if halves % 2 == 0 else 1)} giờ"
    return f"{number(halves / _HALVES, 1)} ngày"


def time_values(counted: pl.DataFrame, by: str, names: Mapping[str, str]) -> pl.DataFrame:
    """Give the same to take away: working hours as numbers."""
    column, head = BYS[by]
    found = told_times(counted, ["step", column] if column else ["step"])
    beside = {head: pl.col(column).replace(dict(names))} if column else {}
    hours = {
        f"{title}: {word} (giờ)": (pl.col(f"{kind}_{what}") / 2)
        for kind, title in zip(_KINDS, ("Chờ", "Giữ", "Cả bước"), strict=True)
        for what, word in (("median", "trung vị"), ("p90", "90 %"))
    }
    return found.select(pl.col("step").alias("Bước"), **beside, **{"Lượt": "whole_n"}, **hours)


def unsplit_text(counted: pl.DataFrame) -> str:
    """Say of how many visits it is not known when they began; "" of none."""
    n = {kind: int(counted.filter(kind=kind)["n"].sum()) for kind in ("waiting", "whole")}
    left = n["whole"] - n["waiting"]
    if not left:
        return ""
    return (
        f"{percent(left, n['whole'])} số lượt ({number(left)}) chỉ có lúc kết thúc: thời gian tính từ lúc bước trước "
        "kết thúc, không tách được chờ và giữ."
    )
