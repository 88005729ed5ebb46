"""Điểm nghẽn: the next step after a bar of lost time: who is late there by now, and who was of late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.analysed import WEEKS
from dashboard.answers import procedures
from dashboard.answers.steps import A_DAY, UNKNOWN_PLACE, lost_table, step_named
from dashboard.filters import DEPARTMENT, FIELD, GROUP, STEP, Choice
from dashboard.shapes import Lined, Link
from dashboard.wording import number
from metrics.standing import Standing

#: What the lists are, and are not: the bar counts dossiers of a longer stretch that lost time at this step.
OF_LISTS: Final = (
    "Mỗi dòng mở các hồ sơ của đơn vị: đang quá hạn ở bước đó và trễ hẹn gần đây. Danh sách không trùng số hồ sơ trễ "
    "của dòng, vì số đó tính trên cả khoảng thời gian đã chọn."
)
_PLACE: Final = ("step", "after", "unit")


def lined(
    found: pl.DataFrame, lost: pl.DataFrame, open_: pl.DataFrame, late: pl.DataFrame, choice: Choice
) -> Lined:  # fmt: skip
    """Lay out what was lost (answers.steps.losses), each line with its lists. ``lost``: the rows that were added up;
    ``open_``: open dossiers; ``late``: due and due_met of WEEKS weeks by department and field."""
    rows = found.to_dicts()
    lines = [
        (step_named(row), procedures.short(row["unit"] or UNKNOWN_PLACE, 60), number(round(row["lost"] / A_DAY)),
         number(row["dossiers"]))
        for row in rows
    ]  # fmt: skip
    links = [_links(row, _owners(row, lost), open_, late, choice) for row in rows]
    names = [wording.flat(f"{step_named(row)} · {row['unit'] or UNKNOWN_PLACE}", 300) for row in rows]
    heads = ("Bước", "Nơi giữ", "Ngày làm việc mất", "Hồ sơ trễ")
    return Lined(pl.DataFrame(lines, schema=list(heads), orient="row"), links, lost_table(found), names)


def _owners(row: Mapping[str, Any], lost: pl.DataFrame) -> Mapping[str, str]:
    """Choose the department, and the field, that all dossiers of a place are of; what is several is not chosen."""
    mine = lost.filter(*(pl.col(name).eq_missing(pl.lit(row[name])) for name in _PLACE))
    found = {DEPARTMENT: mine["department"].unique(), FIELD: mine["field"].unique()}
    return {name: each[0] for name, each in found.items() if each.len() == 1 and each[0]}


def _links(
    row: Mapping[str, Any], owners: Mapping[str, str], open_: pl.DataFrame, late: pl.DataFrame, choice: Choice
) -> Sequence[Link]:  # fmt: skip
    columns = {DEPARTMENT: "department", FIELD: "field"}
    mine = [pl.col(columns[name]) == value for name, value in owners.items()]
    here, at = open_.filter(pl.col("standing") == Standing.OVERDUE.value, *mine), "đang quá hạn"
    step: dict[str, str] = {}
    if row["step"] and not row["after"]:
        here, at, step = here.filter(pl.col("step") == row["step"]), "đang quá hạn ở bước này", {STEP: row["step"]}
    missed = int(late.filter(*mine).select(pl.col("due").sum() - pl.col("due_met").sum()).item() or 0)
    told = (
        (here.height, at, {GROUP: "qua-han", **step}),
        (missed, f"trễ hẹn trong {WEEKS} tuần", {GROUP: f"tre-hen-{WEEKS}-tuan"}),
    )
    return [Link(f"{number(n)} {words}", choice.query(**owners, **more)) for n, words, more in told if n]
