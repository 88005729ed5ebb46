"""The reconciliation of two sources, asked of the facts of the store, and its words on page and in workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from metrics.calendar import WorkingCalendar
from metrics.pairing import Link
from metrics.reconcile import Overdue, Stage, Why, reconciled
from metrics.scope import Scope
from metrics.standing import standing

CLASSES: Final[Mapping[str, str]] = {
    Overdue.REAL: "Quá hạn thật",
    Overdue.SYNCHRONISATION: "Do đồng bộ",
    Overdue.NOT_CLOSED: "Chưa kết thúc",
    Overdue.UNCONFIRMED: "Chưa xác định",
}
#: Cases in words; {a} and {b} are what the sources are called.
CASES: Final[Mapping[str, str]] = {
    Why.LATE_IN_BOTH: "quá hạn ở cả hai nguồn",
    Why.LATE_IN_A_ONLY: "quá hạn ở {a}, {b} lại ghi đúng hạn",
    Why.ONLY_IN_A: "quá hạn ở {a}, {b} không có hồ sơ",
    Why.TOLD_LATE: "{a} xong đúng hạn, {b} ghi kết thúc muộn hơn",
    Why.ON_ITS_WAY: "{a} vừa xong đúng hạn, {b} chưa nhận được",
    Why.OTHER_PROMISE: "{b} tính theo ngày hẹn khác",
    Why.PAUSE_NOT_TOLD: "đang tạm dừng ở {a}, {b} vẫn tính hạn",
    Why.NOT_RECEIVED_IN_A: "{a} chưa tiếp nhận hoặc đã từ chối, {b} vẫn tính hạn",
    Why.OPEN_IN_B: "{a} đã xong đúng hạn, {b} vẫn để mở quá hạn",
    Why.OPEN_IN_A: "{b} đã xong đúng hạn, {a} vẫn để mở quá hạn",
    Why.ONLY_IN_B: "quá hạn ở {b}, {a} không có hồ sơ",
    Why.NO_PROMISE_IN_A: "quá hạn ở {b}, {a} không có ngày hẹn trả",
    Why.AMBIGUOUS_CODES: "quá hạn, nhưng mã ứng với nhiều hồ sơ nên chưa ghép được",
}
STAGES: Final[Mapping[str, str]] = {
    Stage.AWAITING: "chờ tiếp nhận",
    Stage.NOT_RECEIVED: "không tiếp nhận",
    Stage.OPEN: "đang giải quyết",
    Stage.SUSPENDED: "tạm dừng",
    Stage.WITH_RESULT: "có kết quả",
    Stage.WITHOUT_RESULT: "kết thúc không có kết quả",
}
#: Why two rows stand as one dossier, or none does; what follows is the code itself.
LINKS: Final[Mapping[str, str]] = {
    Link.CODE: "cùng mã hồ sơ",
    Link.NAMED: "mã khác của nguồn này là mã hồ sơ của nguồn kia",
    Link.SHARED: "hai nguồn ghi cùng một mã khác",
    Link.AMBIGUOUS: "mã ứng với nhiều hồ sơ, không ghép",
}
#: What a count of metrics.reconcile.LISTS is called.
COUNTS: Final[Mapping[str, str]] = {
    "dossiers": "Hồ sơ ở một trong hai nguồn",
    "both": "Có ở cả hai nguồn",
    "only_a": "Chỉ có ở {a}",
    "only_b": "Chỉ có ở {b}",
    "ambiguous_a": "Chưa ghép được ở {a}: mã ứng với nhiều hồ sơ",
    "ambiguous_b": "Chưa ghép được ở {b}: mã ứng với nhiều hồ sơ",
    "twice_a": "Có nhiều bản ở {a}",
    "twice_b": "Có nhiều bản ở {b}",
    "stage_differs": "Khác trạng thái",
    "received_differs": "Khác ngày tiếp nhận",
    "due_differs": "Khác ngày hẹn trả",
    "finish_differs": "Khác ngày kết thúc",
    "late_a": "Quá hạn theo {a}",
    "late_b": "Quá hạn theo {b}",
    "overdue": "Quá hạn theo một trong hai nguồn",
    **CLASSES,
    "real_b": "Quá hạn theo {b}: quá hạn thật",
    "not_real_b": "Quá hạn theo {b}: do đồng bộ, chưa kết thúc",
    **CASES,
}


def between(
    facts: pl.LazyFrame,
    source_a: str,
    source_b: str,
    *,
    as_of: date,
    calendar: WorkingCalendar,
    scope: Scope,
    tolerance_minutes: int | None = None,
) -> pl.DataFrame:
    """Reconcile two sources on a day, within scope: metrics.reconcile.reconciled.

    Rows are paired over the whole province before the scope is cut: a dossier that another unit has in one of the
    sources is not "absent" for this one.
    """
    ours, theirs = (
        standing(facts.filter(pl.col("source").cast(pl.String) == name), as_of, calendar).collect()
        for name in (source_a, source_b)
    )
    rows = reconciled(ours, theirs, as_of=as_of, calendar=calendar, tolerance_minutes=tolerance_minutes)
    return rows.filter(scope.expr())


def with_causes(rows: pl.DataFrame, recorded: pl.DataFrame) -> pl.DataFrame:
    """Add cause, note, recorded_by, recorded_at (store.reconciliations.recorded) to the dossiers they stand beside."""
    told = recorded.select("code", "cause", "note", "recorded_by", "recorded_at")
    return rows.join(told, on="code", how="left", maintain_order="left")


def worded(text: str, a: str, b: str) -> str:
    """Put what the sources are called into a text of this module."""
    return text.replace("{a}", a).replace("{b}", b)
