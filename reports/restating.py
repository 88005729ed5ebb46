"""Which figures of an issued report are known otherwise today: each as printed then and as it would be printed now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports import formats
from reports.earlier import Restated

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that is watched: its key in a content object (``form``: a column of form II.06's total), what it is
    called, and the counts that move it (metrics.declared)."""

    key: str
    name: str
    counts: tuple[str, ...]
    form: int | None = None


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
_OF: Final = {figure.key: figure for figure in WATCHED}
#: What was learned of a dossier, by the column that it moved; all others came from the source.
_WHY: Final = {
    "code": "nguồn gửi muộn {n} hồ sơ",
    "correction": "sửa ngày hẹn của {n} hồ sơ",
    "letter": "ghi sau văn bản xin lỗi của {n} hồ sơ",
    "": "nguồn cập nhật sau {n} hồ sơ",
}
_NO_DOSSIER: Final = "thay đổi nguồn được tính hoặc quy tắc tính"


def changed(then: Content, now: Content) -> list[dict[str, Any]]:
    """Give the watched figures that differ: key, name, then and now, each with t (as printed), v, n and d."""
    found = []
    for figure in WATCHED:
        was, has = _told(then, figure), _told(now, figure)
        if _value(was) != _value(has):
            found.append({"key": figure.key, "name": figure.name, "then": was, "now": has})
    return found


def explained(change: Mapping[str, Any], dossiers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add to a change the dossiers that moved its counts (source, code, department, counts) and why, in words.

    ``dossiers``: of jobs.difference.difference.
    """
    counts = _OF[change["key"]].counts
    mine = [told for told in dossiers if any(name in told["counts"] for name in counts)]
    listed = [
        {name: told[name] for name in ("source", "code", "department")}
        | {"counts": {name: n for name, n in told["counts"].items() if name in counts}}
        for told in mine
    ]
    return {**change, "dossiers": listed, "why": _why(mine)}


def rows(report: str, period: str, told: Sequence[Mapping[str, Any]]) -> list[Restated]:
    """Give the rows of Phụ lục IV of one restatement of ``report`` (its number) on ``period``."""
    return [
        Restated(
            report=report, figure=each["name"], period=period, then=each["then"]["t"], now=each["now"]["t"],
            dossiers=len(each["dossiers"]), why=each["why"],
        )
        for each in told
    ]  # fmt: skip


def _told(content: Content, figure: Figure) -> dict[str, Any]:
    if figure.form is None:
        found = content["figures"].get(figure.key) or {"t": formats.MISSING}
    else:
        found = content["form"]["total"]["cells"][figure.form]
    return {name: found[name] for name in ("t", "v", "n", "d") if name in found}


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
