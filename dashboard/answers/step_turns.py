"""Điểm nghẽn, second half: dossiers that went back or changed hands, the ways they went, and the officers of a unit."""

from __future__ import annotations

from typing import Final

import polars as pl

from dashboard import wording
from dashboard.answers.steps import A_DAY, counts, span
from dashboard.wording import NOTHING, number, percent, rated
from metrics.step_figures import KEPT, LATE, OPEN, OPEN_LATE

RARE: Final = "Các đường đi khác"
MOST_WAYS: Final = 8
LOOP_HEADS: Final = ("Hồ sơ", "Số hồ sơ", "Đúng hạn", "Trung vị", "Ngày làm việc mất thêm")
_Band = tuple[str, int, int | None]
_LOOPS: Final[tuple[_Band, ...]] = (
    ("Không quay lại bước cũ", 0, 0), ("Quay lại 1 lần", 1, 1), ("Quay lại 2 lần", 2, 2),
    ("Quay lại từ 3 lần", 3, None),
)  # fmt: skip
_HANDS: Final[tuple[_Band, ...]] = (
    ("Chuyển tay đến 2 lần", 0, 2), ("Chuyển tay 3–5 lần", 3, 5), ("Chuyển tay 6–8 lần", 6, 8),
    ("Chuyển tay từ 9 lần", 9, None),
)  # fmt: skip


def turns_text(rows: pl.DataFrame) -> str:
    """Say how many dossiers went back to a step they had left, how often hands changed, and what either cost."""
    every, back = int(rows["n"].sum()), rows.filter(pl.col("loops") > 0)
    n, loops, hands = int(back["n"].sum()), int(rows["loops_sum"].sum()), int(rows["hands_sum"].sum())
    lost, waited = (round(rows[name].sum() / A_DAY) for name in ("loop_minutes", "hand_minutes"))
    told = wording.within(n, every)
    between = f"; {told}" if told else ""
    taken = f", chờ người nhận {number(waited)} ngày" if waited else ""
    return (
        f"**{percent(n, every)}** hồ sơ ({number(n)} / {number(every)}{between}) phải quay lại bước đã qua, "
        f"{number(loops)} lần, hết {number(lost)} ngày làm việc. Hồ sơ đổi người hoặc đơn vị giữ {number(hands)} lần"
        f"{taken}."
    )


def turns(rows: pl.DataFrame, small: int) -> pl.DataFrame:
    """Lay out dossiers by how often they went back and changed hands: LOOP_HEADS, texts."""
    lines = [_turned(rows, "loops", "loop_minutes", band, small) for band in _LOOPS]
    lines += [_turned(rows, "hands", "hand_minutes", band, small) for band in _HANDS]
    return pl.DataFrame(
        [line for line in lines if line[1] != "0"], schema=dict.fromkeys(LOOP_HEADS, pl.String), orient="row"
    )


def _turned(rows: pl.DataFrame, column: str, cost: str, band: _Band, small: int) -> tuple[str, ...]:
    name, low, high = band
    mine = rows.filter(pl.col(column) >= low, pl.lit(True) if high is None else pl.col(column) <= high)
    days = number(round(mine[cost].sum() / A_DAY)) if low else NOTHING
    return name, *_outcome(mine, small), days


def _outcome(rows: pl.DataFrame, small: int) -> tuple[str, str, str]:
    """Say of dossiers how many they are, their share in time, and the median of the days to a result."""
    n, judged = int(rows["n"].sum()), rows.filter(pl.col("ending").is_in([KEPT, LATE]))
    kept, both = int(judged.filter(ending=KEPT)["n"].sum()), int(judged["n"].sum())
    share = rated(kept, both) if both >= small else NOTHING
    return counts(n, small), share, _median(rows, small)


def _median(rows: pl.DataFrame, small: int) -> str:
    line = rows.drop_nulls("days").group_by("days").agg(pl.col("n").sum()).sort("days")
    every = int(line["n"].sum())
    if every < small:
        return NOTHING
    found = line.filter(pl.col("n").cum_sum() * 2 >= every)["days"][0]
    return f"{number(found)} ngày"


WAY_HEADS: Final = ("Đường đi", "Số hồ sơ", "Đúng hạn", "Trung vị")


def ways(rows: pl.DataFrame, small: int) -> pl.DataFrame:
    """Lay out the ways that most dossiers went that are closed, the others and those of few together: WAY_HEADS."""
    rows = rows.filter(~pl.col("ending").is_in([OPEN, OPEN_LATE]))
    order = rows.drop_nulls("way").group_by("way").agg(pl.col("n").sum()).sort("n", "way", descending=[True, False])
    top = order.filter(pl.col("n") >= small)["way"].head(MOST_WAYS).to_list()
    lines = [(wording.flat(way, 300), *_outcome(rows.filter(way=way), small)) for way in top]
    rest = rows.filter(pl.col("way").is_null() | ~pl.col("way").is_in(top))
    if rest.height:
        lines.append((RARE, *_outcome(rest, small)))
    return pl.DataFrame(lines, schema=dict.fromkeys(WAY_HEADS, pl.String), orient="row")


HAND_HEADS: Final = ("Cán bộ (mã)", "Bước", "Lượt", "Trung vị", "Người khác: lượt", "Người khác: trung vị")


def hands(rows: pl.DataFrame, small: int) -> pl.DataFrame:
    """Lay out how long steps lie with each officer (metrics.step_hands.HANDS): HAND_HEADS, texts."""
    lines = [
        (
            wording.flat(row["handler"], 60), wording.flat(row["step"], 60), counts(row["n"], small),
            span(row["median"], row["n"], small), counts(row["others_n"], small),
            span(row["others_median"], row["others_n"], small),
        )
        for row in rows.to_dicts()
    ]  # fmt: skip
    return pl.DataFrame(lines, schema=dict.fromkeys(HAND_HEADS, pl.String), orient="row")
