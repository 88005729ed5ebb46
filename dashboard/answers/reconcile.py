"""Đối soát: two sources side by side in words and tables; every number with its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from dashboard import wording
from dashboard.answers.fresh import name_of
from dashboard.compared import Pair
from dashboard.wording import NOTHING, day, number, percent
from metrics.reconcile import CLASS_OF, LISTS, Overdue, Why, counted, listed
from reports.overdue import NO_UNIT
from reports.reconciliation import CASES, CLASSES, COUNTS, LINKS, STAGES, worded

#: The lists to choose from, by their code in the address.
TABS: Final[Mapping[str, str]] = {
    "that": Overdue.REAL, "dong-bo": Overdue.SYNCHRONISATION, "chua-ket-thuc": Overdue.NOT_CLOSED,
    "chua-xac-dinh": Overdue.UNCONFIRMED, "chi-a": "only_a", "chi-b": "only_b",
    "chua-ghep-a": "ambiguous_a", "chua-ghep-b": "ambiguous_b", "trang-thai": "stage_differs",
    "ngay-hen": "due_differs", "ngay-xong": "finish_differs",
}  # fmt: skip
#: What a class means and who can mend it.
MEANING: Final[Mapping[Overdue, str]] = {
    Overdue.REAL: "trễ theo chính hệ thống giải quyết",
    Overdue.SYNCHRONISATION: "đúng hạn ở {a}; {b} nhận muộn hoặc nhận sai",
    Overdue.NOT_CLOSED: "một bên đã xong đúng hạn, bên kia còn để mở",
    Overdue.UNCONFIRMED: "chỉ {b} báo quá hạn, {a} không có căn cứ",
}


def pairs(sources: pl.DataFrame) -> dict[str, str]:
    """Give source → what it is called, those with the most dossiers first; none where there is nothing to compare."""
    held = [s for s in sources.sort("dossiers", "name", descending=[True, False]).to_dicts() if s["dossiers"]]
    return {s["name"]: name_of(s) for s in held} if len(held) > 1 else {}


def summary(rows: pl.DataFrame, pair: Pair) -> str:
    """Say what part of B's overdue is real."""
    (counts,) = counted(rows).to_dicts()
    there, real, other = counts["late_b"], counts["real_b"], counts["not_real_b"]
    b = wording.plain(pair.b_title)
    if not there:
        return f"{b} không ghi hồ sơ nào quá hạn."
    unsure = there - real - other
    rest = f", **{number(unsure)}** chưa xác định" if unsure else ""
    return (
        f"{b} ghi **{number(there)}** hồ sơ quá hạn: **{number(real)}** quá hạn thật ({percent(real, there)}), "
        f"**{number(other)}** do đồng bộ hoặc chưa kết thúc ({percent(other, there)}){rest}."
    )


def overdue(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out the overdue of either source by class and, under each, by case."""
    (counts,) = counted(rows).to_dicts()
    lines: list[tuple[str, str, str]] = []
    for told in Overdue:
        lines.append((CLASSES[told], number(counts[told]), _short(MEANING[told])))
        cases = [why for why in Why if CLASS_OF[why] is told and counts[why]]
        lines += [(f"– {_short(CASES[why])}", number(counts[why]), "") for why in cases]
    lines.append(("Cộng", number(counts["overdue"]), "quá hạn theo A hoặc B"))
    return pl.DataFrame(lines, schema=["Nhóm, trường hợp", "Hồ sơ", "Nghĩa là"], orient="row")


def differences(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out who has what, and where the two differ."""
    (counts,) = counted(rows).to_dicts()
    names = list(LISTS)[: list(LISTS).index("overdue")]
    lines = [(_short(COUNTS[name]), number(counts[name])) for name in names]
    return pl.DataFrame(lines, schema=["Nội dung", "Hồ sơ"], orient="row")


def _short(text: str) -> str:
    """Call the sources A and B, as they were chosen above: their names would not fit into a cell."""
    return worded(text, "A", "B")


def by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Lay out the units, those with the most overdue first."""
    names = [
        "late_b", *(each.value for each in Overdue), "only_a", "only_b", "ambiguous_a", "ambiguous_b", "dossiers",
    ]  # fmt: skip
    heads = ["Quá hạn ở B", *CLASSES.values(), "Chỉ A", "Chỉ B", "Chưa ghép A", "Chưa ghép B", "Hồ sơ"]
    found = counted(rows, ["department"]).sort("overdue", "department", descending=[True, False], nulls_last=True)
    lines = [(row["department"] or NO_UNIT, *(number(row[name]) for name in names)) for row in found.to_dicts()]
    return pl.DataFrame(lines, schema=["Đơn vị", *heads], orient="row")


def names() -> dict[str, str]:
    """Give each list's name by its code in the address."""
    words = dict(CLASSES) | {name: _short(COUNTS[name]).split(":")[0] for name in TABS.values() if name not in CLASSES}
    return {code: words[name] for code, name in TABS.items()}


def labels(rows: pl.DataFrame) -> dict[str, str]:
    """Give each list's name with its count."""
    (counts,) = counted(rows).to_dicts()
    return {code: f"{name} · {number(counts[TABS[code]])}" for code, name in names().items()}


def chosen(rows: pl.DataFrame, code: str) -> pl.DataFrame:
    """Give the dossiers of one list."""
    return listed(rows, TABS[code])


def means(code: str, pair: Pair) -> tuple[str, str]:
    """Give the title of a list, and what its dossiers are: between which sources, by what rule."""
    name = TABS[code]
    title = CLASSES.get(Overdue(name), name) if name in {each.value for each in Overdue} else _short(COUNTS[name])
    return title, f"{title}. A: {pair.a_title} (nơi giải quyết). B: {pair.b_title}. Cách xếp nhóm: docs/reconcile.md."


def lines(rows: pl.DataFrame, causes: Mapping[str, str]) -> pl.DataFrame:
    """Lay out the dossiers of a list."""
    told = [_line(row, causes) for row in rows.to_dicts()]
    names = ["Mã hồ sơ", "Đơn vị", "Trường hợp", "Hẹn A / B", "Xong A / B", "Trạng thái A / B", "Nguyên nhân", "Mã ở B"]
    names.append("Ghép theo")
    return pl.DataFrame(told, schema=names, orient="row")


def _line(row: dict[str, Any], causes: Mapping[str, str]) -> Sequence[str]:
    both = [f"{day(row[f'a_{name}'])} / {day(row[f'b_{name}'])}" for name in ("due_on", "closed_on")]
    stages = [STAGES.get(row[f"{side}_stage"], NOTHING) for side in ("a", "b")]
    case = _short(CASES[row["why"]]) if row["why"] else NOTHING
    cause = causes.get(row["cause"], row["cause"]) if row["cause"] else NOTHING
    other = row["b_code"] if row["b_code"] not in (None, row["code"]) else NOTHING
    return row["code"], row["department"] or NO_UNIT, case, *both, " / ".join(stages), cause, other, _link(row)


def values(rows: pl.DataFrame, causes: Mapping[str, str]) -> pl.DataFrame:
    """Lay the same out to take away: each day in a column of its own, as a day."""
    told = lines(rows, causes)
    both = [(name, side) for name in ("due_on", "closed_on") for side in ("a", "b")]
    heads = {"due_on": "Hẹn ở", "closed_on": "Xong ở"}
    days = [rows[f"{side}_{name}"].cast(pl.Date).alias(f"{heads[name]} {side.upper()}") for name, side in both]
    return told.drop("Hẹn A / B", "Xong A / B").with_columns(days)


def _link(row: dict[str, Any]) -> str:
    """Say by which code two rows were taken for one dossier, or why none was."""
    return f"{LINKS[row['link']]}: {row['link_code']}" if row["link"] else NOTHING


def cause_of(row: dict[str, Any], causes: Mapping[str, str]) -> str:
    """Say what was recorded of a dossier, by whom and when."""
    if not row["cause"]:
        return "Chưa ghi nguyên nhân."
    note = f": {wording.plain(row['note'])}" if row["note"] else ""
    who = f"{wording.plain(row['recorded_by'])} ghi lúc {wording.moment(row['recorded_at'])}"
    return f"**{wording.plain(causes.get(row['cause'], row['cause']))}**{note} ({who}). Bản ghi trước vẫn được giữ."


def under(rows: pl.DataFrame) -> str:
    """Say how many dossiers a list holds, and of how many the cause is known."""
    known = rows.height - rows["cause"].null_count()
    return f"{number(rows.height)} hồ sơ · {number(rows.height - known)} chưa ghi nguyên nhân"
