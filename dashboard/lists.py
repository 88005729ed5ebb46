"""Every list that a number on a page can open: its name, which dossiers are in it, and in what order."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from dashboard import ball_lists, period_lists
from dashboard.listing import Kind as Kind
from dashboard.listing import Listing as Listing
from dashboard.listing import by_code
from metrics.calendar import WorkingCalendar
from metrics.standing import PENDING, Standing

_IS: Final = pl.col("standing")
_LEFT: Final = pl.col("days_left")

_LATE = ("days_late",)
_DUE = ("due_on", "code")
LISTS: Final = by_code(
    (
        Listing("qua-han", "Quá hạn", "open", pl.lit(Standing.OVERDUE.value) == _IS, _LATE, True, tab=True),
        Listing("hom-nay", "Hôm nay", "open", _LEFT == 0, _DUE, tab=True),
        Listing("con-1-ngay", "Còn 1 ngày", "open", _LEFT == 1, _DUE, tab=True),
        Listing("con-2-ngay", "Còn 2 ngày", "open", _LEFT == 2, _DUE),
        Listing("con-3-ngay", "Còn 3 ngày", "open", _LEFT == 3, _DUE),
        Listing("con-2-3-ngay", "Còn 2–3 ngày", "open", _LEFT.is_between(2, 3), _DUE, tab=True),
        Listing(
            "cho-tiep-nhan",
            "Chờ tiếp nhận",
            "open",
            pl.lit(Standing.AWAITING.value) == _IS,
            ("submitted_at",),
            tab=True,
        ),
        Listing(
            "cho-qua-8-gio",
            "Chờ quá 8 giờ",
            "open",
            pl.col("answer_overdue"),
            ("submitted_at",),
        ),
        Listing("dang-giu", "Đơn vị đang giữ", "held", pl.lit(True), _DUE),
        Listing("dang-giai-quyet", "Đang giải quyết", "open", _IS.is_in([s.value for s in PENDING]), _DUE),
        Listing("tam-dung", "Tạm dừng", "open", pl.col("suspended"), _DUE),
        Listing(
            "khong-xac-dinh", "Không xác định", "open", pl.lit(Standing.UNDETERMINED.value) == _IS, ("received_on",)
        ),
        Listing("trong-han", "Trong hạn", "open", pl.lit(Standing.IN_TERM.value) == _IS, _DUE),
        Listing("den-hen", "Đến ngày hẹn trong tuần", "due", pl.lit(True), ("cohort_on", "code")),
        Listing("tre-hen", "Trễ hẹn trong tuần", "due", ~pl.col("met"), _LATE, True),
        Listing("den-hen-4-tuan", "Đến ngày hẹn trong 4 tuần", "due", pl.lit(True), ("cohort_on", "code"), weeks=4),
        Listing("tre-hen-4-tuan", "Trễ hẹn trong 4 tuần", "due", ~pl.col("met"), _LATE, True, weeks=4),
        Listing("den-hen-13-tuan", "Đến ngày hẹn trong 13 tuần", "due", pl.lit(True), ("cohort_on", "code"), weeks=13),
        Listing("tre-hen-13-tuan", "Trễ hẹn trong 13 tuần", "due", ~pl.col("met"), _LATE, True, weeks=13),
        Listing(
            "da-nhan-13-tuan", "Tiếp nhận trong 13 tuần", "received", pl.lit(True), ("received_on",), True, weeks=13
        ),
        Listing(
            "co-ket-qua-13-tuan",
            "Có kết quả trong 13 tuần",
            "resolved",
            pl.col("taken_days").is_not_null(),
            ("taken_days",),
            True,
            weeks=13,
        ),  # fmt: skip
        Listing("da-nhan", "Tiếp nhận trong tuần", "received", pl.lit(True), ("received_on",), True),
        Listing("da-xong", "Giải quyết trong tuần", "resolved", pl.lit(True), ("closed_on",), True),
        Listing("moi-qua-han", "Thành quá hạn trong kỳ", "came_late", pl.lit(True), ("event_on", "code"), True),
        Listing("het-qua-han", "Hết quá hạn trong kỳ", "left_late", pl.lit(True), ("event_on", "code"), True),
        *ball_lists.LISTS.values(),
        *period_lists.LISTS.values(),
    )
)
TABS: Final = tuple(each.code for each in LISTS.values() if each.tab)
#: The figures of the catalogue that lists are behind; those of an event bear its name.
FIGURES: Final[dict[str, str]] = {
    "qua-han": "pending_overdue", "cho-tiep-nhan": "awaiting_acceptance", "cho-qua-8-gio": "acceptance_overdue",
    "dang-giai-quyet": "pending", "tam-dung": "pending_suspended", "khong-xac-dinh": "pending_undetermined",
    "trong-han": "pending_in_term", "da-nhan": "received", "da-nhan-13-tuan": "received", "da-xong": "resolved",
    "co-ket-qua": "took_n", "co-ket-qua-13-tuan": "took_n", "qua-han-chua-xin-loi": "overdue_without_letter",
    "moi-qua-han": "pending_overdue", "het-qua-han": "pending_overdue",
}  # fmt: skip


def figure_of(listing: Listing) -> str:
    """Name the figure of the catalogue that a list is behind; "" where it is a part of several."""
    if listing.event is not None:
        return listing.event.value
    return "due" if listing.kind == "due" else FIGURES.get(listing.code, "")


def age(days: tuple[int, int | None]) -> pl.Expr:
    """Keep overdue dossiers of an age band; a rest day right after the due day counts in the first."""
    low, high = days
    late = pl.col("days_late")
    return (late >= (0 if low == 1 else low)) & (late <= high if high is not None else pl.lit(True))


def lateness(rows: pl.DataFrame, calendar: WorkingCalendar, as_of: date) -> pl.DataFrame:
    """Fill ``days_late`` for closed dossiers too: working days from the promise to the closing, null when in time."""
    promise = pl.col("cohort_on") if "cohort_on" in rows.columns else pl.col("due_on")
    until = pl.min_horizontal("closed_on", pl.lit(as_of))
    days = calendar.working_days_between(promise, pl.coalesce(until, pl.lit(as_of)))
    return rows.with_columns(days_late=pl.coalesce("days_late", pl.when(days > 0).then(days)))
