"""Ask the cube: counts of any period, for any scope and filters, by any dimensions and stretch of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import polars as pl

from metrics.cube import DIMENSIONS
from metrics.definitions import AGES
from metrics.events import CLOSINGS, COHORTS, FLOWS, STOCKS, Event
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
CHANNELS: Final = ("online", "counter", "post", "unknown")
#: On which map of units figures are told (metrics.maps).
Map = Literal["today", "then"]


def figures(
    cube: pl.DataFrame,
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
    asked = mine(cube, by, scope, filters, on_map)
    plain = [b for b in by if b not in STRETCHES]
    stretches = [b for b in by if b in STRETCHES]
    end = min(period.end, as_of)
    cells = _cells(asked, period, end, as_of, plain, stretches)
    wide = _totals(cells, plain, stretches, _stretches(period, end, stretches))
    return _finished(wide, by).sort(by, nulls_last=True) if by else _finished(wide, by)


def mine(rows: pl.DataFrame, by: Sequence[str], scope: Scope, filters: Filters, on_map: Map) -> pl.DataFrame:
    """Keep what a question is about of a frame with the cube's dimensions. Raises ValueError for an unknown ``by``."""
    _known(by)
    here = pl.col("map").is_null() | (pl.col("map") == on_map)
    return rows.filter(here, scope.expr(), filters.expr())


def since(cube: pl.DataFrame, first: date) -> pl.DataFrame:
    """Add up what happened before ``first`` into the day before it: every period that begins on ``first`` or later is
    counted the same (metrics.evaluate.figures), from the rows of the days since."""
    kept = cube.lazy().with_columns(pl.col("n").cast(pl.Int64))
    early = kept.filter(first > _DAY).with_columns(day=pl.lit(first - timedelta(days=1)))
    before = early.group_by(pl.exclude("n")).agg(pl.col("n").sum()).select(cube.columns)
    return pl.concat([before, kept.filter(first <= _DAY)]).collect()


def _known(by: Sequence[str]) -> None:
    for name in by:
        if name not in BY:
            raise ValueError(f'cannot group by "{name}"; known: {", ".join(BY)}')
    if sum(b in STRETCHES for b in by) > 1:
        raise ValueError("group by one stretch of time at a time")


def _cells(
    cube: pl.DataFrame, period: Period, end: date, as_of: date, plain: list[str], stretches: list[str]
) -> pl.DataFrame:
    """Sum events per group and stretch. ``before`` holds what stood when the period began."""
    inside = _DAY.is_between(period.start, end)
    cohort = pl.col("event").is_in([e.value for e in COHORTS])
    last_cohort = min(end, as_of - timedelta(days=1))
    counts_here = inside & (~cohort | (last_cohort >= _DAY))
    stretch = [pl.when(period.start <= _DAY).then(_clipped(s, period)) for s in stretches]
    told = {"here": counts_here, "by": pl.col("channel")}
    kept = cube.lazy().filter(end >= _DAY).with_columns(*stretch, **told)
    # First one plain sum over the many rows, then the conditions over the few that are left.
    few = kept.group_by([*plain, *stretches, "event", "has_due", *told]).agg(pl.col("n").cast(pl.Int64).sum())
    few = few.with_columns(pl.col("by").cast(pl.String).fill_null("unknown"))
    sums = [_sum(e.value, pl.col("here") if e in FLOWS else pl.lit(True)) for e in Event]
    names = pl.col(plain).cast(pl.String)
    return few.group_by([*plain, *stretches]).agg(*sums, *_extras()).with_columns(names).collect()


def _is(*events: Event) -> pl.Expr:
    return pl.col("event").is_in([e.value for e in events])


def _sum(name: str, where: pl.Expr) -> pl.Expr:
    return pl.col("n").filter(where & (pl.col("event") == name)).sum().cast(pl.Int64).alias(name)


def _extras() -> list[pl.Expr]:
    """Sums that need more than the event: what stood before, what came and left in all, by channel, with a due date."""
    n, here, due = pl.col("n"), pl.col("here"), pl.col("has_due")
    came, without = _is(Event.RECEIVED), _is(Event.WITHDRAWN, Event.REFUSED, Event.STOPPED, Event.GONE)
    into, out = _is(Event.RECEIVED, Event.TRANSFERRED_IN), _is(*CLOSINGS, Event.TRANSFERRED_OUT)
    handed_in, handed_out = _is(Event.TRANSFERRED_IN), _is(Event.TRANSFERRED_OUT)
    online = pl.col("by") == "online"
    named = {
        "entered": n.filter(into).sum() - n.filter(out).sum(),
        "entered_here": n.filter(into & here).sum() - n.filter(out & here).sum(),
        "entered_due": n.filter(into & due).sum() - n.filter(out & due).sum(),
        "entered_due_here": n.filter(into & due & here).sum() - n.filter(out & due & here).sum(),
        "form_handed": n.filter(handed_in & due & here).sum() - n.filter(handed_out & due & here).sum(),
        **{f"received_{c}": n.filter(came & here & (pl.col("by") == c)).sum() for c in CHANNELS},
        "form_online": n.filter(came & here & due & online).sum(),
        "form_other": n.filter(came & here & due & ~online).sum(),
        "form_without_result": n.filter(without & here & due).sum(),
        "form_suspended": n.filter(_is(Event.SUSPENDED) & due).sum() - n.filter(_is(Event.SUSPENDED_LATE) & due).sum(),
        "form_channel_unknown": n.filter(came & here & due & (pl.col("by") == "unknown")).sum(),
    }
    return [expr.cast(pl.Int64).alias(name) for name, expr in named.items()]


_FLOWING: Final = (
    *(e.value for e in FLOWS), *(f"received_{c}" for c in CHANNELS), "form_handed", "form_online", "form_other",
    "form_without_result", "form_channel_unknown", "entered_here", "entered_due_here",
)  # fmt: skip
_STANDING: Final = (*(e.value for e in STOCKS), "entered", "entered_due", "form_suspended")


def _stretches(period: Period, end: date, stretches: list[str]) -> pl.DataFrame:
    """Give every stretch of the period up to ``end``: in one without an event, what stood before stands on."""
    told = pl.date_range(period.start, end, eager=True) if end >= period.start else pl.Series(dtype=pl.Date)
    days = pl.DataFrame({"day": told})
    return days.select(_clipped(s, period) for s in stretches).unique()


def _clipped(stretch: str, period: Period) -> pl.Expr:
    return pl.max_horizontal(STRETCHES[stretch], pl.lit(period.start)).alias(stretch)


def _totals(cells: pl.DataFrame, plain: list[str], stretches: list[str], days: pl.DataFrame) -> pl.DataFrame:
    """Turn sums per stretch into flows of it and stocks at its end, group by group. ``days``: the stretches."""
    if not stretches:
        return cells if plain or cells.height else _zero(cells)
    name = stretches[0]
    groups = cells.select(plain).unique() if plain else pl.DataFrame({"_": [0]})
    grid = pl.concat(
        [groups.join(days, how="cross"), groups.with_columns(pl.lit(None, pl.Date).alias(name))], how="diagonal_relaxed"
    )
    grid = grid.drop("_", strict=False)
    full = grid.join(cells, on=[*plain, name], how="left", nulls_equal=True).sort(*plain, name, nulls_last=False)
    summed = [pl.col(c).fill_null(0) for c in _FLOWING]
    stood = [
        pl.col(c).fill_null(0).cum_sum().over(plain) if plain else pl.col(c).fill_null(0).cum_sum() for c in _STANDING
    ]
    return full.with_columns(*summed, *stood).filter(pl.col(name).is_not_null())


def _zero(cells: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({c: [0] for c in cells.columns}, schema=cells.schema)


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
