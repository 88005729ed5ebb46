"""Số hóa: papers and results in electronic form by level, each against the target in force; ready values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import polars as pl

from config.catalogue import CatalogueFile, Target
from dashboard import wording
from dashboard.answers import quality
from dashboard.filters import GROUP, LEVEL, NONE, Choice
from dashboard.shapes import Lined, Link
from dashboard.wording import NOTHING, number, percent, share

#: The shares told by level, what the lines say, and the list behind each.
ABOUT: Final = {
    "results_digital_share": ("Kết quả", "hồ sơ có kết quả", "results_known", "ket-qua-ro"),
    "components_digitised_share": ("Giấy tờ", "hồ sơ rõ số giấy tờ", "components_known", "ro-so-hoa"),
}
UNNAMED: Final = "Chưa ghi cấp"
REACHED, MISSED, FEW = "Đạt", "Chưa đạt", "Chưa đủ số liệu"
_HEADS: Final = ("Cấp", "Số hóa", "Đã có bản điện tử", "Trên tổng số", "Tỷ lệ", "Mục tiêu", "So với mục tiêu")
_VALUES: Final[dict[str, Any]] = {
    "Cấp": pl.String, "Số hóa": pl.String, "Đã có bản điện tử, tử số": pl.Int64, "Trên tổng số, mẫu số": pl.Int64,
    "Tỷ lệ (%)": pl.Float64, "Mục tiêu (%)": pl.Float64, "Mục tiêu từ ngày": pl.Date, "Căn cứ mục tiêu": pl.String,
    "So với mục tiêu": pl.String,
}  # fmt: skip


def by_level(choice: Choice, counts: pl.DataFrame, catalogue: CatalogueFile) -> Lined | None:
    """Lay digitisation out by level; None where nothing is known. ``counts``: by level, with rates (metrics.heard).

    The target is that in force on the last day of the period, or today where it runs; of nothing there is no verdict,
    of few dossiers neither.
    """
    told = [
        (row, name)
        for name in ABOUT
        for row in sorted(counts.to_dicts(), key=lambda row: _order(row["level"]))
        if row[ABOUT[name][2]]
    ]
    if not told:
        return None
    pairs = [(_pair(row, name), catalogue[name].target_of(row["level"] or "", choice.as_of)) for row, name in told]
    lines = [
        (_level(row), ABOUT[name][0], number(pair[0]), number(pair[1]), _shown(pair, goal, catalogue.small),
         _goal(goal), verdict(pair, goal, catalogue.small))
        for (row, name), (pair, goal) in zip(told, pairs, strict=True)
    ]  # fmt: skip
    values = [
        (_level(row), ABOUT[name][0], *pair, share(*pair) if pair[1] >= catalogue.small else None,
         100 * goal.value if goal else None, goal.from_ if goal else None, goal.basis if goal else None,
         verdict(pair, goal, catalogue.small))
        for (row, name), (pair, goal) in zip(told, pairs, strict=True)
    ]  # fmt: skip
    frame = pl.DataFrame(lines, schema=list(_HEADS), orient="row")
    names = [f"{_level(row)}: {ABOUT[name][0].lower()}" for row, name in told]
    links = [_links(choice, row, name) for row, name in told]
    return Lined(frame, links, pl.DataFrame(values, schema=_VALUES, orient="row"), names)


def verdict(pair: tuple[int, int], goal: Target | None, small: int) -> str:
    """Say whether a share reaches its target, by the exact share and not the printed one."""
    if goal is None or not pair[1]:
        return NOTHING
    if pair[1] < small:
        return FEW
    return REACHED if _exact(pair) >= Fraction(str(goal.value)) else MISSED


def notes(choice: Choice, catalogue: CatalogueFile) -> Sequence[str]:
    """Say where the targets in force stand, each once."""
    goals = [catalogue[name].target_of(level, choice.as_of) for name in ABOUT for level in wording.LEVELS]
    return [f"Căn cứ mục tiêu: {wording.plain(basis, 300)}." for basis in dict.fromkeys(g.basis for g in goals if g)]


def _exact(pair: tuple[int, int]) -> Fraction:
    return Fraction(pair[0], pair[1])


def _shown(pair: tuple[int, int], goal: Target | None, small: int) -> str:
    """Write a share; with two decimals where one would make a target reached that is not."""
    missed = verdict(pair, goal, small) == MISSED
    rounds_up = missed and goal is not None and (share(*pair) or 0.0) >= round(100 * goal.value, 1)
    return percent(*pair, places=2) if rounds_up else quality.cell(pair, small)


def _goal(goal: Target | None) -> str:
    if goal is None:
        return NOTHING
    value = Fraction(str(goal.value)) * 100
    return f"{number(float(value), 0 if value.denominator == 1 else 1)}\u00a0%"


def _pair(row: Mapping[str, Any], name: str) -> tuple[int, int]:
    told = row[name] or {}
    return int(told.get("numerator") or 0), int(told.get("denominator") or 0)


def _order(level: str | None) -> int:
    return list(wording.LEVELS).index(level) if level in wording.LEVELS else len(wording.LEVELS)


def _level(row: Mapping[str, Any]) -> str:
    return wording.LEVELS.get(row["level"] or "", UNNAMED)


def _links(choice: Choice, row: Mapping[str, Any], name: str) -> Sequence[Link]:
    _, words, count, group = ABOUT[name]
    counts = quality.with_left(row)
    told = [(count, words, group)]
    if name == "results_digital_share":
        told += [("results_digital", "có kết quả điện tử", "ket-qua-dien-tu"),
                 ("results_on_paper", "chưa có", "ket-qua-chua-dien-tu")]  # fmt: skip
    where = {LEVEL: row["level"] or NONE}
    return [
        Link(f"{number(counts[part])} {said}", choice.query(**where, **{GROUP: to}))
        for part, said, to in told
        if counts[part]
    ]
