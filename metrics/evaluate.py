"""Ask the cube: counts of any period, for any scope and filters, by any dimensions and stretch of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Final, Literal

import polars as pl

from metrics.cube import DIMENSIONS
from metrics.definitions import AGES
from metrics.events import CLOSINGS, COHORTS, FLOWS, STOCKS, Event
from metrics.portable import POLARS, Frame, Words, collected, opened, settled, with_table
from metrics.scope import Filters, Period, Scope

_DAY: Final = pl.col("day")
#: First day of the stretch of time that a day lies in.
STRETCHES: Final[Mapping[str, pl.Expr]] = {
    "day": _DAY,
    "week": _DAY.dt.truncate("1w"),  # Monday
    "friday_week": (_DAY.dt.offset_by("3d").dt.truncate("1w")).dt.offset_by("-3d"),  # Friday to Thursday
    "month": _DAY.dt.truncate("1mo"),
    "quarter": _DAY.dt.truncate("1q"),
    "year": _DAY.dt.truncate("1y"),
    "state_month": (_DAY.dt.offset_by("-14d").dt.truncate("1mo")).dt.offset_by("14d"),  # 15th to 14th (TT 01/2020)
}
BY: Final = (*DIMENSIONS, *STRETCHES)
#: What came in and what went out: their difference is pending.
_INTO: Final = (Event.RECEIVED, Event.TRANSFERRED_IN)
_OUT: Final = (*CLOSINGS, Event.TRANSFERRED_OUT)
_STOOD: Final = [e.value for e in (*STOCKS, *_INTO, *_OUT)]
CHANNELS: Final = ("online", "counter", "post", "unknown")
#: On which map of units figures are told (metrics.maps).
Map = Literal["today", "then"]


def figures(
    cube: Frame,
    *,
    period: Period,
    as_of: date,
    scope: Scope,
    by: Sequence[str] = (),
    filters: Filters = Filters(),  # noqa: B008 - frozen
    on_map: Map = "today",
) -> pl.DataFrame:
    """Count one period: flows inside it, stocks at the end of its last day or of ``as_of``, whichever is earlier.

    ``by``: names of BY; a stretch of time is given by its first day (Date) and clipped to the period. Columns: ``by``,
    metrics.definitions.COUNTS and AGES, every flow and stock of metrics.events (cohorts up to the day before
    ``as_of``), received by channel and, for form II.06, the counts of dossiers with a due date (``form_*``).
    ``on_map``: units as they are today (a unit's past is its successor's), or as they then were; then carried_over +
    received + transferred_in = resolved + pending + transferred_out. Without ``by`` there is always one row; groups in
    which nothing happened and nothing stood are left out. Raises ValueError for an unknown name in ``by``.
    """
    known(by)
    words, rows = opened(cube)
    asked = rows.filter(*about(words, scope, filters, on_map))
    plain = [b for b in by if b not in STRETCHES]
    days = stretches(period, min(period.end, as_of), by)
    cells = _cells(words, asked, period, as_of, plain, days)
    wide = _totals(cells, plain, days.drop("on").unique())
    return _finished(wide, by).sort(by, nulls_last=True) if by else _finished(wide, by)


def mine(rows: pl.DataFrame, by: Sequence[str], scope: Scope, filters: Filters, on_map: Map) -> pl.DataFrame:
    """Keep what a question is about of a frame with the cube's dimensions. Raises ValueError for an unknown ``by``."""
    known(by)
    return rows.filter(*about(POLARS, scope, filters, on_map))


def about(words: Words, scope: Scope, filters: Filters, on_map: Map) -> list[pl.Expr]:
    """Give what a row of the cube or of durations must be to be asked about."""
    here = words.col("map").is_null() | (words.col("map") == on_map)
    return [here, scope.expr(words), filters.expr(words)]


def since(cube: pl.DataFrame | pl.LazyFrame, first: date) -> pl.DataFrame:
    """Add up what stood before ``first`` into the day before it: every period that begins on ``first`` or later is
    counted the same (metrics.evaluate.figures), from the rows of the days since. Of flows before it those stay that
    make the pending stock, and with them every group in which a dossier was ever received."""
    kept = cube.lazy().with_columns(pl.col("n").cast(pl.Int64))
    stood = kept.filter(first > _DAY, pl.col("event").is_in(_STOOD)).with_columns(day=pl.lit(first - timedelta(days=1)))
    summed = stood.group_by(pl.exclude("n")).agg(pl.col("n").sum()).filter(pl.col("n") != 0)
    return pl.concat([summed.select(kept.collect_schema().names()), kept.filter(first <= _DAY)]).collect()


def known(by: Sequence[str]) -> None:
    """Raise ValueError for a name that nothing can be told by, and for two stretches of time at once."""
    for name in by:
        if name not in BY:
            raise ValueError(f'cannot group by "{name}"; known: {", ".join(BY)}')
    if sum(b in STRETCHES for b in by) > 1:
        raise ValueError("group by one stretch of time at a time")


def _cells(
    words: Words, rows: pl.LazyFrame, period: Period, as_of: date, plain: list[str], days: pl.DataFrame
) -> pl.DataFrame:
    """Sum events per group and stretch (``days``); what stood when the period began is in no stretch (null)."""
    day, end = words.col("day"), min(period.end, as_of)
    last_cohort = min(end, as_of - timedelta(days=1))
    here = day.is_between(period.start, end) & (~_is(words, *COHORTS) | (day <= last_cohort))
    # By which channel it came is asked of what was received alone.
    by = words.when(_is(words, Event.RECEIVED)).then(words.col("channel"))
    kept = rows.filter(day <= end).with_columns(here=here, by=by)
    # First one plain sum over the many rows, then stretches and conditions over the few that are left.
    parts = [*plain, *(["day"] if days.width > 1 else []), "event", "has_due", "here", "by"]
    many = with_stretch(kept.group_by(parts).agg(words.col("n").cast(words.Int64).sum()), days)
    keys = [*plain, *days.columns[1:]]
    few, sums = settled(many.with_columns(words.col("by").cast(words.String).fill_null("unknown"))), _sums(words)
    cells = collected(few.group_by(keys).agg(*sums) if keys else few.select(*sums))
    return cells.with_columns(pl.col(plain).cast(pl.String), pl.exclude(keys).fill_null(0))


def _is(words: Words, *events: Event) -> pl.Expr:
    told: pl.Expr = words.col("event").is_in([e.value for e in events])
    return told


@cache
def _sums(words: Words) -> tuple[pl.Expr, ...]:
    """Give every count as a sum over conditions: the events, and what needs more than the event: what stood before,
    what came and left in all, by channel, with a due date."""
    n, here, due, event = (words.col(c) for c in ("n", "here", "has_due", "event"))

    def total(where: pl.Expr) -> pl.Expr:
        told: pl.Expr = words.when(where).then(n).otherwise(words.lit(0)).sum()
        return told

    came = _is(words, Event.RECEIVED)
    without = _is(words, Event.WITHDRAWN, Event.REFUSED, Event.STOPPED, Event.GONE)
    into, out = _is(words, Event.RECEIVED, Event.TRANSFERRED_IN), _is(words, *CLOSINGS, Event.TRANSFERRED_OUT)
    handed_in, handed_out = _is(words, Event.TRANSFERRED_IN), _is(words, Event.TRANSFERRED_OUT)
    halted, halted_late = _is(words, Event.SUSPENDED), _is(words, Event.SUSPENDED_LATE)
    by = words.col("by")
    named = {
        **{e.value: total((event == e.value) & here if e in FLOWS else event == e.value) for e in Event},
        "entered": total(into) - total(out),
        "entered_here": total(into & here) - total(out & here),
        "entered_due": total(into & due) - total(out & due),
        "entered_due_here": total(into & due & here) - total(out & due & here),
        "form_handed": total(handed_in & due & here) - total(handed_out & due & here),
        **{f"received_{c}": total(came & here & (by == c)) for c in CHANNELS},
        "form_online": total(came & here & due & (by == "online")),
        "form_other": total(came & here & due & (by != "online")),
        "form_without_result": total(without & here & due),
        "form_suspended": total(halted & due) - total(halted_late & due),
        "form_channel_unknown": total(came & here & due & (by == "unknown")),
    }
    return tuple(expr.alias(name) for name, expr in named.items())


_FLOWING: Final = (
    *(e.value for e in FLOWS), *(f"received_{c}" for c in CHANNELS), "form_handed", "form_online", "form_other",
    "form_without_result", "form_channel_unknown", "entered_here", "entered_due_here",
)  # fmt: skip
_STANDING: Final = (*(e.value for e in STOCKS), "entered", "entered_due", "form_suspended")


def stretches(period: Period, end: date, by: Sequence[str]) -> pl.DataFrame:
    """Give ``on``, every day of the period up to ``end``, and for each stretch of time in ``by`` its first day, clipped
    to the period."""
    told = pl.date_range(period.start, end, eager=True) if end >= period.start else pl.Series(dtype=pl.Date)
    first = {b: pl.max_horizontal(STRETCHES[b], pl.lit(period.start)) for b in by if b in STRETCHES}
    return pl.DataFrame({"day": told}).select(on="day", **first)


def with_stretch(rows: pl.LazyFrame, days: pl.DataFrame) -> pl.LazyFrame:
    """Put what ``days`` (stretches) says of their day in place of the day; null on a day outside of it."""
    return with_table(rows.rename({"day": "on"}), days, "on") if days.width > 1 else rows


def _totals(cells: pl.DataFrame, plain: list[str], stretches: pl.DataFrame) -> pl.DataFrame:
    """Turn sums per stretch into flows of it and stocks at its end, group by group: in a stretch without an event, what
    stood before stands on."""
    if not stretches.width:
        return cells
    name = stretches.columns[0]
    groups = cells.select(plain).unique() if plain else pl.DataFrame({"_": [0]})
    grid = pl.concat(
        [groups.join(stretches, how="cross"), groups.with_columns(pl.lit(None, pl.Date).alias(name))],
        how="diagonal_relaxed",
    )
    grid = grid.drop("_", strict=False)
    full = grid.join(cells, on=[*plain, name], how="left", nulls_equal=True).sort(*plain, name, nulls_last=False)
    summed = [pl.col(c).fill_null(0) for c in _FLOWING]
    stood = [
        pl.col(c).fill_null(0).cum_sum().over(plain) if plain else pl.col(c).fill_null(0).cum_sum() for c in _STANDING
    ]
    return full.with_columns(*summed, *stood).filter(pl.col(name).is_not_null())


def _finished(wide: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Derive the counts that are sums of others, and leave out empty groups."""
    overdue = pl.sum_horizontal(AGES)
    n = pl.col
    out = wide.with_columns(
        resolved=pl.sum_horizontal(e.value for e in CLOSINGS),
        pending=n("entered"),
        carried_over=n("entered") - n("entered_here"),
        received_other=n("received") - n("received_online"),
        pending_overdue=overdue,
        pending_undetermined=n("entered") - n("entered_due"),
        pending_in_term=n("entered_due") - overdue,
        form_carried=n("entered_due") - n("entered_due_here"),
        form_pending=n("entered_due"),
    ).drop("entered", "entered_here", "entered_due", "entered_due_here", "suspended_overdue")
    counted = [c for c in out.columns if c not in by]
    return out.filter(pl.any_horizontal(pl.col(c) != 0 for c in counted)) if by else out
