"""Which figures of an issued report are known otherwise today: each as printed then and as it would be printed now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from reports import formats
from reports.earlier import Restated

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is watched: its key in a content object (``form``: a column of form II.06's total), what it is
    called, and the counts that move it (metrics.declared); ``unit``: of one department's row of the table (empty
    where dossiers name none), else of the whole report."""

    key: str
    name: str
    counts: tuple[str, ...]
    form: int | None = None
    unit: str | None = None


_RESOLVED: Final = ("resolved_early", "resolved_on_time", "resolved_overdue")
_PENDING: Final = ("pending_in_term", "pending_overdue")
WATCHED: Final = (
    Figure("due.rate", "Tỷ lệ đúng hạn theo ngày hẹn trả", ("due", "due_met")),
    Figure("stock", "Hồ sơ quá hạn đang tồn", ("pending_overdue",)),
    Figure("rec", "Hồ sơ tiếp nhận", ("received",)),
    Figure("res", "Hồ sơ đã giải quyết", ("resolved",)),
    Figure("res.ok", "Hồ sơ giải quyết trước hạn và đúng hạn", _RESOLVED[:2]),
    Figure("form.c3", "Biểu II.06, cột (3)", (*_RESOLVED, *_PENDING), 0),
    Figure("form.c7", "Biểu II.06, cột (7)", _RESOLVED, 4),
    Figure("form.c11", "Biểu II.06, cột (11)", _PENDING, 8),
)
_BY_UNIT: Final = WATCHED[:2]
#: Figures of departments that are printed of one report, those with most dossiers first; the page shows all.
MOST_ROWS: Final = 12
#: What was learned of a dossier, by the column that it moved; all others came from the source.
_WHY: Final = {
    "code": "nguồn gửi muộn {n} hồ sơ",
    "correction": "sửa ngày hẹn của {n} hồ sơ",
    "letter": "ghi sau văn bản xin lỗi của {n} hồ sơ",
    "": "nguồn cập nhật sau {n} hồ sơ",
}
_NOBODY: Final = "Chưa rõ đơn vị"
_NO_DOSSIER: Final = "thay đổi nguồn được tính hoặc quy tắc tính"


def changed(then: Content, now: Content) -> list[dict[str, Any]]:
    """Give the watched figures that differ: key, name, unit, counts, then and now, each t (as printed), v, n and d."""
    found = []
    for figure in (*WATCHED, *_of_units(then, now)):
        was, has = _told(then, figure), _told(now, figure)
        if _value(was) != _value(has):
            told = {"key": figure.key, "name": figure.name, "unit": figure.unit, "counts": list(figure.counts)}
            found.append({**told, "then": was, "now": has})
    return found


def _of_units(then: Content, now: Content) -> list[Figure]:
    """Give both headlines of every department that either report has a row of; one with a single row says it above."""
    units = sorted({row["name"] or "" for content in (then, now) for row in content["tables"]["departments"]})
    return [_of_unit(figure, unit) for unit in (units if len(units) > 1 else ()) for figure in _BY_UNIT]


def _of_unit(figure: Figure, unit: str) -> Figure:
    name = f"{unit or _NOBODY}: {formats.lowered(figure.name)}"
    return replace(figure, key=f"{figure.key}/{unit}", name=name, unit=unit)


def explained(change: Mapping[str, Any], dossiers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add to a change the dossiers that moved its counts (source, code, department, counts) and why, in words.

    ``dossiers``: of jobs.difference.difference, apart by department: one that went from a department to another stands
    under both, and moves no figure of the whole.
    """
    counts, unit = change["counts"], change["unit"]
    there = _whole(dossiers) if unit is None else [told for told in dossiers if (told["department"] or "") == unit]
    mine = [told for told in there if any(name in told["counts"] for name in counts)]
    listed = [
        {name: told[name] for name in ("source", "code", "department")}
        | {"counts": {name: n for name, n in told["counts"].items() if name in counts}}
        for told in mine
    ]
    return {**change, "dossiers": listed, "why": _why(mine)}


def _whole(dossiers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add up what a dossier moved in every department, and leave out what comes to nothing."""
    every: dict[tuple[str, str], dict[str, Any]] = {}
    for told in dossiers:
        one = every.setdefault((told["source"], told["code"]), {**told, "counts": Counter[str]()})
        one["counts"].update(told["counts"])
    return [{**one, "counts": {name: n for name, n in one["counts"].items() if n}} for one in every.values()]


def rows(report: str, period: str, told: Sequence[Mapping[str, Any]]) -> list[Restated]:
    """Give the rows of Phụ lục IV of one restatement of ``report`` (its number) on ``period``: figures of the whole,
    then those of departments with most dossiers, then how many others there are."""
    whole = [each for each in told if each.get("unit") is None]
    units = sorted((each for each in told if each.get("unit") is not None), key=lambda e: -len(e["dossiers"]))
    return _rows(report, period, [*whole, *units[:MOST_ROWS]]) + _rest(report, period, units[MOST_ROWS:])


def _rest(report: str, period: str, told: Sequence[Mapping[str, Any]]) -> list[Restated]:
    if not told:
        return []
    dossiers = {(each["source"], each["code"]) for one in told for each in one["dossiers"]}
    named = f"{formats.number(len(told))} số liệu khác của từng đơn vị"
    return [
        Restated(
            report=report, figure=named, period=period, then="…", now="…", dossiers=len(dossiers),
            why="xem trang Báo cáo tuần",
        )
    ]  # fmt: skip


def _rows(report: str, period: str, told: Sequence[Mapping[str, Any]]) -> list[Restated]:
    return [
        Restated(
            report=report, figure=each["name"], period=period, then=each["then"]["t"], now=each["now"]["t"],
            dossiers=len(each["dossiers"]), why=each["why"],
        )
        for each in told
    ]  # fmt: skip


def _told(content: Content, figure: Figure) -> dict[str, Any]:
    if figure.unit is not None:
        return _of_row(content, figure)
    if figure.form is None:
        found = content["figures"].get(figure.key) or {"t": formats.MISSING}
    else:
        found = content["form"]["total"]["cells"][figure.form]
    return {name: found[name] for name in ("t", "v", "n", "d") if name in found}


def _of_row(content: Content, figure: Figure) -> dict[str, Any]:
    nothing = {"n": 0, "d": 0, "overdue": 0}  # a department of which there was nothing to tell has no row
    row = next((row for row in content["tables"]["departments"] if (row["name"] or "") == figure.unit), nothing)
    if row["overdue"] is None:
        return {"t": formats.MISSING}
    if "due" in figure.counts:
        return {"t": formats.percent(row["n"], row["d"]), "n": row["n"], "d": row["d"]}
    return {"t": formats.number(row["overdue"]), "v": row["overdue"]}


def _value(told: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what is compared: numerator and denominator where there are any, never digits after the comma."""
    return (told["n"], told["d"]) if "n" in told else (told.get("v"),)


def _why(dossiers: Sequence[Mapping[str, Any]]) -> str:
    kinds = Counter(_kind(told["changes"]) for told in dossiers)
    said = [words.format(n=formats.number(kinds[kind])) for kind, words in _WHY.items() if kinds[kind]]
    return "; ".join(said) or _NO_DOSSIER


def _kind(changes: Sequence[Mapping[str, Any]]) -> str:
    columns = {change["column"] for change in changes}
    return next((name for name in _WHY if name in columns), "")
