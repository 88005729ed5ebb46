"""Dự báo: what is expected late, which dossiers are likely to be, and how good such forecasts were, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import polars as pl

from config.insight_risk import Risk
from dashboard import wording
from dashboard.answers import procedures
from dashboard.shapes import DOSSIER, Lined, Link
from dashboard.wording import NOTHING, day, number, plain
from metrics.dispersion import Apart
from metrics.evenings import NEARNESS
from metrics.expected import reach, whole
from metrics.standing import Standing
from metrics.steps_known import AFTER

NOTHING_MADE: Final = ("Chưa có dự báo", "Dự báo được tính trong đêm. Lần đầu tính ngay sau khi có hồ sơ.")
HIDDEN: Final = (
    "Dự báo đang ẩn",
    "Chưa đủ lần thử, hoặc chưa tốt hơn cách ước bằng tỷ lệ trễ chung. Xem lý do ở phần thử lại bên dưới.",
)
#: What a reader can do who sees one unit alone as well: nothing is to be taken away there.
NEXT_NIGHT: Final = "Dự báo được tính lại mỗi đêm."
NONE_DUE: Final = ("Không có hồ sơ nào sắp đến hẹn", NEXT_NIGHT)
NONE_LIKELY: Final = ("Không có hồ sơ nào có khả năng trễ cao", NEXT_NIGHT)
SCORED: Final = (
    "Sai số dự báo: trung bình bình phương khoảng cách giữa khả năng đã báo và điều đã xảy ra; 0 là không bao giờ sai. "
    "Tên trong thống kê: Sai số Brier."
)
NONE_TRIED: Final = (
    "Không nêu kết quả thử lại",
    "Kết quả tính chung cho cả nguồn; nguồn có quá ít đơn vị khác để không lộ số liệu riêng của đơn vị nào.",
)
NOT_IN: Final = (
    "Không dự báo hồ sơ đang tạm dừng, hồ sơ hẹn trả ngay trong ngày và hồ sơ không có ngày hẹn. Chưa tính hồ sơ sẽ "
    "nhận thêm."
)
FROM: Final = "Tính từ tối {}."
TOO_FAR: Final = "{} hồ sơ còn hơn {} ngày làm việc mới đến hẹn: chưa có dự báo."
NO_COLOUR: Final = "Dự báo không phải kết quả: không tính vào chỉ số nào, không dùng để đánh giá đơn vị hay cá nhân."
#: Chances nearer than this are told as one.
APART: Final = 0.02
#: What a chance is called, from the smallest; where one begins: insight.toml, [risk] words.
WORDS: Final = ("thấp", "có thể", "đáng lo", "cao")


@dataclass(frozen=True, slots=True)
class Expected:
    """Of ``n`` dossiers due within ``ahead`` working days ``expected`` will be late, between ``low`` and ``high``."""

    ahead: int
    n: int
    expected: float
    low: int
    high: int


def together(rows: pl.DataFrame, within: float) -> list[Expected]:
    """Add up what is expected of several departments or sources (metrics.risk_tables.EXPECTED_ROWS), by horizon."""
    found = []
    for (ahead,), part in rows.sort("ahead").group_by("ahead", maintain_order=True):
        n, mean = int(part["n"].sum()), float(part["expected"].sum())
        if part.height == 1:
            low, high = part.row(0, named=True)["low"], part.row(0, named=True)["high"]
        else:
            variance, root = float(part["variance"].sum()), float(part["root"].sum())
            apart = Apart(*(float(part.select(pl.col(c).max()).item()) for c in ("share_whole", "wider_whole")))
            half = max(0.5, apart.times(variance, root) * reach(within) * sqrt(variance))
            low, high = whole(mean, half, half, n)
        found.append(Expected(int(ahead), n, mean, low, high))
    return found


def first_words(found: Sequence[Expected], within: float) -> list[str]:
    """Say what is expected, the farthest horizon first and whole, the nearer ones shorter."""
    if not found:
        return []
    last = found[-1]
    texts = [
        f"Trong **{last.ahead} ngày làm việc tới** có {number(last.n)} hồ sơ đang giải quyết đến ngày hẹn; dự kiến "
        f"khoảng **{number(round(last.expected))}** hồ sơ trễ hẹn ({_share(within)} khả năng: từ {number(last.low)} "
        f"đến {number(last.high)})."
    ]
    nearer = [f"{one.ahead} ngày tới: {_spanned(one)} trên {number(one.n)}" for one in found[:-1]]
    return [*texts, f"{'; '.join(nearer)}." if nearer else ""]


def _spanned(one: Expected) -> str:
    return f"{number(round(one.expected))} ({number(one.low)}–{number(one.high)})"


def by_department(rows: pl.DataFrame, ahead: Sequence[int], within: float) -> pl.DataFrame:
    """Lay out what is expected of each department, by name: a forecast ranks nobody. Texts."""
    heads = ["Đơn vị", *(f"{days} ngày tới" for days in ahead), f"Đến hẹn trong {ahead[-1]} ngày"]
    lines = []
    for (name,), part in _named(rows):
        found = {one.ahead: one for one in together(part, within)}
        last = found.get(ahead[-1])
        cells = [_spanned(found[days]) if days in found else "0" for days in ahead]
        told = wording.flat(str(name), 80) if name else "Không rõ đơn vị"
        lines.append((told, *cells, number(last.n) if last else "0"))
    return pl.DataFrame(lines, schema=dict.fromkeys(heads, pl.String), orient="row")


def _named(rows: pl.DataFrame) -> list[tuple[tuple[Any, ...], pl.DataFrame]]:
    """Part what is expected by department, in the order of the alphabet; without a name last."""
    parts = rows.group_by("department", maintain_order=True)
    return sorted(parts, key=lambda part: (part[0][0] is None, wording.sort_key(str(part[0][0]))))


def expected_values(rows: pl.DataFrame, within: float) -> pl.DataFrame:
    """Give the same to take away, numbers as numbers."""
    lines = [
        (name, one.ahead, one.n, round(one.expected, 1), one.low, one.high)
        for (name,), part in _named(rows)
        for one in together(part, within)
    ]
    schema = {
        "Đơn vị": pl.String(), "Ngày làm việc tới": pl.Int64(), "Hồ sơ đến hẹn": pl.Int64(),
        "Dự kiến trễ": pl.Float64(), "Từ": pl.Int64(), "Đến": pl.Int64(),
    }  # fmt: skip
    return pl.DataFrame(lines, schema=schema, orient="row")


def too_far(rows: pl.DataFrame, settings: Risk) -> str:
    """Count the dossiers in term whose day lies beyond the forecast; "" where none does. ``rows``: open dossiers."""
    in_term = (pl.col("standing") == Standing.IN_TERM.value) & ~pl.col("suspended")
    n = rows.filter(in_term, pl.col("days_left") > settings.horizon).height
    return TOO_FAR.format(number(n), number(settings.horizon)) if n else ""


# ---------- dossiers ----------


def word(chance: float, settings: Risk) -> str:
    """Call a chance by its word."""
    return WORDS[sum(chance >= edge for edge in settings.words)]


def said(chance: float) -> str:
    """Write a chance: 82 %, never 0 % or 100 %."""
    rounded = round(100 * chance)
    return "dưới 1\u00a0%" if rounded < 1 else "trên 99\u00a0%" if rounded > 99 else f"{rounded}\u00a0%"


def counted(likely: int, every: int, edge: float) -> str:
    """Say how many dossiers are listed, and of how many."""
    return (
        f"**{number(likely)}** hồ sơ có khả năng trễ từ {_share(edge)} trở lên, trong {number(every)} hồ sơ trong hạn "
        "có dự báo. Hồ sơ dễ trễ nhất ở trên."
    )


def lines(rows: pl.DataFrame, settings: Risk) -> Lined:
    """Lay out dossiers with their chance and what it rests on (metrics.risk_tables.OPEN_ROWS, procedure_name): texts,
    and the way to each."""
    every = rows.to_dicts()
    told = [
        (
            wording.flat(row["code"], 60), f"{word(row['chance'], settings)} · {said(row['chance'])}",
            sentence(row, beside=True), f"{number(row['days_left'])} ngày", day(row["due_on"]),
            procedures.short(row["procedure_name"] or row["procedure"] or NOTHING, 72),
            procedures.short(row["department"] or NOTHING, 60),
        )
        for row in every
    ]  # fmt: skip
    heads = ("Mã hồ sơ", "Khả năng trễ", "Vì sao", "Còn lại", "Hẹn trả", "Thủ tục", "Đơn vị")
    names = [
        wording.flat(" · ".join(each for each in (row["code"], row["procedure_name"] or row["procedure"],
                                                  row["department"], row["step"]) if each), 300)
        for row in every
    ]  # fmt: skip
    links = [[Link("Mở hồ sơ", {"nguon": row["source"], "ma": row["code"]}, DOSSIER)] for row in every]
    return Lined(
        pl.DataFrame(told, schema=dict.fromkeys(heads, pl.String), orient="row"), links, values(rows, settings), names
    )


def values(rows: pl.DataFrame, settings: Risk) -> pl.DataFrame:
    """Give the same to take away, with the sentence of each."""
    sentences = pl.Series([sentence(row, beside=True) for row in rows.to_dicts()], dtype=pl.String)
    return rows.select(
        (pl.col("chance") * 100).round(1).alias("Khả năng trễ (%)"), pl.col("days_left").alias("Ngày làm việc còn lại"),
        pl.col("due_on").alias("Hẹn trả"), pl.col("code").alias("Mã hồ sơ"),
        pl.coalesce("procedure_name", "procedure").alias("Thủ tục"), pl.col("field").alias("Lĩnh vực"),
        pl.col("department").alias("Đơn vị"), pl.col("step").alias("Bước"), sentences.alias("Vì sao"),
    )  # fmt: skip


def sentence(row: Mapping[str, Any], *, marked: bool = False, beside: bool = False) -> str:
    """Explain the chance of one dossier: what became of the like of it, and what the department's pace adds.

    ``beside``: the chance itself stands beside it, and is not said again.
    """
    chance, near = said(row["chance"]), _near(row["days_left"])
    if row["alike"] is None:
        found = f"Có quá ít hồ sơ tương tự; ước theo hồ sơ cùng nguồn khi còn {near}"
        return f"{found}." if beside else f"{found}: {chance} không kịp ngày hẹn."
    write = plain if marked else wording.flat
    step = row["step"] if row["alike"] == "step" else None
    at = f" {_at(write(step, 60))}" if step else ""
    alike = f"{number(row['n_alike'])} hồ sơ {_like(row)},{at} khi còn {near}"
    more = row["chance"] - row["missed_alike"]
    if beside and abs(more) < APART:
        return f"Bằng tỷ lệ trễ của {alike}."
    told = f"Trong {alike}, {said(row['missed_alike'])} không kịp ngày hẹn"
    if abs(more) < APART:
        return f"{told}."
    pace = f"đơn vị gần đây {'chậm' if more > 0 else 'nhanh'} hơn" if beside else "tính cả nhịp gần đây của đơn vị"
    return f"{told}; {pace}." if beside else f"{told}; {pace}: {chance}."


def _at(step: str) -> str:
    """Say where a dossier is: at a step that has begun, or past one that is done."""
    return f"đã xong bước {step.removeprefix(AFTER)}" if step.startswith(AFTER) else f"đang ở bước {step}"


def _like(row: Mapping[str, Any]) -> str:
    known = row["alike"]
    if known in ("procedure", "step") and row["procedure"]:
        return "cùng thủ tục"
    if known != "source" and row["field"]:
        return "cùng lĩnh vực, thời hạn tương đương"
    return "cùng nguồn, thời hạn tương đương"


def _near(left: int) -> str:
    """Name the stretch of working days left in which dossiers are alike."""
    at = sum(edge <= left for edge in NEARNESS) - 1
    first, after = NEARNESS[at], NEARNESS[at + 1] if at + 1 < len(NEARNESS) else None
    if after is None:
        return f"từ {number(first)} ngày làm việc"
    last = after - 1
    return f"{number(first)} ngày làm việc" if first == last else f"{number(first)}–{number(last)} ngày làm việc"


def quiet(row: Mapping[str, Any], settings: Risk) -> str:
    """Say the one sentence that a dossier's own page has about its chance."""
    chance = f"{word(row['chance'], settings)}, {said(row['chance'])}"
    return f"Khả năng trễ hẹn: {chance}. {sentence(row, marked=True, beside=True)}"


# ---------- was it any good ----------


def tried(row: Mapping[str, Any], title: str) -> list[str]:
    """Say how the forecast of one source did on past evenings, and if it is hidden since when and why."""
    name = f"**{plain(title)}**"
    if not row["n"]:
        return [f"{name}: chưa có dự báo nào đến ngày biết kết quả. Đang ẩn từ {day(row['hidden_since'])}."]
    scores = (
        f"{name}: thử lại trên {number(row['evenings'])} tối từ {day(row['from_on'])} đến {day(row['to_on'])}, "
        f"{number(row['n'])} dự báo. Sai số dự báo **{number(row['brier'], 3)}**; nếu chỉ lấy tỷ lệ trễ chung đã biết "
        f"lúc đó: {number(row['brier_base'], 3)}; theo tỷ lệ của từng thủ tục: {number(row['brier_procedure'], 3)}. "
        "Số càng nhỏ càng tốt."
    )
    texts = [scores]
    if row["held"] is not None:
        texts.append(f"Khoảng dự kiến của đơn vị chứa đúng số đã xảy ra trong {_share(row['held'])} số lần "
                     f"({number(row['held_n'])} lần).")  # fmt: skip
    if row["hidden"]:
        why = "chưa tốt hơn tỷ lệ chung" if row["why"] == "worse" else "có quá ít dự báo đã biết kết quả"
        texts.append(f"Đang ẩn từ {day(row['hidden_since'])}: {why}.")
    return texts


def tenths(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out forecasts by tenths, predicted beside what came (metrics.risk_tables.CALIBRATION_ROWS): texts."""
    told = [
        (said(row["predicted"]), _share(row["observed"]), number(row["n"])) for row in rows.sort("predicted").to_dicts()
    ]
    return pl.DataFrame(told, schema=dict.fromkeys(("Dự báo", "Đã xảy ra", "Số dự báo"), pl.String), orient="row")


def _share(value: float) -> str:
    return f"{number(round(100 * value))}\u00a0%"
